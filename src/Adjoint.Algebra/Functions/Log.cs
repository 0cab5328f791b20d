using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>ln x. At most 1 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (!AllNormal<R, T>(x)) return LogOfAny<R, T>(x);
        return LogOfNormal<R, T>(x, R.Constant(0));
    }

    /// <summary>Whether no lane is zero, negative, subnormal, infinite or NaN, which are rare: one test for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AllNormal<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        ulong all = ulong.MaxValue >> (64 - R.Count);
        R smallest = Constant<R, T>(1.17549435e-38f, 2.2250738585072014e-308);
        return (R.Less(smallest, x) & R.Less(x, R.Constant(double.PositiveInfinity))) == all;
    }

    /// <summary>x·2^−shift, which is normal if x is positive and finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Normal<R, T>(R x, out R shift) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R smallest = Constant<R, T>(1.17549435e-38f, 2.2250738585072014e-308);
        shift = R.IfLess(x, smallest, R.Constant(-54), R.Constant(0));
        return R.IfLess(x, smallest, x * 18014398509481984.0, x);
    }

    /// <summary>A logarithm: y where x is positive and finite, else what it tends to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R LogOfSpecial<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R zero = R.Constant(0), infinity = R.Constant(double.PositiveInfinity), nan = R.Constant(double.NaN);
        return R.IfEqual(x, zero, -infinity, R.IfLess(zero, x, R.IfLess(x, infinity, y, x), nan));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static R LogOfAny<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged =>
        LogOfSpecial<R, T>(x, LogOfNormal<R, T>(Normal<R, T>(x, out R shift), shift));

    /// <summary>
    /// ln x + shift·ln 2 for a positive normal x = m·2ᵉ: with f = m − 1 and s = f/(2 + f), ln m = f − f²/2 + s·(f²/2 + s²·R(s²))
    /// (Tang's form). See Note [Polynomials].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R LogOfNormal<R, T>(R x, R shift) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R f = R.Mantissa(x, out R e) - 1;
        e += shift;
        R s = f / (f + 2), z = s * s, square = f * f * 0.5;
        R p;
        if (typeof(T) == typeof(float))
        {
            p = R.Constant(0.2333069667245578);
            p = Next<R, T>(p, z, 0.28550812382590146);
            p = Next<R, T>(p, z, 0.4000012191414928);
            p = Next<R, T>(p, z, 0.6666666655440618);
        }
        else
        {
            p = R.Constant(0.14616721179861816);
            p = Next<R, T>(p, z, 0.15331699633543858);
            p = Next<R, T>(p, z, 0.18182889786191042);
            p = Next<R, T>(p, z, 0.2222221112572281);
            p = Next<R, T>(p, z, 0.28571428626031065);
            p = Next<R, T>(p, z, 0.3999999999989938);
            p = Next<R, T>(p, z, 0.666666666666667);
        }
        R high = Constant<R, T>(0.693145751953125, 0.6931471805598903);
        R low = Constant<R, T>(1.4286068203094173e-06, 5.497923018708371e-14);
        return R.MultiplyAdd(e, high, f - (square - R.MultiplyAdd(e, low, s * R.MultiplyAdd(z, p, square))));
    }
}
