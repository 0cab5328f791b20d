using Adjoint.Plots;
using Adjoint.Training;

namespace Adjoint.Cli.Reports;

/// <summary>
/// A confusion matrix as SVG. The diagonal is one colour, deeper for a class that is recognised more surely; errors are another,
/// deeper the more there are, by the square root so that the rare ones can be seen.
/// </summary>
internal static class ConfusionHeatMap
{
    private const double Cell = 44, Left = 56, Top = 40, Side = 74, Below = 40;

    public static void Write(HtmlWriter html, ConfusionMatrix matrix, string what)
    {
        int n = matrix.Classes;
        double size = n * Cell, width = Left + size + Side, height = Top + size + Below;
        html.Write($"""<figure class="card confusion"><figcaption><h2>Confusion matrix</h2><p class="note">Rows: the {what}. Columns: what it was taken for.</p></figcaption>""");
        html.Write($"""<svg viewBox="0 0 {width} {height}" role="img" aria-label="Confusion matrix">""");
        html.Write($"""<text class="label" x="{Left + size / 2}" y="12" text-anchor="middle">predicted</text><text class="label" x="{Left + size + Side / 2}" y="12" text-anchor="middle">recall</text>""");
        html.Write($"""<text class="label" transform="translate(14 {Top + size / 2}) rotate(-90)" text-anchor="middle">{what}</text><text class="label" x="{Left - 10}" y="{height - 12}" text-anchor="end">precision</text>""");
        for (int i = 0; i < n; i++)
        {
            double middle = (i + 0.5) * Cell;
            html.Write($"""<text class="class" x="{Left + middle}" y="{Top - 8}" text-anchor="middle">{i}</text><text class="class" x="{Left - 12}" y="{Top + middle + 5}" text-anchor="end">{i}</text>""");
            html.Write($"""<text class="tick" x="{Left + size + Side / 2}" y="{Top + middle + 4}" text-anchor="middle">{matrix.Recall(i):0.0%}</text><text class="tick" x="{Left + middle}" y="{height - 12}" text-anchor="middle">{matrix.Precision(i):0.0%}</text>""");
        }
        for (int actual = 0; actual < n; actual++)
            for (int predicted = 0; predicted < n; predicted++)
                WriteCell(html, matrix, actual, predicted);
        html.Write($"</svg></figure>");
    }

    private static void WriteCell(HtmlWriter html, ConfusionMatrix matrix, int actual, int predicted)
    {
        int count = matrix[actual, predicted];
        double depth = Depth(matrix, actual, predicted);
        double x = Left + predicted * Cell, y = Top + actual * Cell;
        string kind = count == 0 ? "none" : actual == predicted ? "right" : "wrong";
        html.Write($"""<g class="cell {kind} {(depth > 0.55 ? "deep" : "pale")}"><title>{count:N0} × {actual} taken for {predicted}</title><rect x="{x + 1}" y="{y + 1}" width="{Cell - 2}" height="{Cell - 2}" rx="4" fill-opacity="{depth}"/>""");
        if (count > 0) html.Write($"""<text x="{x + Cell / 2}" y="{y + Cell / 2 + 5}" text-anchor="middle">{count}</text>""");
        html.Write($"</g>");
    }

    private static double Depth(ConfusionMatrix matrix, int actual, int predicted)
    {
        int count = matrix[actual, predicted];
        if (count == 0) return 1;      // an empty cell has a colour of its own
        if (actual != predicted) return 0.12 + 0.83 * Math.Sqrt((double)count / matrix.MostConfused);
        double recall = matrix.Recall(actual);
        return 0.25 + 0.75 * Math.Pow(recall, 8);       // 98 % and 99 % should not look the same
    }
}
