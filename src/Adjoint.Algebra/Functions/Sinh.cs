using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>sinh x: x + x³·p(x²) below 1, half the difference of eˣ and e⁻ˣ from there on. At most 3 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sinh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), half = HalfExp<R, T>(size);
        return R.CopySign(R.IfLess(size, R.Constant(1), SinhOfSmall<R, T>(size), half - 0.25 / half), x);
    }

    /// <summary>eˣ/2 for x ≥ 0, finite as long as sinh x is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R HalfExp<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R bound = Constant<R, T>(90, 711);
        x = R.IfLess(bound, x, bound, x);
        R n = R.Round(x * 1.4426950408889634);
        return TimesPow2<R, T>(ExpM1OfSmall<R, T>(LessMultipleOfLn2<R, T>(x, n)) + 1, n - 1);
    }

    /// <summary>sinh x for 0 ≤ x ≤ 1: x + x³·p(x²). See Note [Polynomials].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R SinhOfSmall<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R z = R.IfLess(x, R.Constant(1), x * x, R.Constant(1));
        R p;
        if (typeof(T) == typeof(float))
        {
            p = R.Constant(2.8062802582276946e-06);
            p = Next<R, T>(p, z, 0.00019838101968683888);
            p = Next<R, T>(p, z, 0.00833333967591706);
            p = Next<R, T>(p, z, 0.16666666646842135);
        }
        else
        {
            p = R.Constant(2.8445264169895285e-15);
            p = Next<R, T>(p, z, 7.646625361656657e-13);
            p = Next<R, T>(p, z, 1.6059048396350562e-10);
            p = Next<R, T>(p, z, 2.505210836405804e-08);
            p = Next<R, T>(p, z, 2.755731922404034e-06);
            p = Next<R, T>(p, z, 0.00019841269841269773);
            p = Next<R, T>(p, z, 0.008333333333333333);
            p = Next<R, T>(p, z, 0.16666666666666666);
        }
        return R.MultiplyAdd(x * z, p, x);
    }
}
