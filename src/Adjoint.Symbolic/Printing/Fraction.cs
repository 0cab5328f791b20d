namespace Adjoint.Symbolic;

/// <summary>A term as it is written: a sign, what stands above the bar and what below.</summary>
internal readonly record struct Fraction(bool IsNegative, IReadOnlyList<Expr> Numerator, IReadOnlyList<Expr> Denominator)
{
    /// <summary>Splits a product, a power or a number; anything else is its own numerator.</summary>
    public static Fraction Of(Expr e)
    {
        IReadOnlyList<Expr> factors = e is Product ? e.Operands : [e];
        List<Expr> above = [], below = [];
        bool negative = false;
        for (int i = 0; i < factors.Count; i++)
        {
            switch (factors[i])
            {
                case Numeral { Exact: { } q } when i == 0:
                    negative = q.Sign < 0;
                    q = Rational.Abs(q);
                    if (Notation.Decimal(q) is not null)
                    {
                        above.Add(new Numeral(q));
                        break;
                    }
                    if (!q.Numerator.IsOne) above.Add(new Numeral((Rational)q.Numerator));
                    if (!q.IsInteger) below.Add(new Numeral((Rational)q.Denominator));
                    break;
                case Numeral { Value: < 0 } n when i == 0:
                    negative = true;
                    above.Add(Numeral.Multiply(Numeral.MinusOne, n));
                    break;
                case Numeral { Exact: { IsInteger: false, Numerator.IsOne: true } q }:     // x·½ as it was written: x/2
                    below.Add(new Numeral((Rational)q.Denominator));
                    break;
                case Power { Exponent: Numeral { Value: < 0 } n } p:
                    below.Add(Power.Of(p.Base, Numeral.Multiply(Numeral.MinusOne, n)));
                    break;
                default:
                    above.Add(factors[i]);
                    break;
            }
        }
        if (above.Count == 0) above.Add(Numeral.One);
        return new(negative, above, below);
    }
}
