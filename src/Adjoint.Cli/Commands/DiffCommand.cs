using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Adjoint.Symbolic;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint diff</c>: one formula, differentiated by every method, side by side.</summary>
internal static class DiffCommand
{
    private static readonly Argument<string> Formula = new("formula")
    {
        Description = "The formula, for example \"ln(x1) + x1*x2 - sin(x2)\".",
    };
    private static readonly Option<string?> At = new("--at") { Description = "The point: x1=2,x2=5." };
    private static readonly Option<string> Mode = new("--mode") { Description = "By which method.", DefaultValueFactory = _ => "all" };
    private static readonly Option<int> Order = NumberOption.Of("--order", "The order of the derivative.", 1);
    private static readonly Option<string?> Wrt = new("--wrt") { Description = "By which variable; without it, by each." };
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
        var f = Expr.Parse(parse.GetValue(Formula)!);
        int order = parse.GetValue(Order);
        if (order is < 1 or > EveryMethod.MaxOrder)
            throw new ArgumentException($"--order {order}: orders from 1 to {EveryMethod.MaxOrder} are possible.");
        string[] all = [.. f.Variables.Order(StringComparer.Ordinal)];
        string[] by = parse.GetValue(Wrt) is { } wrt ? [wrt] : all;
        if (by.FirstOrDefault(v => !all.Contains(v)) is { } unknown)
            throw new ArgumentException(
                $"--wrt {unknown}: the formula's variables are {(all.Length == 0 ? "none" : string.Join(", ", all))}.");
        Expr[] derivatives = [.. by.Select(v => f.Differentiate(v, order).Simplify())];
        if (parse.GetValue(Latex))
        {
            WriteLatex(parse.InvocationConfiguration.Output, f, by, order, derivatives);
            return;
        }
        // Without a point there is still the formula of the derivative.
        bool formulaOnly = !parse.GetValue(Traces) && !parse.GetValue(Json) && parse.GetValue(Mode) is "all" or "symbolic";
        if (parse.GetValue(At) is null && all.Length > 0 && formulaOnly)
        {
            Heading(console, f, all, by, order, derivatives);
            console.MarkupLine("[grey]Add --at " + string.Join(",", all.Select(v => v + "=…")) + " for values by every method.[/]");
            return;
        }
        var point = Point.Parse(parse.GetValue(At), all);
        Method[] methods = parse.GetValue(Mode) == "all"
            ? Enum.GetValues<Method>()
            : [Enum.Parse<Method>(parse.GetValue(Mode)!, ignoreCase: true)];
        var results = EveryMethod.Derivatives(f, point, by, order, methods);
        var trace = Trace.Of(f, point);
        if (parse.GetValue(Json))
        {
            Trace? shown = parse.GetValue(Traces) ? trace : null;
            WriteJson(parse.InvocationConfiguration.Output, f, point, by, order, derivatives, results, shown);
            return;
        }
        Heading(console, f, all, by, order, derivatives);
        if (point.Count > 0) console.MarkupLineInterpolated($"at {Point.Text(point)}");
        console.MarkupLineInterpolated($"f = [bold]{Point.Number(trace.Value)}[/]");
        console.WriteLine();
        WriteMethods(console, by, order, results);
        if (parse.GetValue(Traces)) WriteTraces(console, trace, by);
    }

    private static void Heading(IAnsiConsole console, Expr f, string[] all, string[] by, int order, Expr[] derivatives)
    {
        console.MarkupLineInterpolated($"f({string.Join(", ", all)}) = [bold]{f.ToText()}[/]");
        for (int i = 0; i < by.Length; i++) console.MarkupLineInterpolated($"{Name(by[i], order)} = [bold]{derivatives[i].ToText()}[/]");
    }

    private static void WriteMethods(IAnsiConsole console, string[] by, int order, IReadOnlyList<MethodResult> results)
    {
        var table = Verb.Table(["method", .. by.Select(v => Name(v, order)), "digits", "cost"]);
        foreach (var r in results)
            table.AddRow([r.Method.ToString().ToLowerInvariant(), .. r.Values.Select(Point.Number), Digits(r), r.Cost]);
        console.Write(table);
    }

    /// <summary>The symbolic row is what the others are compared with.</summary>
    private static string Digits(MethodResult r) =>
        r.Method == Method.Symbolic ? "—" : r.Digits >= 16 ? "all" : r.Digits.ToString("0.0", CultureInfo.InvariantCulture);

    private static void WriteTraces(IAnsiConsole console, Trace trace, string[] by)
    {
        var primal = Verb.Table(["line", "primal", "value", .. by.SelectMany(v => (string[])[$"tangent along {v}", "value"])])
            .Title("forward");
        var tangents = by.Select(trace.Tangents).ToList();
        for (int i = 0; i < trace.Lines.Count; i++)
        {
            var line = trace.Lines[i];
            var along = tangents.SelectMany(t => (string[])[$"{t[i].Name} = {t[i].Formula.ToText()}", Rounded(t[i].Value)]);
            string[] cells = [line.Name, line.Formula.ToText(), Rounded(line.Value), .. along];
            primal.AddRow([.. cells.Select(Markup.Escape)]);
        }
        console.Write(primal);
        var adjoint = Verb.Table("adjoint", "value").Title("reverse");
        foreach (var s in trace.Adjoints())
            adjoint.AddRow(Markup.Escape($"{s.Name} = {(s.Adds ? s.Name + " + " : "")}{s.Formula.ToText()}"), Rounded(s.Value));
        console.Write(adjoint);
        foreach (var (name, value) in trace.Gradient()) console.MarkupLineInterpolated($"∂f/∂{name} = [bold]{Point.Number(value)}[/]");
    }

    private static string Rounded(double value) => TraceTable.Round(value);

    private static string Name(string variable, int order) =>
        order == 1 ? $"∂f/∂{variable}" : $"∂{Raised(order)}f/∂{variable}{Raised(order)}";

    private static string Raised(int n) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[n].ToString();

    private static void WriteLatex(TextWriter output, Expr f, string[] by, int order, Expr[] derivatives)
    {
        output.WriteLine($"f = {f.ToLatex()}");
        string power = order == 1 ? "" : $"^{{{order}}}";
        for (int i = 0; i < by.Length; i++)
            output.WriteLine(
                $@"\frac{{\partial{power} f}}{{\partial {new Variable(by[i]).ToLatex()}{power}}} = {derivatives[i].ToLatex()}");
    }

    private static void WriteJson(
        TextWriter output, Expr f, List<(string Name, double Value)> point, string[] by, int order, Expr[] derivatives,
        IReadOnlyList<MethodResult> results, Trace? trace)
    {
        JsonReport.Write(output, json =>
        {
            json.WriteString("formula", f.ToString());
            json.WriteNumbers("at", point);
            json.WritePropertyName("value");
            json.WriteAnyNumber(f.Evaluate([.. point]));
            json.WriteNumber("order", order);
            json.WriteStartObject("derivatives");
            for (int i = 0; i < by.Length; i++) json.WriteString(by[i], derivatives[i].ToString());
            json.WriteEndObject();
            json.WriteStartObject("methods");
            foreach (var r in results)
            {
                json.WriteStartObject(r.Method.ToString().ToLowerInvariant());
                json.WriteNumbers("derivatives", [.. by.Zip(r.Values)]);
                json.WriteNumber("digits", Math.Round(r.Digits, 1));
                json.WriteString("cost", r.Cost);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            if (trace is not null) WriteTrace(json, trace, by);
        });
    }

    private static void WriteTrace(Utf8JsonWriter json, Trace trace, string[] by)
    {
        json.WriteStartObject("trace");
        Lines("primal", trace.Lines.Select(l => (l.Name, l.Formula, l.Value)));
        foreach (string v in by) Lines("tangent_" + v, trace.Tangents(v).Select(l => (l.Name, l.Formula, l.Value)));
        Lines("adjoint", trace.Adjoints().Select(s => (s.Name, s.Formula, s.Value)));
        json.WriteEndObject();

        void Lines(string name, IEnumerable<(string Name, Expr Formula, double Value)> lines)
        {
            json.WriteStartArray(name);
            foreach (var line in lines)
            {
                json.WriteStartObject();
                json.WriteString("name", line.Name);
                json.WriteString("formula", line.Formula.ToText());
                json.WritePropertyName("value");
                json.WriteAnyNumber(line.Value);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }
}
