using System.Globalization;
using Adjoint.Cli.Training;
using Adjoint.Training;
using Spectre.Console;

namespace Adjoint.Cli.Reports;

/// <summary>
/// Shows the confusion matrix and the worst mistakes in a terminal, drawn and in colour; as plain lines where there is none.
/// </summary>
internal static class TerminalReport
{
    private const int Gap = 2;

    /// <summary>What the matrix of ten classes takes.</summary>
    private const int MatrixWidth = 76;

    /// <summary>Writes to <paramref name="console"/>; in colour only if it is a terminal that has colours.</summary>
    /// <param name="console">Where to write.</param>
    /// <param name="confusion">How often each class was taken for which.</param>
    /// <param name="mistakes">What was not recognised, the worst first.</param>
    /// <param name="what">What a class is called.</param>
    /// <param name="shown">How many of them to show.</param>
    public static void Write(IAnsiConsole console, ConfusionMatrix confusion, IReadOnlyList<Mistake> mistakes, string what = "digit",
        int shown = 8)
    {
        List<Mistake> worst = [.. mistakes.Take(shown)];
        if (console.Profile.Width < MatrixWidth)
        {
            WriteNarrowMatrix(console, confusion, what);
            if (worst.Count > 0) console.WriteLine("\nworst mistakes");
            WriteList(console.Profile.Out.Writer, worst);
            return;
        }
        if (console.Profile.Capabilities.Ansi && console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors)
        {
            console.Write(ConfusionTable(confusion, what));
            if (worst.Count > 0) console.MarkupLine("\n[bold]Worst mistakes[/]");
            if (console.Profile.Capabilities.Unicode) WriteDrawings(console, worst);
            else WriteList(console.Profile.Out.Writer, worst);
        }
        else
        {
            TextWriter text = console.Profile.Out.Writer;
            WritePlainMatrix(text, confusion, what);
            if (worst.Count > 0) text.WriteLine("\nworst mistakes");
            WriteList(text, worst);
        }
    }

    private static Table ConfusionTable(ConfusionMatrix matrix, string what)
    {
        Table table = new Table().Border(TableBorder.None).Title($"[bold]Confusion matrix[/]  [grey]rows: the {what}, columns: taken for[/]");
        table.AddColumn(new TableColumn(""));
        for (int p = 0; p < matrix.Classes; p++)
            table.AddColumn(new TableColumn(new Text($"{p}", new Style(decoration: Decoration.Bold))).RightAligned().Width(4));
        table.AddColumn(new TableColumn(new Text("recall", new Style(Color.Grey))).RightAligned());
        for (int a = 0; a < matrix.Classes; a++)
        {
            var cells = new List<Text> { new($"{a}", new Style(decoration: Decoration.Bold)) };
            for (int p = 0; p < matrix.Classes; p++) cells.Add(Cell(matrix, a, p));
            cells.Add(new Text(Percent(matrix.Recall(a)), new Style(Color.Grey)));
            table.AddRow(cells);
        }
        return table;
    }

    private static Text Cell(ConfusionMatrix matrix, int actual, int predicted)
    {
        int count = matrix[actual, predicted];
        if (count == 0) return new Text("·", new Style(Color.Grey42));
        if (actual == predicted) return new Text($"{count}", new Style(Color.DodgerBlue1, decoration: Decoration.Bold));
        double depth = Math.Sqrt((double)count / matrix.MostConfused);
        return new Text($"{count}", new Style(new Color(255, (byte)(190 - 140 * depth), (byte)(150 - 110 * depth))));
    }

    /// <summary>
    /// Draws as many images beside each other as the terminal is wide. A character shows two pixels, one above the other.
    /// </summary>
    private static void WriteDrawings(IAnsiConsole console, List<Mistake> mistakes)
    {
        foreach (Mistake[] row in mistakes.Chunk(Math.Max(1, (console.Profile.Width + Gap) / (28 + Gap))))
        {
            var captions = new Paragraph();
            foreach (Mistake mistake in row)
            {
                string caption = $"{mistake.Actual} taken for {mistake.Predicted}, {Percent(mistake.Confidence)}";
                captions.Append(caption.PadRight(mistake.Width + Gap));
            }
            console.Write(captions);
            console.WriteLine();
            for (int line = 0; line < row.Max(mistake => (mistake.Height + 1) / 2); line++)
            {
                var drawing = new Paragraph();
                foreach (Mistake mistake in row)
                {
                    for (int x = 0; x < mistake.Width; x++)
                        drawing.Append("▀", new Style(Grey(mistake, x, 2 * line), Grey(mistake, x, 2 * line + 1)));
                    drawing.Append(new string(' ', Gap));
                }
                console.Write(drawing);
                console.WriteLine();
            }
            console.WriteLine();
        }
    }

    private static Color Grey(Mistake mistake, int x, int y)
    {
        byte ink = y < mistake.Height ? mistake.Pixels[y * mistake.Width + x] : (byte)0;
        byte level = (byte)(24 + ink * 220 / 255);       // not quite black, so that the image's edge shows
        return new Color(level, level, level);
    }

    private static void WritePlainMatrix(TextWriter text, ConfusionMatrix matrix, string what)
    {
        text.WriteLine($"confusion matrix (rows: the {what}, columns: taken for)");
        text.WriteLine("     " + string.Concat(Enumerable.Range(0, matrix.Classes).Select(p => $"{p,6}")) + "   recall");
        for (int a = 0; a < matrix.Classes; a++)
            text.WriteLine(
                $"{a,5}" + string.Concat(Enumerable.Range(0, matrix.Classes).Select(p => $"{matrix[a, p],6}"))
                    + $"{Percent(matrix.Recall(a)),9}");
    }

    /// <summary>A line for each class: what it was taken for instead, most often first.</summary>
    private static void WriteNarrowMatrix(IAnsiConsole console, ConfusionMatrix matrix, string what)
    {
        console.WriteLine($"recall of each {what}, and what else it was taken for");
        for (int a = 0; a < matrix.Classes; a++)
        {
            var others =
                Enumerable.Range(0, matrix.Classes).Where(p => p != a && matrix[a, p] > 0).OrderByDescending(p => matrix[a, p]).Take(3);
            console.WriteLine(
                $"{a} {Percent(matrix.Recall(a)),7}  {string.Join(", ", others.Select(p => $"{p}: {matrix[a, p]}"))}".TrimEnd());
        }
    }

    private static void WriteList(TextWriter text, List<Mistake> mistakes)
    {
        foreach (Mistake m in mistakes)
            text.WriteLine($"  test image {m.Index,5}: {m.Actual} taken for {m.Predicted}, {Percent(m.Confidence)}");
    }

    private static string Percent(double part) => part.ToString("0.0%", CultureInfo.InvariantCulture);
}
