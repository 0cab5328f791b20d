using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>tanh x. At most 1 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Tanh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        // Beyond the bound the result is ±1.
        R bound = Constant<R, T>(10, 22), magnitude = R.Abs(x);
        magnitude = R.IfLess(bound, magnitude, bound, magnitude);
        return R.CopySign(typeof(T) == typeof(float) ? TanhInFloat<R, T>(magnitude) : TanhInDouble<R, T>(magnitude), x);
    }

    /// <summary>
    /// x + x³·p(x²) up to 0.7. Beyond with s = e^2x + 1, which is rounded once: (s − 2)/s, whose numerator is exact, and from 4 on 1 − 2/s,
    /// where the quotient is small. See Note [Polynomials].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R TanhInFloat<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R z = x * x, p = R.Constant(0.0020584805454813174);
        p = Next<R, T>(p, z, -0.008111132438892039);
        p = Next<R, T>(p, z, 0.021688494277011097);
        p = Next<R, T>(p, z, -0.053948029451335595);
        p = Next<R, T>(p, z, 0.13333249420341256);
        p = Next<R, T>(p, z, -0.3333333276269317);
        R small = R.MultiplyAdd(x * z, p, x);

        R twice = x + x, n = R.Round(twice * 1.4426950408889634), power = R.Pow2(n);
        R s = R.MultiplyAdd(power, ExpM1OfSmall<R, T>(LessMultipleOfLn2<R, T>(twice, n)), power + 1), middle = R.Constant(4);
        R large = R.IfLess(x, middle, s - 2, R.Constant(-2)) / s + R.IfLess(x, middle, R.Constant(0), R.Constant(1));
        return R.IfLess(x, R.Constant(0.7), small, large);
    }

    /// <summary>t/(t + 2) with t = e^2x − 1, which loses nothing near 0. What t, the sum and the quotient lack is carried along.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R TanhInDouble<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R two = R.Constant(2), t = Expm1OfModerate<R, T>(x + x, out R tLow);
        R sum = t + 2, sumLow = R.IfLess(t, two, two, t) - sum + R.IfLess(t, two, t, two) + tLow;
        R inverse = 1 / sum, y = t * inverse;
        return R.MultiplyAdd(R.MultiplyAdd(-y, sum, t) + R.MultiplyAdd(-y, sumLow, tLow), inverse, y);
    }
}
