using System.Globalization;
using Adjoint.Symbolic;

namespace Adjoint.Cli.Commands;

/// <summary>The point of <c>--at x1=2,x2=5</c>. The values may be formulas themselves: <c>x=pi/4</c>.</summary>
internal static class Point
{
    public static List<(string Name, double Value)> Parse(string? text, IReadOnlyList<string> variables)
    {
        var point = new List<(string Name, double Value)>();
        foreach (string assignment in Assignments(text ?? ""))
        {
            int equals = assignment.IndexOf('=');
            string name = equals < 0 ? "" : assignment[..equals].Trim();
            if (name.Length == 0) throw new ArgumentException($"--at: '{assignment}' is not of the form x=2.");
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
                + string.Join(",", variables.Select(v => v + "=" + Given(point, v))) + ".");
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
}
