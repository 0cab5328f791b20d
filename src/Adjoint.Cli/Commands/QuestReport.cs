using System.Globalization;
using System.Text.Json;
using Adjoint.Cli.Quest;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary>What <c>adjoint quest</c> shows.</summary>
internal static class QuestReport
{
    /// <summary>Two columns of code need this much room; in a narrower terminal they stand one below the other.</summary>
    private const int SideBySide = 100;

    private static readonly string[] Names = QuestStep<float>.Names;

    public static void Write(IAnsiConsole console, QuestSettings settings, IReadOnlyList<QuestComparison> comparisons)
    {
        string examples = string.Join(", ", settings.Examples.Take(4).Select(e => $"({Text(e.X)}, {Text(e.Y)})"))
            + (settings.Examples.Count > 4 ? ", …" : "");
        string start = $"from w = {Text(settings.W)}, b = {Text(settings.B)} by {settings.Optimizer} with lr {Text(settings.Lr)}.";
        console.MarkupLineInterpolated($"One neuron [bold]ŷ = w·x + b[/] learns {examples} {start}");
        console.WriteLine();
        WriteCode(console, settings);
        console.WriteLine();
        WriteNineRows(console, settings);
        foreach (QuestComparison c in comparisons) WriteComparison(console, settings, c);
        console.WriteLine();
        console.MarkupLine(Verdict(settings, comparisons));
    }

    public static void WriteJson(TextWriter output, QuestSettings settings, IReadOnlyList<QuestComparison> comparisons) =>
        JsonReport.Write(output, json =>
        {
            json.WriteStartArray("data");
            foreach ((double x, double y) in settings.Examples)
                json.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"[{x:R}, {y:R}]"));
            json.WriteEndArray();
            json.WriteNumbers("start", [("w", settings.W), ("b", settings.B)]);
            json.WriteNumber("lr", settings.Lr);
            json.WriteString("optimizer", settings.Optimizer);
            json.WriteStartArray("nine_rows");
            foreach (NineRow row in NineRows.Of(settings))
            {
                json.WriteStartObject();
                json.WriteString("step", row.Step);
                json.WriteString("autograd", row.Automatic);
                json.WriteString("autograd_value", row.AutomaticValue);
                json.WriteString("by_hand", row.Manual);
                json.WriteString("by_hand_value", row.ManualValue);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("comparisons");
            foreach (QuestComparison c in comparisons) WriteComparison(json, settings, c);
            json.WriteEndArray();
            json.WriteBoolean("identical", comparisons.All(c => c.Identical));
        });

    /// <summary>
    /// Whether a difference is what another order of adding up a batch makes: a few units in the last place; or lies beyond the largest
    /// number, where 2·(ŷ − y)·½ overflows and ŷ − y does not yet.
    /// </summary>
    public static bool OnlyRounded(QuestSettings settings, QuestComparison c) =>
        c.Apart == 0 || c.Loss == QuestLoss.Batch && settings.Examples.Count > QuestComparison.AddedInOrder
        && c.Largest < (c.Precision == "float32" ? 1e-4 : 1e-12);

    private static void WriteCode(IAnsiConsole console, QuestSettings settings)
    {
        if (console.Profile.Width < SideBySide)
        {
            console.MarkupLineInterpolated($"[bold]by autograd[/]\n{RitualCode.Automatic(settings)}\n");
            console.MarkupLineInterpolated($"[bold]by hand[/]\n{RitualCode.Manual(settings)}");
            return;
        }
        Table table = new Table().RoundedBorder().AddColumns("[bold]by autograd[/]", "[bold]by hand[/]");
        table.AddRow(Markup.Escape(RitualCode.Automatic(settings)), Markup.Escape(RitualCode.Manual(settings)));
        console.Write(table);
    }

    private static void WriteNineRows(IAnsiConsole console, QuestSettings settings)
    {
        IReadOnlyList<NineRow> rows = NineRows.Of(settings);
        if (console.Profile.Width < SideBySide)
        {
            foreach (var (i, row) in rows.Index())
            {
                console.MarkupLineInterpolated($"{i + 1}. [bold]{row.Step}[/]\n   {row.Automatic}\n   → {row.AutomaticValue}");
                console.MarkupLineInterpolated($"   {row.Manual}\n   → {row.ManualValue} {(row.Same ? "=" : "≠")}");
            }
            return;
        }
        var table = new Sheet("", "one step", "by autograd", "gives", "by hand", "gives", "");
        foreach (var (i, row) in rows.Index())
            table.Add($"{i + 1}", row.Step, row.Automatic, row.AutomaticValue, row.Manual, row.ManualValue, row.Same ? "=" : "≠");
        table.Write(console);
    }

    private static void WriteComparison(IAnsiConsole console, QuestSettings settings, QuestComparison c)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{c.Precision}, {Title(c.Loss)}[/]");
        if (c.Shown.Count > 0)
        {
            var table = new Sheet("step", "", "autograd", "by hand", "");
            foreach (var (i, pair) in c.Shown.Index())
            {
                if (i > 0) table.Add("", "", "", "", "");
                for (int k = 0; k < Names.Length; k++)
                {
                    string same = pair.Automatic[k] == pair.Manual[k] ? "=" : "≠";
                    table.Add(k == 0 ? $"{pair.Step}" : "", Names[k], pair.Automatic[k], pair.Manual[k], same);
                }
            }
            table.Write(console);
        }
        console.MarkupLineInterpolated($"learnt: w = {c.W}, b = {c.B}");
        if (c.Diverged is { } step)
            console.MarkupLineInterpolated(
                $"From step {step} on numbers are infinite or none at all: the steps are too large. Try a --lr below {Text(settings.Lr)}.");
        console.MarkupLineInterpolated($"{c.Same} of {c.All} numbers in {c.Steps} steps are the same to the bit");
        if (c.Apart == 0 && !c.Identical) console.MarkupLineInterpolated($"The others are where numbers overflow.");
        else if (OnlyRounded(settings, c) && !c.Identical)
        {
            string most = c.Largest.ToString("0.0e+0", CultureInfo.InvariantCulture);
            console.MarkupLineInterpolated(
                $"The others differ by at most {most} of their size: the library adds a batch in several sums at once, a loop one after the other.");
        }
    }

    private static void WriteComparison(Utf8JsonWriter json, QuestSettings settings, QuestComparison c)
    {
        json.WriteStartObject();
        json.WriteString("dtype", c.Precision);
        json.WriteString("loss", c.Loss.ToString().ToLowerInvariant());
        json.WriteNumber("steps", c.Steps);
        json.WriteNumber("same", c.Same);
        json.WriteNumber("compared", c.All);
        json.WriteBoolean("identical", c.Identical);
        json.WriteBoolean("only_rounding", c.Identical || OnlyRounded(settings, c));
        if (c.Diverged is { } step) json.WriteNumber("diverged_in_step", step);
        else json.WriteNull("diverged_in_step");
        json.WriteString("w", c.W);
        json.WriteString("b", c.B);
        json.WriteStartArray("shown");
        foreach (QuestPair pair in c.Shown)
        {
            json.WriteStartObject();
            json.WriteNumber("step", pair.Step);
            for (int k = 0; k < Names.Length; k++)
            {
                json.WriteStartArray(Names[k]);
                json.WriteStringValue(pair.Automatic[k]);
                json.WriteStringValue(pair.Manual[k]);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Verdict(QuestSettings settings, IReadOnlyList<QuestComparison> comparisons) =>
        comparisons.All(c => c.Identical) ? "[bold]Autograd and the formulas by hand are identical to the bit.[/]"
        : comparisons.All(c => c.Apart == 0)
            ? "[bold]Autograd and the formulas by hand are identical to the bit, as long as their numbers are finite.[/]"
        : comparisons.All(c => c.Identical || OnlyRounded(settings, c))
            ? "[bold]Autograd and the formulas by hand agree; the sums over the batch are rounded in another order.[/]"
            : "[bold]Autograd and the formulas by hand differ.[/]";

    private static string Title(QuestLoss loss) => loss switch
    {
        QuestLoss.Half => "half the squared error of one example at a time",
        QuestLoss.Batch => "mean squared error over the batch",
        _ => "squared error of one example at a time",
    };

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
}
