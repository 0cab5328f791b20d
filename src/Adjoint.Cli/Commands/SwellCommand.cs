using System.CommandLine;
using System.Globalization;
using Adjoint.Symbolic;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint swell</c>: how the derivative of the logistic map grows as a formula, against the cost of automatic differentiation.</summary>
internal static class SwellCommand
{
    private static readonly Option<int> Max = NumberOption.Of("--n", "The last iterate measured.", 12);
    private static readonly Option<int> Formulas = NumberOption.Of("--formulas", "Up to which iterate the formulas are shown.", 4);

    public static Command Create()
    {
        var command = new Command("swell", "Measure expression swell on the logistic map, against the cost of automatic differentiation.") { Max, Formulas };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    private static void Run(ParseResult parse, IAnsiConsole console)
    {
        int max = parse.GetValue(Max);
        if (max is < 1 or > 14) throw new ArgumentException($"--n {max}: the iterates from 1 to 14 can be measured.");
        console.MarkupLine("The logistic map: l₁ = x, lₙ₊₁ = 4lₙ(1 − lₙ)");
        console.WriteLine();
        for (int n = 1; n <= Math.Min(parse.GetValue(Formulas), max); n++)
        {
            var l = Swell.Logistic<Expr>(new Variable("x"), n).Factor();
            var derivative = l.Differentiate("x");
            console.MarkupLineInterpolated($"n = {n}   lₙ = [bold]{l.ToText()}[/]");
            console.MarkupLineInterpolated($"        lₙ′ = {derivative.Tidy().ToText()}");
            console.MarkupLineInterpolated($"            = [bold]{derivative.Simplify().ToText()}[/]");
        }
        console.WriteLine();
        var table = Verb.Table(
            "n", "nodes of lₙ", "nodes of lₙ′", "terms of lₙ′", "simplified: nodes", "terms",
            "operations of lₙ", "with lₙ′ forward", "with lₙ′ in reverse");
        foreach (var column in table.Columns) column.RightAligned();
        foreach (var s in Swell.OfLogisticMap(max))
        {
            long[] row =
            [
                s.N, s.Nodes, s.DerivativeNodes, s.DerivativeTerms, s.SimplifiedNodes, s.SimplifiedTerms,
                s.Operations, s.ForwardOperations, s.ReverseOperations,
            ];
            table.AddRow([.. row.Select(v => v.ToString("N0", CultureInfo.InvariantCulture))]);
        }
        console.Write(table);
        console.MarkupLine("The formula doubles with every n. Automatic differentiation costs a constant multiple of the function itself.");
    }
}
