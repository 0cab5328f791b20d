using System.CommandLine;
using Adjoint.Symbolic;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary>
/// <c>adjoint jacobian "f1; f2" --at …</c>: the matrix ∂fᵢ/∂xⱼ forward and in reverse, with the passes each took.
/// </summary>
internal static class JacobianCommand
{
    private static readonly Argument<string[]> Formulas = new("formulas")
    {
        Description = "The formulas, as words or separated by semicolons: \"x*y; sin(x)\".",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string[]> At = Point.Option("The point: x=2,y=5; without it, only the formulas are shown.");
    private static readonly Option<bool> Json = new("--json") { Description = "Print the matrices and the counts as JSON." };

    public static Command Create()
    {
        var command = new Command("jacobian", "Form the Jacobian of several formulas, forward and in reverse.") { Formulas, At, Json };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    private static void Run(ParseResult parse, IAnsiConsole console)
    {
        Expr[] formulas = Parse(Joined(parse.GetValue(Formulas)!));
        string[] variables = [.. formulas.SelectMany(f => f.Variables).Distinct().Order(StringComparer.Ordinal)];
        var symbolic = Expr.Jacobian(formulas, variables);
        // Without a point there are still the formulas.
        if (Point.Given(parse, At) is null && variables.Length > 0 && !parse.GetValue(Json))
        {
            WriteFormulas(console, formulas, variables, symbolic);
            console.MarkupLine("[grey]Add --at " + string.Join(",", variables.Select(v => v + "=…")) + " for values in both modes.[/]");
            return;
        }
        var point = Point.Parse(Point.Given(parse, At), variables);
        double[] x = [.. point.Select(p => p.Value)];
        var code = Expr.Compile(formulas, variables);
        Jacobian forward = Scalar.Forward.Jacobian(code, x), reverse = Scalar.Reverse.Jacobian(code, x);
        var chosen = Scalar.Jacobian(code, x);
        if (parse.GetValue(Json))
        {
            WriteJson(parse.InvocationConfiguration.Output, formulas, variables, point, symbolic, [forward, reverse], chosen);
            return;
        }
        WriteFormulas(console, formulas, variables, symbolic);
        if (point.Count > 0) console.MarkupLineInterpolated($"at {Point.Text(point)}");
        Write(console, variables, formulas.Length, "∂fᵢ/∂xⱼ at the point", (i, j) => Point.Number(chosen[i, j]));

        var passes = new Sheet("mode", "one pass gives", "passes", "evaluations of f", "largest difference");
        passes.Add("forward", "a column", $"{forward.Passes}", $"{forward.Evaluations}", Point.Number(Difference(forward, reverse)));
        passes.Add("reverse", "a row", $"{reverse.Passes}", $"{reverse.Evaluations}", "");
        passes.Write(console);
        console.MarkupLineInterpolated($"{formulas.Length} × {variables.Length}: the cheaper is [bold]{Name(chosen.Mode)}[/] mode.");
    }

    private static string Joined(string[] words)
    {
        Point.RefuseValues(words);
        return string.Join("; ", words.Select((w, i) => i < words.Length - 1 ? w.TrimEnd(' ', ';') : w));
    }

    /// <summary>Formulas between semicolons, of which one may stand at the end. Mistakes are shown in the whole text.</summary>
    private static Expr[] Parse(string text)
    {
        var formulas = new List<Expr>();
        string trimmed = text.TrimEnd(' ', ';');
        for (int start = 0; start <= trimmed.Length;)
        {
            int end = trimmed.IndexOf(';', start) is >= 0 and var semicolon ? semicolon : trimmed.Length;
            try
            {
                formulas.Add(Expr.Parse(trimmed[start..end]));
            }
            catch (ParseException e)
            {
                throw e.Within(text, start);
            }
            start = end + 1;
        }
        return [.. formulas];
    }

    private static void WriteFormulas(IAnsiConsole console, Expr[] formulas, string[] variables, Expr[,] symbolic)
    {
        for (int i = 0; i < formulas.Length; i++)
            console.MarkupLineInterpolated($"f{i + 1}({string.Join(", ", variables)}) = [bold]{formulas[i].ToText()}[/]");
        console.WriteLine();
        Write(console, variables, formulas.Length, "∂fᵢ/∂xⱼ as formulas", (i, j) => symbolic[i, j].Simplify().ToText());
    }

    private static void Write(IAnsiConsole console, string[] variables, int rows, string title, Func<int, int, string> cell)
    {
        var table = new Sheet(["", .. variables.Select(v => "∂/∂" + v)]) { Title = title };
        for (int i = 0; i < rows; i++)
            table.Add([$"f{i + 1}", .. Enumerable.Range(0, variables.Length).Select(j => cell(i, j))]);
        table.Write(console);
    }

    private static void WriteJson(
        TextWriter output, Expr[] formulas, string[] variables, List<(string Name, double Value)> point, Expr[,] symbolic,
        Jacobian[] modes, Jacobian chosen) => JsonReport.Write(output, json =>
    {
        json.WriteStartArray("formulas");
        foreach (var f in formulas) json.WriteStringValue(f.ToString());
        json.WriteEndArray();
        json.WriteStartArray("variables");
        foreach (string v in variables) json.WriteStringValue(v);
        json.WriteEndArray();
        json.WriteNumbers("at", point);
        int m = formulas.Length, n = variables.Length;
        json.WriteMatrix("symbolic", m, n, (i, j) => json.WriteStringValue(symbolic[i, j].Simplify().ToString()));
        json.WriteMatrix("jacobian", m, n, (i, j) => json.WriteAnyNumber(chosen[i, j]));
        json.WriteStartObject("modes");
        foreach (var jacobian in modes)
        {
            json.WriteStartObject(Name(jacobian.Mode));
            json.WriteNumber("passes", jacobian.Passes);
            json.WriteNumber("evaluations", jacobian.Evaluations);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WritePropertyName("largest_difference");
        json.WriteAnyNumber(Difference(modes[0], modes[1]));
        json.WriteString("chosen", Name(chosen.Mode));
    });

    private static string Name(DerivativeMode mode) => mode.ToString().ToLowerInvariant();

    /// <summary>Entries that both modes find infinite alike, or not a number, do not differ.</summary>
    private static double Difference(Jacobian a, Jacobian b) => Enumerable.Range(0, a.Rows)
        .SelectMany(i => Enumerable.Range(0, a.Columns).Select(j => a[i, j].Equals(b[i, j]) ? 0 : Math.Abs(a[i, j] - b[i, j])))
        .DefaultIfEmpty().Max();
}
