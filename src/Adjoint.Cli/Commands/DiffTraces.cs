using System.Globalization;
using System.Text.RegularExpressions;
using Adjoint.Symbolic;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary>The tables of <c>adjoint diff --trace</c>: what each mode computes, line by line, as a lecture writes it.</summary>
internal static partial class DiffTraces
{
    /// <summary>The function and the point of the lecture COMP4901Y, whose slides have two slips.</summary>
    private static readonly Expr Lecture = Expr.Parse("ln(x1) + x1*x2 - sin(x2)");

    public static void Write(IAnsiConsole console, Expr f, Trace trace, IReadOnlyList<string> by)
    {
        TextWriter output = console.Profile.Out.Writer;
        Section("The primal trace, forward:", trace.ToTable());
        foreach (string variable in by) Section($"The tangent trace along {variable}, forward:", trace.ToTangentTable(variable));
        Section("The adjoint trace, backward:", trace.ToAdjointTable());
        if (f.Equals(Lecture) && trace.Inputs.Select(input => input.Value).SequenceEqual([2, 5]))
            console.WriteLine("The slides of this example have two slips: sin 5 is −0.959, not 0.959, and v̄₀ adds ∂v₂/∂v₀, not ∂v₁/∂v₀.");

        void Section(string title, string table)
        {
            output.WriteLine();
            output.WriteLine(title);
            output.Write(Fit(table, console.Profile.Width));
        }
    }

    /// <summary>The table, or where it is wider than the terminal, each of its equations on a line of its own below the name.</summary>
    internal static string Fit(string table, int width)
    {
        string[] lines = table.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (lines.Max(WidthOf) <= width) return table;
        return string.Concat(lines.Select(line => string.Join("\n  ", EqualsSigns().Split(line)) + "\n"));
    }

    /// <summary>Columns a text takes: a dot or bar above a letter takes none.</summary>
    private static int WidthOf(string text) => text.Count(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark);

    [GeneratedRegex(" +(?== )")]
    private static partial Regex EqualsSigns();
}
