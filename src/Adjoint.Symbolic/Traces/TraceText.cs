using System.Text.RegularExpressions;

namespace Adjoint.Symbolic;

/// <summary>
/// The tables of a trace as a lecture writes them: <c>v̇₂ = v̇₋₁·v₀ + v̇₀·v₋₁ = 1·5 + 0·2 = 5</c>. The inputs begin and the result
/// ends them by their own names: ẋ1, ẏ1, ȳ1, x̄1.
/// </summary>
internal static partial class TraceText
{
    private const string Result = "y1";

    public static string Primal(Trace trace)
    {
        Dictionary<string, double> values = Values(trace);
        return TraceTable.Of(
            ("", [.. trace.Lines.Select(l => l.Name), Result]),
            ("= ", [.. trace.Lines.Select(l => l.Formula.ToText()), trace.Result]),
            ("= ", [.. trace.Lines.Select(l => IsInput(l) ? "" : WithNumbers(l.Formula.ToText(), values)), ""]),
            ("= ", [.. trace.Lines.Select(l => TraceTable.Round(l.Value)), TraceTable.Round(trace.Value)]));
    }

    public static string Tangent(Trace trace, string variable)
    {
        Dictionary<string, double> values = Values(trace);
        IReadOnlyList<TangentLine> lines = trace.Tangents(variable);
        foreach (TangentLine line in lines) values[line.Name] = line.Value;
        string[] formulas =
            [.. lines.Zip(trace.Lines, (tangent, line) => IsInput(line) ? Dot(line.Formula.ToText()) : tangent.Formula.ToText())];
        return TraceTable.Of(
            ("", [.. lines.Select(l => l.Name), Dot(Result)]),
            ("= ", [.. formulas, Trace.Dotted(trace.Result)]),
            ("= ", [.. formulas.Zip(trace.Lines, (formula, line) => IsInput(line) ? "" : WithNumbers(formula, values)), ""]),
            ("= ", [.. lines.Select(l => TraceTable.Round(l.Value)),
                TraceTable.Round(lines.First(l => l.Name == Trace.Dotted(trace.Result)).Value)]));
    }

    public static string Adjoint(Trace trace)
    {
        Dictionary<string, double> values = Values(trace);
        var rows = new List<string[]>();
        foreach (AdjointStep step in trace.Adjoints())
        {
            if (step.Partial is not { } partial)
            {
                rows.Add([step.Name, Bar(Result), "", "", TraceTable.Round(step.Value)]);
            }
            else
            {
                string before = step.Adds ? step.Name + " + " : "", product = before + $"{step.Of}·{Bracketed(partial.ToText())}";
                rows.Add([step.Name, before + $"{step.Of}·{step.Derivative}", product, WithNumbers(product, values),
                    TraceTable.Round(step.Value)]);
            }
            values[step.Name] = step.Value;
        }
        foreach ((TraceLine input, (string name, double value)) in trace.Inputs.Zip(trace.Gradient()))
            rows.Add([Bar(name), Trace.Barred(input.Name), "", "", TraceTable.Round(value)]);
        return TraceTable.Of([.. Enumerable.Range(0, 5).Select(column => (column == 0 ? "" : "= ", rows.Select(row => row[column])))]);
    }

    /// <summary>The formula with every value in the place of its name.</summary>
    private static string WithNumbers(string formula, Dictionary<string, double> values) => Name().Replace(formula, match =>
    {
        if (!values.TryGetValue(match.Value, out double value)) return match.Value;
        string number = TraceTable.Round(value);
        bool alone = match.Index == 0,
            inBrackets = match.Index > 0 && formula[match.Index - 1] == '(' && match.Index + match.Length < formula.Length
            && formula[match.Index + match.Length] == ')';
        if (number.StartsWith('−') && !alone && !inBrackets || number.StartsWith('−') && IsPower(formula, match)) number = $"({number})";
        // 2v₀ is a product, 25 is not.
        bool afterNumber = match.Index > 0 && (char.IsAsciiDigit(formula[match.Index - 1]) || formula[match.Index - 1] == ')');
        bool beforeFactor = match.Index + match.Length < formula.Length
            && (char.IsLetterOrDigit(formula[match.Index + match.Length]) && !IsPower(formula, match)
                || formula[match.Index + match.Length] == '(');
        return (afterNumber ? "·" : "") + number + (beforeFactor ? "·" : "");
    });

    private static bool IsPower(string formula, Match name)
    {
        int next = name.Index + name.Length;
        return next < formula.Length && "^⁻⁰¹²³⁴⁵⁶⁷⁸⁹".Contains(formula[next], StringComparison.Ordinal);
    }

    private static string Bracketed(string factor) =>
        factor.StartsWith('−') || factor.Contains(' ', StringComparison.Ordinal) || factor.Contains('/', StringComparison.Ordinal)
        ? $"({factor})" : factor;

    private static Dictionary<string, double> Values(Trace trace) => trace.Lines.ToDictionary(l => l.Name, l => l.Value);

    private static bool IsInput(TraceLine line) => line.Formula is Variable && line.Partials.Count == 0;

    /// <summary>A name with a dot above its first letter.</summary>
    private static string Dot(string name) => $"{name[0]}\u0307{name[1..]}";

    /// <summary>A name with a bar above its first letter.</summary>
    private static string Bar(string name) => $"{name[0]}\u0304{name[1..]}";

    [GeneratedRegex("v[\u0307\u0304]?₋?[₀-₉]+")]
    private static partial Regex Name();
}
