namespace Adjoint.Symbolic;

/// <summary>What all terms of a sum share, in front of a bracket: the lowest power of every base, negative ones included.</summary>
/// <remarks>Negative powers are how fractions come to a common denominator: u′/v − u·v′/v² is v⁻²·(u′·v − u·v′).</remarks>
internal static class CommonFactor
{
    public static Expr? Of(Sum sum)
    {
        var summands = sum.Operands.Select(Roots.AsPowers).ToList();
        var terms = summands.Select(Powers).ToList();
        var common = new OrderedDictionary<Expr, Rational>();
        foreach (var @base in terms.SelectMany(t => t.Keys).Distinct())
        {
            var lowest = terms.Min(t => t.GetValueOrDefault(@base, Rational.Zero));
            if (!lowest.IsZero) common[@base] = lowest;
        }
        if (common.Count == 0) return null;
        var factor = Roots.Written(Product.Of([.. common.Select(c => Power.Of(c.Key, new Numeral(c.Value)))]));
        var divisor = common.Select(c => Power.Of(c.Key, new Numeral(-c.Value))).ToList();
        var bracket = Tidying.SumOf(summands.Select(t => Roots.Written(Tidying.ProductOf([t, .. divisor]))));
        return Tidying.ProductOf([factor, Rules.WorthExpanding(bracket) ? bracket.Expand() : bracket]);
    }

    private static Dictionary<Expr, Rational> Powers(Expr term)
    {
        var powers = new Dictionary<Expr, Rational>();
        foreach (var factor in term is Product p ? p.Operands : [term])
        {
            if (factor is Numeral) continue;
            var (@base, exponent) = Power.Split(factor) is (var b, Numeral { Exact: { } n }) ? (b, n) : (factor, Rational.One);
            powers[@base] = powers.GetValueOrDefault(@base, Rational.Zero) + exponent;
        }
        return powers;
    }
}
