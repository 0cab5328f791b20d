using Adjoint.Symbolic;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary>The tables of <c>adjoint diff --trace</c>: what each mode computes, line by line.</summary>
internal static class DiffTraces
{
    public static void Write(IAnsiConsole console, Trace trace, IReadOnlyList<string> by)
    {
        var primal = new Sheet(["line", "primal", "value", .. by.SelectMany(v => (string[])[$"tangent along {v}", "value"])]) { Title = "forward" };
        var tangents = by.Select(trace.Tangents).ToList();
        for (int i = 0; i < trace.Lines.Count; i++)
        {
            var line = trace.Lines[i];
            var along = tangents.SelectMany(t => (string[])[$"{t[i].Name} = {t[i].Formula.ToText()}", Rounded(t[i].Value)]);
            primal.Add([line.Name, line.Formula.ToText(), Rounded(line.Value), .. along]);
        }
        primal.Write(console);
        var adjoint = new Sheet("adjoint", "value") { Title = "reverse" };
        foreach (var s in trace.Adjoints())
            adjoint.Add($"{s.Name} = {(s.Adds ? s.Name + " + " : "")}{s.Formula.ToText()}", Rounded(s.Value));
        adjoint.Write(console);
        foreach (var (name, value) in trace.Gradient()) console.MarkupLineInterpolated($"∂f/∂{name} = [bold]{Point.Number(value)}[/]");
    }

    private static string Rounded(double value) => TraceTable.Round(value);
}
