namespace Adjoint.Symbolic;

/// <summary>
/// Names of variables that most likely mean something else: a constant, a product, or another variable that looks the same.
/// </summary>
internal static class VariableNames
{
    /// <summary>Letters of other scripts that look like a Latin one.</summary>
    private const string Strange = "аеорсухіјѕԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοАВЕКМНОРСТХ", Latin = "aeopcyxijsdqwABEZHIKMNOPTYXoABEKMHOPCTX";

    /// <summary>What a name stands for in every formula, or null if it may be a variable's.</summary>
    public static string? Constant(string name) => name switch
    {
        "e" => "Euler's number",
        "pi" or "π" => "π",
        "Infinity" or "∞" => "infinity",
        "NaN" => "no number",
        _ => null,
    };

    /// <summary>The constant that a name other than the constant's own stands for.</summary>
    public static string? Meant(string name) => name.ToLowerInvariant() switch
    {
        "pi" => "pi",
        "inf" or "infty" or "infinity" => "Infinity",
        "nan" => "NaN",
        _ => null,
    };

    /// <summary>Refuses xy beside x and y, and two names that cannot be told apart by eye.</summary>
    /// <exception cref="ParseException">The formula has such a name.</exception>
    public static void Check(Expr e, string text, IReadOnlyList<Token> tokens)
    {
        var names = e.Variables.ToHashSet();
        var seen = new Dictionary<string, string>();
        foreach (var token in tokens)
        {
            if (token.Kind != TokenKind.Name || !names.Contains(token.Text)) continue;
            string name = token.Text;
            if (name.Length > 1 && name.All(c => char.IsLetter(c) && names.Contains(c.ToString())))
                throw new ParseException(
                    $"{name} is one name, beside {string.Join(" and ", name.Distinct())}: to multiply, write "
                    + $"{string.Join('*', name.ToCharArray())}",
                    text, token.Position);
            string looks =
                string.Concat(
                    name.Normalize(System.Text.NormalizationForm.FormKC).Select(c => Strange.IndexOf(c) is >= 0 and var i ? Latin[i] : c));
            if (seen.TryGetValue(looks, out string? other) && other != name)
                throw new ParseException(
                    $"Two variables look the same here, {Codes(other)} and {Codes(name)}: write one of them anew", text, token.Position);
            seen[looks] = name;
        }
    }

    private static string Codes(string name) => $"{name} ({string.Join(' ', name.Select(c => $"U+{(int)c:X4}"))})";
}
