using System.CommandLine;
using System.Globalization;
using Adjoint.Symbolic;

namespace Adjoint.Cli.Commands;

/// <summary>The point of <c>--at x1=2,x2=5</c>. The values may be formulas themselves: <c>x=pi/4</c>.</summary>
internal static class Point
{
    /// <summary>The option, which may be given once for all variables or once for each.</summary>
    public static Option<string[]> Option(string description) => new("--at") { Description = description, Arity = ArgumentArity.OneOrMore };

    /// <summary>What was given; null if nothing was.</summary>
    public static string? Given(ParseResult parse, Option<string[]> at) =>
        parse.GetResult(at) is { Implicit: false } && parse.GetValue(at) is { Length: > 0 } values ? string.Join(",", values) : null;

    /// <summary>Refuses a value among the words of a formula: it has lost its --at.</summary>
    public static void RefuseValues(IReadOnlyList<string> words)
    {
        foreach (string word in words.Skip(1))
            if (System.Text.RegularExpressions.Regex.IsMatch(word, @"^\s*\w+\s*=[^=]"))
                throw new ArgumentException($"{word}: a value belongs to --at: --at x=1,{word} or --at x=1 --at {word}.");
    }

    public static List<(string Name, double Value)> Parse(string? text, IReadOnlyList<string> variables)
    {
        var point = new List<(string Name, double Value)>();
        foreach (string assignment in Assignments(text ?? ""))
        {
            int equals = assignment.IndexOf('=');
            string name = equals < 0 ? "" : assignment[..equals].Trim();
            if (name.Length == 0)
                throw new ArgumentException($"--at: '{assignment}' is not of the form x=2."
                    + (assignment.All(char.IsAsciiDigit) && point.Count > 0 ? " (Decimals are written with a point.)" : ""));
            if (point.Any(p => p.Name == name)) throw new ArgumentException($"--at: {name} has two values.");
            if (string.IsNullOrWhiteSpace(assignment[(equals + 1)..]))
                throw new ArgumentException($"--at: {name} has no value after its '='.");
            var value = Expr.Parse(assignment[(equals + 1)..]);
            if (value.Variables is [var other, ..])
                throw new ArgumentException($"--at: the value of {name} contains the variable {other}.");
            point.Add((name, value.Evaluate()));
        }
        var missing = variables.Where(v => point.All(p => p.Name != v)).ToList();
        if (missing.Count > 0)
            throw new ArgumentException(
                $"The formula contains {string.Join(", ", missing)}, which {(missing.Count == 1 ? "has" : "have")} no value: add --at "
                + string.Join(",", variables.Select(v => v + "=" + Given(point, v))) + "." + Product(missing, point));
        // Names that do not occur are most likely mistyped.
        if (point.Find(p => !variables.Contains(p.Name)).Name is { } unknown)
            throw new ArgumentException($"--at gives a value for {unknown}, which does not occur; "
                + $"the formula's variables are {(variables.Count == 0 ? "none" : string.Join(", ", variables))}.");
        return [.. variables.Select(v => point.First(p => p.Name == v))];
    }

    public static string Text(IReadOnlyList<(string Name, double Value)> point) =>
        string.Join(", ", point.Select(p => $"{p.Name} = {Number(p.Value)}"));

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>What stands between commas or semicolons, those in brackets aside: <c>x=max(1, 2),y=3</c>.</summary>
    private static IEnumerable<string> Assignments(string text)
    {
        int start = 0, depth = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            bool ends = i == text.Length || text[i] is ',' or ';' && depth == 0;
            if (!ends)
            {
                depth += text[i] is '(' ? 1 : text[i] is ')' ? -1 : 0;
                continue;
            }
            if (text[start..i].Trim() is { Length: > 0 } assignment) yield return assignment;
            start = i + 1;
        }
    }

    private static string Given(List<(string Name, double Value)> point, string name) =>
        point.FindIndex(p => p.Name == name) is >= 0 and var i ? Number(point[i].Value) : "1";

    /// <summary>Whether a name without a value is made of letters that have one.</summary>
    private static string Product(List<string> missing, List<(string Name, double Value)> point) =>
        missing.Find(m => m.Length > 1 && m.All(c => point.Any(p => p.Name == c.ToString()))) is { } name
            ? $" ({name} is one name; the product is written {string.Join('*', name.ToCharArray())}.)" : "";
}
