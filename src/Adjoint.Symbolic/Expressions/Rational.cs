using System.Globalization;
using System.Numerics;

namespace Adjoint.Symbolic;

/// <summary>An exact fraction p/q in lowest terms, with q &gt; 0 and no limit on either.</summary>
public readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private readonly BigInteger _denominatorLessOne;

    /// <summary>The fraction <paramref name="numerator"/> / <paramref name="denominator"/>, reduced.</summary>
    /// <exception cref="ArgumentException">The denominator is zero.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new ArgumentException($"{numerator}/0: a fraction needs a denominator other than zero.", nameof(denominator));
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        _denominatorLessOne = denominator / divisor - 1;
    }

    private Rational(BigInteger whole) => Numerator = whole;

    /// <summary>0.</summary>
    public static Rational Zero => default;

    /// <summary>1.</summary>
    public static Rational One => new(BigInteger.One);

    /// <summary>The numerator; it carries the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The denominator, positive. (Stored less one, so that <c>default</c> is 0/1.)</summary>
    public BigInteger Denominator => _denominatorLessOne + 1;

    /// <summary>Whether the denominator is 1.</summary>
    public bool IsInteger => _denominatorLessOne.IsZero;

    /// <summary>Whether the value is 0.</summary>
    public bool IsZero => Numerator.IsZero;

    /// <summary>−1, 0 or 1.</summary>
    public int Sign => Numerator.Sign;

    /// <summary>A whole number.</summary>
    public static implicit operator Rational(BigInteger value) => new(value);

    /// <summary>A whole number.</summary>
    public static implicit operator Rational(int value) => new((BigInteger)value);

    /// <summary>x + y.</summary>
    public static Rational operator +(Rational x, Rational y) => x.IsInteger && y.IsInteger
        ? new(x.Numerator + y.Numerator)
        : new(x.Numerator * y.Denominator + y.Numerator * x.Denominator, x.Denominator * y.Denominator);

    /// <summary>x − y.</summary>
    public static Rational operator -(Rational x, Rational y) => x + -y;

    /// <summary>−x.</summary>
    public static Rational operator -(Rational x) => x.IsInteger ? new(-x.Numerator) : new(-x.Numerator, x.Denominator);

    /// <summary>x · y.</summary>
    public static Rational operator *(Rational x, Rational y) => x.IsInteger && y.IsInteger
        ? new(x.Numerator * y.Numerator)
        : new(x.Numerator * y.Numerator, x.Denominator * y.Denominator);

    /// <summary>x / y.</summary>
    /// <exception cref="ArgumentException">y is zero.</exception>
    public static Rational operator /(Rational x, Rational y) =>
        y.IsZero ? throw new ArgumentException($"{x} / 0 is no fraction.", nameof(y))
        : new(x.Numerator * y.Denominator, x.Denominator * y.Numerator);

    /// <summary>Whether both are the same number.</summary>
    public static bool operator ==(Rational x, Rational y) => x.Equals(y);

    /// <summary>Whether they are different numbers.</summary>
    public static bool operator !=(Rational x, Rational y) => !x.Equals(y);

    /// <summary>x &lt; y.</summary>
    public static bool operator <(Rational x, Rational y) => x.CompareTo(y) < 0;

    /// <summary>x &gt; y.</summary>
    public static bool operator >(Rational x, Rational y) => x.CompareTo(y) > 0;

    /// <summary>|x|.</summary>
    public static Rational Abs(Rational x) => x.Sign < 0 ? -x : x;

    /// <summary>xⁿ.</summary>
    /// <exception cref="ArgumentException">x is zero and n negative.</exception>
    public static Rational Pow(Rational x, int n) => n >= 0
        ? new(BigInteger.Pow(x.Numerator, n), BigInteger.Pow(x.Denominator, n))
        : x.IsZero ? throw new ArgumentException($"Pow: 0 to the power {n} is no fraction.", nameof(x))
        : n > int.MinValue ? One / Pow(x, -n)
        : throw new ArgumentOutOfRangeException(nameof(n), n, $"Pow: the power {n} has no opposite, so it cannot be formed.");

    /// <summary>The largest number of which both are whole multiples.</summary>
    public static Rational Gcd(Rational x, Rational y) => new(
        BigInteger.GreatestCommonDivisor(x.Numerator * y.Denominator, y.Numerator * x.Denominator), x.Denominator * y.Denominator);

    /// <summary>
    /// The fraction a decimal literal says exactly: <c>0.1</c> is 1/10, although no double is.
    /// Null for anything that is not a plain finite decimal or whose exponent passes 400.
    /// </summary>
    public static Rational? FromDecimal(ReadOnlySpan<char> text)
    {
        int e = text.IndexOfAny('e', 'E');
        int exponent = 0;
        if (e >= 0 && !int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return null;
        var mantissa = e >= 0 ? text[..e] : text;
        int point = mantissa.IndexOf('.');
        string digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        if (point >= 0) exponent -= mantissa.Length - point - 1;
        if (Math.Abs((long)exponent) > 400 || digits.Length > 1000) return null;
        if (!BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return null;
        var scale = BigInteger.Pow(10, Math.Abs(exponent));
        return exponent < 0 ? new Rational(whole, scale) : new Rational(whole * scale);
    }

    /// <summary>The nearest double.</summary>
    public static explicit operator double(Rational x)
    {
        var p = BigInteger.Abs(x.Numerator);
        long above = p.GetBitLength(), below = x.Denominator.GetBitLength();
        if (Math.Max(above, below) <= 53)
            return (double)x.Numerator / (double)x.Denominator;    // both exact, so the quotient is rounded once
        // Note [Fractions to doubles]: the quotient is taken with 62 significant bits and a sticky last bit, so that converting that
        // whole number to double rounds exactly as the fraction itself would. It must be a long: (double)BigInteger cuts off instead.
        int shift = (int)(below - above) + 62;
        var q = shift >= 0
            ? BigInteger.DivRem(p << shift, x.Denominator, out var rest)
            : BigInteger.DivRem(p, x.Denominator << -shift, out rest);
        return x.Sign * Math.ScaleB((long)q | (rest.IsZero ? 0L : 1L), -shift);
    }

    /// <inheritdoc/>
    public bool Equals(Rational other) => Numerator == other.Numerator && _denominatorLessOne == other._denominatorLessOne;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Numerator, _denominatorLessOne);

    /// <inheritdoc/>
    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary><c>3</c> or <c>3/4</c>.</summary>
    public override string ToString() => IsInteger ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
