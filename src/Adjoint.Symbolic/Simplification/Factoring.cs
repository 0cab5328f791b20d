namespace Adjoint.Symbolic;

/// <summary>Factors of polynomials in one variable; see <see cref="Expr.Factor"/>.</summary>
internal static class Factoring
{
    /// <summary>Polynomials of higher degree are left alone: exact division makes their coefficients explode.</summary>
    private const int MaxDegree = 256;

    public static Expr Factor(Expr e)
    {
        if (e.Variables is not [var name] || Polynomial.From(e, name, MaxDegree) is not { Degree: > 0 } p) return e.Tidy();
        Expr x = new Variable(name);
        var factors = new List<(Polynomial Factor, int Power)>();
        foreach (var (part, multiplicity) in p.SquareFree()) factors.AddRange(Split(part).Select(f => (f, multiplicity)));
        var content = p.Leading / factors.Aggregate(Rational.One, (c, f) => c * Rational.Pow(f.Factor.Leading, f.Power));
        // −(1 − x)(1 + x) reads better as (x − 1)(1 + x).
        int turned = factors.FindIndex(f => f.Power % 2 == 1 && f.Factor.Leading.Sign < 0);
        if (content.Sign < 0 && turned >= 0)
        {
            factors[turned] = ((Rational)(-1) * factors[turned].Factor, factors[turned].Power);
            content = -content;
        }
        return Tidying.ProductOf(
            [new Numeral(content), .. factors.Select(f => Power.Of(Written(f.Factor, x), new Numeral((Rational)f.Power)))]);
    }

    /// <summary>Linear factors for the rational roots, x itself first, and what is left.</summary>
    private static List<Polynomial> Split(Polynomial p)
    {
        var factors = new List<Polynomial>();
        foreach (var root in p.RationalRoots().Order().ToList())
        {
            var linear = new Polynomial(-root, 1).Primitive;
            factors.Add(linear);
            p = Polynomial.DivRem(p, linear).Quotient;
        }
        factors.Sort((a, b) => a.Coefficients[0].IsZero.CompareTo(b.Coefficients[0].IsZero) * -1);
        if (p.Degree > 0) factors.Add(p.Primitive);
        return factors;
    }

    private static Expr Written(Polynomial p, Expr x)
    {
        var ascending = p.ToExpr(x);
        return p.Lowest.Sign < 0 && ascending is Sum ? Sum.Of([.. ascending.Operands.Reverse()]) : ascending;
    }

    /// <summary>
    /// A polynomial in one variable with its numeric content in front of the bracket: 16(1 − 10x + 24x² − 16x³).
    /// Null when the formula is none or has no content.
    /// </summary>
    public static Expr? WithoutContent(Expr e)
    {
        if (e is not Sum) return null;
        var coefficients = e.Operands.Select(t => Product.Split(t).Coefficient.Exact).ToList();
        if (coefficients.Contains(null)) return null;
        var content = coefficients.Aggregate(Rational.Zero, (c, d) => Rational.Gcd(c, d!.Value)) * coefficients[0]!.Value.Sign;
        if (content == 1) return null;
        var scale = new Numeral(Rational.One / content);
        return Tidying.Scale(new Numeral(content), Sum.Of([.. e.Operands.Select(t => Tidying.ProductOf([scale, t]))]));
    }
}
