namespace Adjoint.Symbolic;

/// <summary>Square roots as powers: √u·√u is u, 1/√u³ is u^(−3/2).</summary>
internal static class Roots
{
    /// <summary>uᵃ·(√u)ᵇ → u^(a + b/2), no roots left.</summary>
    public static Expr AsPowers(Expr term) => Tidying.ProductOf(Factors(term).Select(f =>
        Power.Split(f) is (UnaryCall { Function.Name: "sqrt", Argument: var u }, var power) ? Power.Of(u, (power / 2).Tidy()) : f));

    /// <summary>The other way around: u^½ → √u and u^−½ → 1/√u.</summary>
    public static Expr Written(Expr term) => Tidying.ProductOf(Factors(term).Select(f =>
        f is Power { Exponent: Numeral { Exact: { } n } } p && (n == Half || n == -Half)
            ? Power.Of(p.Base.Sqrt(), new Numeral(n / Half))
            : f));

    private static Rational Half => new(1, 2);

    private static IReadOnlyList<Expr> Factors(Expr term) => term is Product ? term.Operands : [term];
}
