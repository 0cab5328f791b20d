using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>arctan x. At most 3 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Atan<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), one = R.Constant(1);
        // tan 3π/8 and tan π/8 part three thirds, in which the angle less π/2, π/4 and 0 has a small tangent.
        R beyond = R.Constant(2.414213562373095), middle = R.Constant(0.4142135623730951);
        R above = R.IfLess(beyond, size, -one, R.IfLess(middle, size, size - 1, size));
        R below = R.IfLess(beyond, size, size, R.IfLess(middle, size, size + 1, one));
        R turn = R.IfLess(beyond, size, R.Constant(1), R.IfLess(middle, size, R.Constant(0.5), R.Constant(0)));
        return R.CopySign(AtanFrom<R, T>(turn, above / below), x);
    }

    /// <summary>turn·π/2 + arctan t for |t| ≤ tan π/8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R AtanFrom<R, T>(R turn, R t) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R high = Constant<R, T>(1.5707963705062866, 1.5707963267948966);
        R low = Constant<R, T>(-4.371138828673793e-08, 6.123233995736766e-17);
        return R.MultiplyAdd(turn, high, R.MultiplyAdd(turn, low, AtanOfSmall<R, T>(t)));
    }

    /// <summary>arctan t for |t| ≤ tan π/8: t + t³·p(t²). See Note [Polynomials].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R AtanOfSmall<R, T>(R t) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R z = t * t;
        R p;
        if (typeof(T) == typeof(float))
        {
            p = R.Constant(-0.06451718869358956);
            p = Next<R, T>(p, z, 0.10743668324830098);
            p = Next<R, T>(p, z, -0.14263949753605723);
            p = Next<R, T>(p, z, 0.1999954031495797);
            p = Next<R, T>(p, z, -0.33333331760434554);
        }
        else
        {
            p = R.Constant(0.016284375050043386);
            p = Next<R, T>(p, z, -0.034569315063326084);
            p = Next<R, T>(p, z, 0.045515447340221615);
            p = Next<R, T>(p, z, -0.05230443640686948);
            p = Next<R, T>(p, z, 0.05878927554473807);
            p = Next<R, T>(p, z, -0.0666642476020052);
            p = Next<R, T>(p, z, 0.07692296368042296);
            p = Next<R, T>(p, z, -0.09090908753259112);
            p = Next<R, T>(p, z, 0.11111111105150588);
            p = Next<R, T>(p, z, -0.14285714285659779);
            p = Next<R, T>(p, z, 0.19999999999999804);
            p = Next<R, T>(p, z, -0.3333333333333333);
        }
        return R.MultiplyAdd(t * z, p, t);
    }
}
