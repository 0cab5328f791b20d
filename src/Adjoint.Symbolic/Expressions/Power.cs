namespace Adjoint.Symbolic;

/// <summary>Base to the power of exponent. An exponent −1 is what a quotient is made of.</summary>
public sealed record Power : Expr
{
    internal Power(Expr @base, Expr exponent) : base(HashCode.Combine(typeof(Power), @base, exponent), @base, exponent) =>
        (Base, Exponent) = (@base, exponent);

    /// <summary>What is raised.</summary>
    public Expr Base { get; }

    /// <summary>To which power.</summary>
    public Expr Exponent { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Operands => [Base, Exponent];

    /// <summary>xʸ: x for y = 1, 1 for y = 0, the number itself where it is exact.</summary>
    public static Expr Of(Expr x, Expr y)
    {
        x.Given();
        y.Given();
        if (y.IsOne) return x;
        if (y.IsZero || x.IsOne) return Numeral.One;
        return x is Numeral m && y is Numeral n && Numeral.Pow(m, n) is { } power ? power : new Power(x, y);
    }

    /// <summary>The exponent, when it is a whole number of reasonable size.</summary>
    internal int? WholeExponent =>
        Exponent is Numeral { Exact: { IsInteger: true } n } && System.Numerics.BigInteger.Abs(n.Numerator) <= 4096
            ? (int)n.Numerator
            : null;

    /// <summary>Splits into base and exponent: x is (x, 1).</summary>
    internal static (Expr Base, Expr Exponent) Split(Expr e) => e is Power p ? (p.Base, p.Exponent) : (e, Numeral.One);

    /// <inheritdoc/>
    public bool Equals(Power? other) =>
        ReferenceEquals(this, other) || base.Equals(other) && Base.Equals(other!.Base) && Exponent.Equals(other.Exponent);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal override Expr With(IReadOnlyList<Expr> operands) => Of(operands[0], operands[1]);
}
