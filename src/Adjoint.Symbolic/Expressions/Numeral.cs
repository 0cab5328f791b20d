using System.Globalization;

namespace Adjoint.Symbolic;

/// <summary>A number: an exact fraction where one is known, otherwise a double.</summary>
public sealed record Numeral : Expr
{
    /// <summary>The exact number <paramref name="exact"/>.</summary>
    public Numeral(Rational exact) : this(exact, (double)exact) { }

    private Numeral(Rational? exact, double value) : base(HashCode.Combine(typeof(Numeral), exact, exact is null ? value : 0)) =>
        (Exact, Value) = (exact, value);

    /// <summary>The fraction, or null when only the double is known.</summary>
    public Rational? Exact { get; }

    /// <summary>The nearest double.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Operands => [];

    /// <summary>0.</summary>
    public static Numeral Zero { get; } = new(Rational.Zero);

    /// <summary>1.</summary>
    public static Numeral One { get; } = new(Rational.One);

    /// <summary>−1.</summary>
    public static Numeral MinusOne { get; } = new((Rational)(-1));

    /// <summary>
    /// The number a double stands for. Whole numbers and decimals of at most 12 digits are meant exactly (0.1 is 1/10, whose
    /// nearest double is 0.1 again); anything longer, like 0.7978845608028654, is some rounded real and stays a double.
    /// </summary>
    public static Numeral Of(double value)
    {
        if (!double.IsFinite(value)) return new(null, value);
        if (value == Math.Truncate(value) && Math.Abs(value) < 1L << 53)
            return value == 0 && double.IsNegative(value) ? Zero : new((Rational)(System.Numerics.BigInteger)value);
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        bool brief = text.AsSpan().TrimStart("-0.").IndexOf('E') < 0 && text.Count(char.IsAsciiDigit) <= 13;
        return brief && Rational.FromDecimal(text) is { } exact ? new(exact) : new(null, value);
    }

    internal bool Is(int value) => Exact is { } exact && exact == value;

    /// <summary>Exact where both are.</summary>
    internal static Numeral Add(Numeral x, Numeral y) =>
        x.Exact is { } p && y.Exact is { } q ? new(p + q) : Of(x.Value + y.Value);

    /// <summary>Exact where both are.</summary>
    internal static Numeral Multiply(Numeral x, Numeral y) =>
        x.Exact is { } p && y.Exact is { } q ? new(p * q) : Of(x.Value * y.Value);

    /// <summary>xʸ when it is a number that needs no rounding, or when x is itself a rounded one; otherwise null.</summary>
    internal static Numeral? Pow(Numeral x, Numeral y)
    {
        if (x.Exact is null && y.Is(-1)) return null;        // a quotient is divided, not multiplied with a rounded reciprocal
        if (x.Exact is not { } b || y.Exact is not { } e)
            return double.IsFinite(Math.Pow(x.Value, y.Value)) ? Of(Math.Pow(x.Value, y.Value)) : null;
        if (e.IsZero) return One;
        if (b.IsZero) return e.Sign > 0 ? Zero : null;
        if (e.IsInteger && System.Numerics.BigInteger.Abs(e.Numerator) <= 1024) return new(Rational.Pow(b, (int)e.Numerator));
        if (e.Denominator != 2 || b.Sign < 0 || System.Numerics.BigInteger.Abs(e.Numerator) > 64) return null;
        var root = new Rational(
            (System.Numerics.BigInteger)Math.Sqrt((double)b.Numerator), (System.Numerics.BigInteger)Math.Sqrt((double)b.Denominator));
        return root * root == b ? new(Rational.Pow(root, (int)e.Numerator)) : null;
    }

    /// <inheritdoc/>
    public bool Equals(Numeral? other) => base.Equals(other) && Exact == other!.Exact && (Exact is not null || Value.Equals(other.Value));

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal override Expr With(IReadOnlyList<Expr> operands) => this;
}
