namespace Adjoint.Symbolic;

/// <summary>Multiplying out; see <see cref="Expr.Expand"/>.</summary>
public static class Expansion
{
    /// <summary>An expansion with more terms than this is refused.</summary>
    public const int MaxTerms = 20_000;

    internal static Expr Expand(Expr e)
    {
        // A polynomial in one variable is multiplied out densely, which is thousands of times faster than term by term.
        if (e.Variables is [var x] && Polynomial.From(e, x, MaxTerms) is { } p) return p.ToExpr(new Variable(x));
        var expanded = new Dictionary<Expr, Expr>();
        foreach (var u in PostOrder.Of(e))
            expanded[u] = u switch
            {
                Sum => Ordered(Tidying.SumOf(u.Operands.Select(o => expanded[o]))),
                Product => Ordered(u.Operands.Select(o => expanded[o]).Aggregate(Multiply)),
                Power w => OfPower(expanded[w.Base], expanded[w.Exponent]),
                _ => Cases.Rebuilt(u, o => expanded[o]),
            };
        return expanded[e];
    }

    private static Expr OfPower(Expr x, Expr y)
    {
        var power = Tidying.PowerOf(x, y);
        if (power is not Power { Base: Sum sum, WholeExponent: int n }) return power;
        if (n < 0) return n == -1 ? power : Power.Of(OfPower(sum, new Numeral((Rational)(-n))), Numeral.MinusOne);
        Expr product = sum;
        for (int i = 1; i < n; i++) product = Multiply(product, sum);
        return Ordered(product);
    }

    private static Expr Multiply(Expr x, Expr y)
    {
        IReadOnlyList<Expr> left = x is Sum ? x.Operands : [x], right = y is Sum ? y.Operands : [y];
        if ((long)left.Count * right.Count > MaxTerms)
            throw new InvalidOperationException(
                $"Expand: a product of {left.Count} by {right.Count} terms passes the limit of {MaxTerms}.");
        return Tidying.SumOf(left.SelectMany(a => right.Select(b => Tidying.ProductOf([a, b]))));
    }

    /// <summary>A sum of monomials in ascending total degree; any other sum as it is.</summary>
    private static Expr Ordered(Expr e)
    {
        if (e is not Sum) return e;
        var degrees = e.Operands.Select(Degree).ToList();
        return degrees.Contains(null) ? e : Sum.Of([.. e.Operands.Zip(degrees).OrderBy(t => t.Second).Select(t => t.First)]);
    }

    private static int? Degree(Expr term) => term switch
    {
        Numeral => 0,
        Variable => 1,
        Power { Base: Variable, WholeExponent: { } n } => n,
        Product p => p.Operands.Aggregate((int?)0, (sum, f) => sum + Degree(f)),
        _ => null,
    };
}
