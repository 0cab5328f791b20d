namespace Adjoint.Symbolic;

/// <summary>
/// The functions a formula may call by name: those of the table of operations that say so, and what is short for one over another.
/// </summary>
public static class KnownFunctions
{
    private static readonly Dictionary<string, Func<Expr, Expr>> Unary = Named<UnaryRow, Func<Expr, Expr>>(row => x => row.Called(x))
        .Append(new("cot", x => 1 / x.Tan())).Append(new("sec", x => 1 / x.Cos())).Append(new("csc", x => 1 / x.Sin())).ToDictionary();

    private static readonly Dictionary<string, Func<Expr, Expr, Expr>> Binary =
        Named<BinaryRow, Func<Expr, Expr, Expr>>(row => (x, y) => row.Value(x, y))
            .Append(new("polygamma", GammaFunctions.Polygamma)).Append(new("mvlgamma", GammaFunctions.Mvlgamma)).ToDictionary();

    private static IEnumerable<KeyValuePair<string, TCall>> Named<TRow, TCall>(Func<TRow, TCall> call) where TRow : Op =>
        from row in OpTable.Formulas.OfType<TRow>()
        from name in row.Info.FormulaNames
        select KeyValuePair.Create(name, call(row));

    /// <summary>All names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Unary.Keys.Concat(Binary.Keys).Order(StringComparer.Ordinal)];

    /// <summary>How many arguments a function takes; null if there is none of that name.</summary>
    public static int? ArityOf(string name) => Unary.ContainsKey(name.Given()) ? 1 : Binary.ContainsKey(name) ? 2 : null;

    /// <summary>The function that undoes another, by the name a formula calls it.</summary>
    internal static string? InverseOf(string name) =>
        OpTable.ElementWise.FirstOrDefault(row => row.Info.FormulaNames.Contains(name))?.Info.Inverse is { } inverse
            ? OpTable.ElementWise.FirstOrDefault(row => row.Name == inverse)?.Info.FormulaNames[0] : null;

    internal static Expr Call(string name, IReadOnlyList<Expr> arguments) =>
        arguments.Count == 1 ? Unary[name](arguments[0]) : Binary[name](arguments[0], arguments[1]);

    /// <summary>What functions are called in other books and languages.</summary>
    private static readonly Dictionary<string, string> Elsewhere =
        (from row in OpTable.Formulas
         from name in row.Info.NamesElsewhere
         select KeyValuePair.Create(name, row.Info.FormulaNames[0])).Append(new("ctg", "cot")).ToDictionary();

    /// <summary>The name a mistyped one was probably meant to be: at most two letters away, and not all of them.</summary>
    internal static string? Nearest(string name)
    {
        if (name.Length is < 2 or > 20) return null;
        string lower = name.ToLowerInvariant();
        if (Elsewhere.TryGetValue(lower, out string? here)) return here;
        var (best, distance) = Names.Select(n => (Name: n, Distance: Distance(lower, n)))
            .MinBy(n => (n.Distance, -CommonStart(lower, n.Name)));
        return distance <= Math.Min(2, name.Length - 1) ? best : null;
    }

    private static int CommonStart(string a, string b) => a.AsSpan().CommonPrefixLength(b);

    /// <summary>Levenshtein's distance: insertions, deletions and substitutions.</summary>
    internal static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
