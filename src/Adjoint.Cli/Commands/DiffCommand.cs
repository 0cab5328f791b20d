using System.CommandLine;
using Adjoint.Symbolic;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint diff</c>: one formula, differentiated by every method, side by side.</summary>
internal static class DiffCommand
{
    private static readonly Argument<string[]> Formula = new("formula")
    {
        Description = "The formula, for example \"ln(x1) + x1*x2 - sin(x2)\".",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string[]> At = Point.Option("The point: x1=2,x2=5; without it, only the formulas are shown.");
    private static readonly Option<string> Mode = new("--mode") { Description = "By which method.", DefaultValueFactory = _ => "all" };
    private static readonly Option<int> Order =
        NumberOption.Of("--order", "The order of the derivative; with several names after --wrt, it is their number.", 1);
    private static readonly Option<string?> Wrt = new("--wrt")
    {
        Description = "By which variable; x,y or x,x,y for a mixed derivative. Without it by each, and at order 2 by each pair.",
    };
    private static readonly Option<bool> Traces = new("--trace")
    {
        Description = "Show the primal, tangent and adjoint traces, line by line.",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the results as JSON." };
    private static readonly Option<bool> Latex = new("--latex") { Description = "Print the formula and its derivatives as LaTeX." };

    public static Command Create()
    {
        Mode.AcceptOnlyFromAmong("numeric", "symbolic", "forward", "reverse", "all");
        var command = new Command("diff", "Differentiate a formula by every method, side by side.")
        {
            Formula, At, Mode, Order, Wrt, Traces, Json, Latex,
        };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    private static void Run(ParseResult parse, IAnsiConsole console)
    {
        var f = Read(parse.GetValue(Formula)!);
        string[] all = [.. f.Variables.Order(StringComparer.Ordinal)];
        var by = Asked(parse, all);
        Expr[] derivatives = [.. by.Select(d => d.Of(f).Simplify())];
        if (parse.GetValue(Latex))
        {
            WriteLatex(parse.InvocationConfiguration.Output, f, by, derivatives);
            return;
        }
        // Without a point there is still the formula of the derivative.
        bool formulaOnly = !parse.GetValue(Traces) && !parse.GetValue(Json) && parse.GetValue(Mode) is "all" or "symbolic";
        if (Point.Given(parse, At) is null && all.Length > 0 && formulaOnly)
        {
            Heading(console, f, all, by, derivatives);
            console.MarkupLine("[grey]Add --at " + string.Join(",", all.Select(v => v + "=…")) + " for values by every method.[/]");
            return;
        }
        var point = Point.Parse(Point.Given(parse, At), all);
        Method[] methods = parse.GetValue(Mode) == "all"
            ? Enum.GetValues<Method>()
            : [Enum.Parse<Method>(parse.GetValue(Mode)!, ignoreCase: true)];
        var results = EveryMethod.Derivatives(f, point, by, methods);
        string[] variables = [.. by.SelectMany(d => d.Variables).Distinct()];
        var notes = DiffNotes.Of(f, point, variables);
        if (parse.GetValue(Json))
        {
            Trace? shown = parse.GetValue(Traces) ? Trace.Of(f, point) : null;
            DiffJson.Write(parse.InvocationConfiguration.Output, f, point, by, derivatives, results, notes, shown);
            return;
        }
        Heading(console, f, all, by, derivatives);
        if (point.Count > 0) console.MarkupLineInterpolated($"at {Point.Text(point)}");
        console.MarkupLineInterpolated($"f = [bold]{Point.Number(f.Evaluate([.. point]))}[/]");
        if (by.Count > 0)
        {
            console.WriteLine();
            DiffTable.Write(console, by, results);
        }
        foreach (string note in notes) console.MarkupLineInterpolated($"note: {note}");
        if (parse.GetValue(Traces)) DiffTraces.Write(console, f, Trace.Of(f, point), variables);
    }

    /// <summary>One formula, whose words the shell may have parted: between them stands a sign, or they are several formulas.</summary>
    private static Expr Read(string[] words)
    {
        const string signs = "+-−–*·×⋅/÷^(),<>=|√≤≥≠ ";
        Point.RefuseValues(words);
        for (int i = 1; i < words.Length; i++)
        {
            bool joined = words[i - 1].Length == 0 || words[i].Length == 0 || signs.Contains(words[i - 1][^1]) && words[i - 1][^1] != ')'
                || signs.Contains(words[i][0]) && words[i][0] != '(';
            if (!joined)
                throw new ArgumentException(
                    $"{words[i - 1]} {words[i]}: diff takes one formula, in quotes if it has spaces; for several there is jacobian, and "
                    + "to multiply write *.");
        }
        return Expr.Parse(string.Join(' ', words));
    }

    /// <summary>Which derivatives are asked for by --wrt and --order, of a formula with these variables.</summary>
    private static IReadOnlyList<PartialDerivative> Asked(ParseResult parse, string[] all)
    {
        int order = parse.GetValue(Order);
        string[]? names = parse.GetValue(Wrt)?.Split(',', StringSplitOptions.TrimEntries);
        if (order is < 1 or > EveryMethod.MaxOrder)
            throw new ArgumentException($"--order {order}: orders from 1 to {EveryMethod.MaxOrder} are possible.");
        if (names is null)
        {
            // The Hessian is shown while it can be taken in at a glance.
            bool mixed = order == 2 && all.Length <= 4;
            return mixed
                ? [.. all.SelectMany((v, i) => all[i..].Select(w => new PartialDerivative(v, w)))]
                : [.. all.Select(v => PartialDerivative.Pure(v, order))];
        }
        string list = string.Join(",", names);
        if (names.Contains("")) throw new ArgumentException($"--wrt {list}: a name is missing; write x, or x,y for a mixed derivative.");
        if (names.FirstOrDefault(v => !all.Contains(v)) is { } unknown)
        {
            string variables = all.Length == 0 ? "none" : string.Join(", ", all);
            throw new ArgumentException($"--wrt {unknown}: the formula's variables are {variables}.");
        }
        if (names is [var only]) return [PartialDerivative.Pure(only, order)];
        if (names.Length > EveryMethod.MaxOrder)
            throw new ArgumentException(
                $"--wrt {list}: this is the order {names.Length}; orders from 1 to {EveryMethod.MaxOrder} are possible.");
        if (order != names.Length && parse.GetResult(Order) is { Implicit: false })
            throw new ArgumentException(
                $"--order {order} --wrt {list}: by {names.Length} names the order is {names.Length}; leave --order out.");
        return [new(names)];
    }

    private static void Heading(
        IAnsiConsole console, Expr f, string[] all, IReadOnlyList<PartialDerivative> by, IReadOnlyList<Expr> derivatives)
    {
        string arguments = all.Length == 0 ? "" : $"({string.Join(", ", all)})";
        console.MarkupLineInterpolated($"f{arguments} = [bold]{f.ToText()}[/]");
        if (Names(f, "e")) console.MarkupLine("[grey]e is the number 2.718…; a variable needs another name.[/]");
        for (int i = 0; i < by.Count; i++) console.MarkupLineInterpolated($"{by[i].ToText()} = [bold]{derivatives[i].ToText()}[/]");
    }

    /// <summary>Whether a constant stands in a formula by its name (in e^x it does not).</summary>
    private static bool Names(Expr f, string constant) =>
        f is NamedConstant n ? n.Name == constant : f.Operands.Distinct().Any(o => Names(o, constant));

    private static void WriteLatex(TextWriter output, Expr f, IReadOnlyList<PartialDerivative> by, IReadOnlyList<Expr> derivatives)
    {
        output.WriteLine($"f = {f.ToLatex()}");
        for (int i = 0; i < by.Count; i++) output.WriteLine($"{by[i].ToLatex()} = {derivatives[i].ToLatex()}");
    }
}
