using System.CommandLine;
using Adjoint.Symbolic;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint jacobian "f1; f2" --at …</c>: the matrix ∂fᵢ/∂xⱼ forward and in reverse, with the passes each took.</summary>
internal static class JacobianCommand
{
    private static readonly Argument<string> Formulas = new("formulas") { Description = "The formulas, separated by semicolons: \"x*y; sin(x)\"." };
    private static readonly Option<string?> At = new("--at") { Description = "The point: x=2,y=5." };

    public static Command Create()
    {
        var command = new Command("jacobian", "Form the Jacobian of several formulas, forward and in reverse.") { Formulas, At };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    private static void Run(ParseResult parse, IAnsiConsole console)
    {
        Expr[] formulas = [.. parse.GetValue(Formulas)!.TrimEnd(' ', ';').Split(';').Select(Expr.Parse)];
        string[] variables = [.. formulas.SelectMany(f => f.Variables).Distinct().Order(StringComparer.Ordinal)];
        var point = Point.Parse(parse.GetValue(At), variables);
        double[] x = [.. point.Select(p => p.Value)];
        for (int i = 0; i < formulas.Length; i++) console.MarkupLineInterpolated($"f{i + 1}({string.Join(", ", variables)}) = [bold]{formulas[i].ToText()}[/]");
        if (point.Count > 0) console.MarkupLineInterpolated($"at {Point.Text(point)}");
        console.WriteLine();

        var symbolic = Expr.Jacobian(formulas, variables);
        var code = Expr.Compile(formulas, variables);
        Jacobian forward = Scalar.Forward.Jacobian(code, x), reverse = Scalar.Reverse.Jacobian(code, x);
        var chosen = Scalar.Jacobian(code, x);
        Write(console, variables, formulas.Length, "∂fᵢ/∂xⱼ as formulas", (i, j) => symbolic[i, j].Simplify().ToText());
        Write(console, variables, formulas.Length, "∂fᵢ/∂xⱼ at the point", (i, j) => Point.Number(chosen[i, j]));

        var passes = Verb.Table("mode", "one pass gives", "passes", "evaluations of f", "largest difference");
        passes.AddRow("forward", "a column", $"{forward.Passes}", $"{forward.Evaluations}", Difference(forward, reverse));
        passes.AddRow("reverse", "a row", $"{reverse.Passes}", $"{reverse.Evaluations}", "");
        console.Write(passes);
        console.MarkupLineInterpolated($"{formulas.Length} × {variables.Length}: the cheaper is [bold]{chosen.Mode.ToString().ToLowerInvariant()}[/] mode.");
    }

    private static void Write(IAnsiConsole console, string[] variables, int rows, string title, Func<int, int, string> cell)
    {
        var table = Verb.Table(["", .. variables.Select(v => "∂/∂" + v)]).Title(title);
        for (int i = 0; i < rows; i++)
            table.AddRow([$"f{i + 1}", .. Enumerable.Range(0, variables.Length).Select(j => Markup.Escape(cell(i, j)))]);
        console.Write(table);
    }

    private static string Difference(Jacobian a, Jacobian b) =>
        Point.Number(Enumerable.Range(0, a.Rows).SelectMany(i => Enumerable.Range(0, a.Columns).Select(j => Math.Abs(a[i, j] - b[i, j]))).DefaultIfEmpty().Max());
}
