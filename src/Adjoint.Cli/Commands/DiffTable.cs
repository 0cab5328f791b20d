using System.Globalization;
using Adjoint.Symbolic;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary>
/// The table of <c>adjoint diff</c>: a row for each method where that is not too wide, otherwise a row for each derivative.
/// </summary>
internal static class DiffTable
{
    private const int ReadableWidth = 120;

    public static void Write(IAnsiConsole console, IReadOnlyList<PartialDerivative> by, IReadOnlyList<MethodResult> results)
    {
        string[] names = [.. by.Select(d => d.ToText())], methods = [.. results.Select(r => r.Method.ToString().ToLowerInvariant())];
        string[][] rows =
        [
            ["method", .. names, "digits", "cost"],
            .. results.Select((r, i) => (string[])[methods[i], .. r.Values.Select(Point.Number), Digits(r), r.Cost]),
        ];
        Sheet byMethod = Filled(rows);
        Sheet byDerivative = Filled(
        [
            ["", .. methods],
            .. names.Select((name, i) => (string[])[name, .. results.Select(r => Point.Number(r.Values[i]))]),
            ["digits", .. results.Select(Digits)],
        ]);
        int width = Math.Min(ReadableWidth, console.Profile.Width);
        // In a narrow terminal the rows of methods come one after the other.
        if (byMethod.Width <= width || byDerivative.Width > console.Profile.Width)
        {
            byMethod.Write(console);
            return;
        }
        byDerivative.Write(console);
        for (int i = 0; i < methods.Length; i++) console.MarkupLineInterpolated($"[grey]{methods[i],-8}   {results[i].Cost}[/]");
    }

    private static Sheet Filled(string[][] rows)
    {
        var sheet = new Sheet(rows[0]);
        foreach (string[] row in rows.Skip(1)) sheet.Add(row);
        return sheet;
    }

    /// <summary>The symbolic row is what the others are compared with; what cannot be compared has no digits.</summary>
    private static string Digits(MethodResult r) => r.Method == Method.Symbolic || double.IsNaN(r.Digits) ? "—"
        : r.Digits >= 16 ? "all" : r.Digits.ToString("0.0", CultureInfo.InvariantCulture);
}
