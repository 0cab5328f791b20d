namespace Adjoint.Symbolic;

/// <summary>A quotient of two polynomials in one variable, in lowest terms.</summary>
internal readonly record struct RationalFunction(Polynomial Numerator, Polynomial Denominator)
{
    private const int MaxDegree = 64;

    /// <summary>
    /// The same formula over one denominator with common factors cancelled: (x² − 1)/(x − 1) is x + 1. Of a product, the factors
    /// that are no rational functions stay. Null when there is nothing to divide by.
    /// </summary>
    public static Expr? Reduced(Expr e)
    {
        if (e is Numeral || e.Variables is not [var name]) return null;
        Expr x = new Variable(name);
        if (!PostOrder.Of(e).Any(u => u is Power { WholeExponent: < 0 })) return null;
        if (From(e, name) is { } whole) return whole.ToExpr(x);
        if (e is not Product) return null;
        var parts = e.Operands.Select(f => (Factor: f, Function: From(f, name))).ToList();
        var rational = parts.Where(p => p.Function is not null).Select(p => p.Function!.Value).ToList();
        if (rational.All(r => r.Denominator.Degree < 1)) return null;
        var product = rational.Aggregate((p, q) => p * q);
        return Tidying.ProductOf([product.ToExpr(x), .. parts.Where(p => p.Function is null).Select(p => p.Factor)]);
    }

    public static RationalFunction operator +(RationalFunction p, RationalFunction q) =>
        Lowest(p.Numerator * q.Denominator + q.Numerator * p.Denominator, p.Denominator * q.Denominator);

    public static RationalFunction operator *(RationalFunction p, RationalFunction q) =>
        Lowest(p.Numerator * q.Numerator, p.Denominator * q.Denominator);

    private static RationalFunction Lowest(Polynomial numerator, Polynomial denominator)
    {
        if (denominator.Degree < 1) return new(Rational.One / denominator.Leading * numerator, new(1));
        var common = Polynomial.Gcd(numerator, denominator);
        return new(Polynomial.DivRem(numerator, common).Quotient, Polynomial.DivRem(denominator, common).Quotient);
    }

    private static RationalFunction? From(Expr e, string variable)
    {
        var known = new Dictionary<Expr, RationalFunction>();
        foreach (var u in PostOrder.Of(e))
        {
            RationalFunction? r = u switch
            {
                Numeral { Exact: { } c } => new(new(c), new(1)),
                Variable v when v.Name == variable => new(new(0, 1), new(1)),
                Sum => u.Operands.Select(o => known[o]).Aggregate((p, q) => p + q),
                Product => u.Operands.Select(o => known[o]).Aggregate((p, q) => p * q),
                Power { WholeExponent: { } n and >= -MaxDegree and <= MaxDegree } w => Pow(known[w.Base], n),
                _ => null,
            };
            if (r is not { } found || found.Numerator.Degree > MaxDegree || found.Denominator.Degree > MaxDegree) return null;
            known[u] = found;
        }
        return known[e];
    }

    private static RationalFunction? Pow(RationalFunction x, int n)
    {
        if (n < 0 && x.Numerator.IsZero || Math.Abs(n) * (long)Math.Max(x.Numerator.Degree, x.Denominator.Degree) > MaxDegree) return null;
        return n >= 0
            ? new(Polynomial.Pow(x.Numerator, n), Polynomial.Pow(x.Denominator, n))
            : new(Polynomial.Pow(x.Denominator, -n), Polynomial.Pow(x.Numerator, -n));
    }

    private Expr ToExpr(Expr x) => Denominator.Degree < 1
        ? (Rational.One / Denominator.Leading * Numerator).ToExpr(x)
        : Tidying.ProductOf([Numerator.ToExpr(x), Power.Of(Denominator.ToExpr(x).Factor(), Numeral.MinusOne)]);
}
