using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>eˣ − 1 = 2ⁿ·(e^r − 1) + (2ⁿ − 1). At most 2 ulp in float and double, near 0 too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Expm1<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R zero = R.Constant(0);
        if (R.Equal(x, zero) == ulong.MaxValue >> (64 - R.Count)) return x;
        R bounded = typeof(T) == typeof(float) ? Between<R, T>(x, -30, 89) : Between<R, T>(x, -60, 709.8);
        R n = R.Round(bounded * 1.4426950408889634);
        R r = LessMultipleOfLn2<R, T>(bounded, n);
        // Half of the result first: 2ⁿ itself may be too large.
        R half = R.Pow2(n - 1);
        R y = R.MultiplyAdd(half, ExpM1OfSmall<R, T>(r), half - 0.5) * 2;
        // The smallest arguments are their own value; half of a subnormal number would lose its last bit, and −0 its sign.
        R tiny = Constant<R, T>(1e-15, 1e-30);
        return R.IfLess(R.Abs(x), tiny, x, y);
    }

    /// <summary>eˣ − 1 for 0 ≤ x ≤ 60, and what it lacks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Expm1OfModerate<R, T>(R x, out R low) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R n = R.Round(x * 1.4426950408889634), power = R.Pow2(n), whole = power - 1;
        R r = LessMultipleOfLn2<R, T>(x, n, out R rLow), rest = r * r * ExpM1Tail<R, T>(r), u = r + rest;
        R uLow = r - u + rest + R.MultiplyAdd(rLow, u, rLow);
        R y = R.MultiplyAdd(power, u, whole);
        low = R.MultiplyAdd(power, u, whole - y) + power * uLow;
        return y;
    }
}
