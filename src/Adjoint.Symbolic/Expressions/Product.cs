namespace Adjoint.Symbolic;

/// <summary>A product of two or more factors, in the order they were written; a leading <see cref="Number"/> is its coefficient.</summary>
public sealed record Product : Expr
{
    private readonly Expr[] _factors;

    internal Product(Expr[] factors) : base(Unordered.Hash(typeof(Product), factors), factors) => _factors = factors;

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Operands => _factors;

    /// <summary>x · y; the factors of a product on the left are taken over, see <see cref="Sum.Of(Expr, Expr)"/>.</summary>
    public static Expr Of(Expr x, Expr y)
    {
        x.Given();
        y.Given();
        if (x.IsZero || y.IsZero) return Numeral.Zero;
        if (x.IsOne) return y;
        if (y.IsOne) return x;
        if (x is Numeral m)
        {
            if (y is Numeral n) return Numeral.Multiply(m, n);
            // A sign, and a coefficient with another, move into the product: −(2x) is (−2)x, and no rounding changes.
            if (y is Product right && right._factors[0] is Numeral k) return Of([Numeral.Multiply(m, k), .. right._factors[1..]]);
            if (y is Product p && m.Is(-1)) return new Product([m, .. p._factors]);
        }
        return x is Product left ? new Product([.. left._factors, y]) : new Product([x, y]);
    }

    /// <summary>The product of any number of factors; 1 for none.</summary>
    internal static Expr Of(IReadOnlyList<Expr> factors) => factors.Count switch
    {
        0 => Numeral.One,
        1 => factors[0],
        _ => factors[0].IsOne ? Of([.. factors.Skip(1)]) : new Product([.. factors]),
    };

    /// <summary>Splits off the numeric coefficient: −2·x·y is (−2, x·y), and x is (1, x).</summary>
    internal static (Numeral Coefficient, Expr Others) Split(Expr e) => e switch
    {
        Numeral n => (n, Numeral.One),
        Product p when p._factors[0] is Numeral n => (n, Of(p._factors[1..])),
        _ => (Numeral.One, e),
    };

    /// <summary>Equality up to the order of the factors.</summary>
    public bool Equals(Product? other) => ReferenceEquals(this, other) || base.Equals(other) && Unordered.Same(_factors, other!._factors);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal override Expr With(IReadOnlyList<Expr> operands) => operands.Aggregate(Of);
}
