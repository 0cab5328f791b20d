using System.Numerics;

namespace Adjoint.Symbolic;

/// <summary>
/// A number modulo the prime 2⁶¹ − 1: the reading that decides whether two rational formulas are equal. Arithmetic is exact, so
/// two different polynomials of degree d agree at a random point with a probability below d / 2⁶¹.
/// Anything that is not + − × ÷ is undefined, and so is whatever it touches.
/// </summary>
internal readonly record struct Modular(ulong Residue, bool IsDefined = true) : IAlgebra<Modular>
{
    public const ulong Prime = (1UL << 61) - 1;

    private static Modular Undefined => new(0, false);

    public static Modular Of(Rational value) => Whole(value.Numerator) / Whole(value.Denominator);

    private static Modular Whole(BigInteger n)
    {
        var residue = n % Prime;
        return new((ulong)(residue.Sign < 0 ? residue + Prime : residue));
    }

    public static Modular Constant(double value) => Numeral.Of(value).Exact is { } exact ? Of(exact) : Undefined;

    public static Modular operator +(Modular x, Modular y) => new((x.Residue + y.Residue) % Prime, x.IsDefined && y.IsDefined);

    public static Modular operator -(Modular x, Modular y) => new((x.Residue + Prime - y.Residue) % Prime, x.IsDefined && y.IsDefined);

    public static Modular operator -(Modular x) => new((Prime - x.Residue) % Prime, x.IsDefined);

    public static Modular operator *(Modular x, Modular y) =>
        new((ulong)((UInt128)x.Residue * y.Residue % Prime), x.IsDefined && y.IsDefined);

    public static Modular operator /(Modular x, Modular y) => y.Residue == 0 ? Undefined : x * y.Inverse();

    /// <summary>x^(p−2), by Fermat's little theorem.</summary>
    private Modular Inverse()
    {
        Modular result = new(1, IsDefined), power = this;
        for (ulong n = Prime - 2; n > 0; n >>= 1, power *= power)
            if ((n & 1) == 1) result *= power;
        return result;
    }

    public static Modular Apply<TOp>(Modular x) where TOp : struct, IPrimitive => Undefined;

    public static Modular Apply<TOp>(Modular x, Modular y) where TOp : struct, IBinaryPrimitive => Undefined;

    public static Modular IfLess(Modular x, Modular y, Modular then, Modular otherwise) => Undefined;

    public static Modular IfEqual(Modular x, Modular y, Modular then, Modular otherwise) => Undefined;
}
