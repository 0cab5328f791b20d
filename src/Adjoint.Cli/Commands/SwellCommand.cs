using System.CommandLine;
using System.Globalization;
using Adjoint.Symbolic;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary>
/// <c>adjoint swell</c>: how the derivative of the logistic map grows as a formula, against the cost of automatic differentiation.
/// </summary>
internal static class SwellCommand
{
    private static readonly Option<int> Max = NumberOption.Of("--n", "The last iterate measured.", 12);
    private static readonly Option<int> Formulas = NumberOption.Of("--formulas", "Up to which iterate the formulas are shown.", 4);
    private static readonly Option<bool> Json = new("--json") { Description = "Print the formulas and the counts as JSON." };

    public static Command Create()
    {
        var command = new Command("swell", "Measure expression swell on the logistic map, against the cost of automatic differentiation.")
        {
            Max, Formulas, Json,
        };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    private static void Run(ParseResult parse, IAnsiConsole console)
    {
        int max = parse.GetValue(Max), shown = parse.GetValue(Formulas);
        if (max is < 1 or > 14) throw new ArgumentException($"--n {max}: the iterates from 1 to 14 can be measured.");
        // The formula of an iterate has twice as many terms as that of the one before, and it is written out in full.
        if (shown is < 0 or > 8) throw new ArgumentException($"--formulas {shown}: the formulas of up to 8 iterates can be shown.");
        var formulas = Enumerable.Range(1, Math.Min(shown, max)).Select(Iterate).ToList();
        if (parse.GetValue(Json))
        {
            WriteJson(parse.InvocationConfiguration.Output, formulas, [.. Swell.OfLogisticMap(max)]);
            return;
        }
        console.MarkupLine("The logistic map: l₁ = x, lₙ₊₁ = 4lₙ(1 − lₙ)");
        console.WriteLine();
        foreach (var (n, l, derivative, simplified) in formulas)
        {
            console.MarkupLineInterpolated($"n = {n}   lₙ = [bold]{l.ToText()}[/]");
            console.MarkupLineInterpolated($"        lₙ′ = {derivative.ToText()}");
            console.MarkupLineInterpolated($"            = [bold]{simplified.ToText()}[/]");
        }
        console.WriteLine();
        var table = new Sheet(
            "n", "nodes of lₙ", "nodes of lₙ′", "terms of lₙ′", "simplified: nodes", "terms",
            "operations of lₙ", "with lₙ′ forward", "with lₙ′ in reverse")
        { RightAligned = true };
        foreach (var s in Swell.OfLogisticMap(max))
        {
            long[] row =
            [
                s.N, s.Nodes, s.DerivativeNodes, s.DerivativeTerms, s.SimplifiedNodes, s.SimplifiedTerms,
                s.Operations, s.ForwardOperations, s.ReverseOperations,
            ];
            table.Add([.. row.Select(v => v.ToString("N0", CultureInfo.InvariantCulture))]);
        }
        table.Write(console);
        console.MarkupLine("The formula doubles with every n. Automatic differentiation costs a constant multiple of the function itself.");
    }
    /// <summary>lₙ, its derivative as the rules give it, and that simplified.</summary>
    private static (int N, Expr Value, Expr Derivative, Expr Simplified) Iterate(int n)
    {
        var l = Swell.Logistic<Expr>(new Variable("x"), n).Factor();
        var derivative = l.Differentiate("x");
        return (n, l, derivative.Tidy(), derivative.Simplify());
    }

    private static void WriteJson(
        TextWriter output, List<(int N, Expr Value, Expr Derivative, Expr Simplified)> formulas, List<Swell> rows) =>
        JsonReport.Write(output, json =>
        {
            json.WriteStartArray("formulas");
            foreach (var (n, l, derivative, simplified) in formulas)
            {
                json.WriteStartObject();
                json.WriteNumber("n", n);
                json.WriteString("value", l.ToString());
                json.WriteString("derivative", derivative.ToString());
                json.WriteString("simplified", simplified.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("swell");
            foreach (var s in rows)
            {
                json.WriteStartObject();
                json.WriteNumber("n", s.N);
                json.WriteNumber("nodes", s.Nodes);
                json.WriteNumber("derivative_nodes", s.DerivativeNodes);
                json.WriteNumber("derivative_terms", s.DerivativeTerms);
                json.WriteNumber("simplified_nodes", s.SimplifiedNodes);
                json.WriteNumber("simplified_terms", s.SimplifiedTerms);
                json.WriteNumber("operations", s.Operations);
                json.WriteNumber("forward_operations", s.ForwardOperations);
                json.WriteNumber("reverse_operations", s.ReverseOperations);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
}
