using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>erf x. At most 1.5 ulp in float, 2 in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erf<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R magnitude = R.Abs(x), one = R.Constant(1);
        R y = R.IfLess(magnitude, one, ErfOfSmall<R, T>(magnitude), 1 - ErfcOfLarge<R, T>(magnitude));
        return R.CopySign(y, x);
    }

    /// <summary>1 − erf x, for large x without the subtraction. At most 5 ulp in float and 4 in double, where the result is a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erfc<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R magnitude = R.Abs(x), zero = R.Constant(0);
        R tail = ErfcOfLarge<R, T>(magnitude), small = R.CopySign(ErfOfSmall<R, T>(magnitude), x);
        return R.IfLess(magnitude, R.Constant(0.5), 1 - small, R.IfLess(x, zero, 2 - tail, tail));
    }

    /// <summary>erf x for 0 ≤ x ≤ 1: x + x·p(x²). See Note [Polynomials].</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static R ErfOfSmall<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R z = x * x;
        R p;
        if (typeof(T) == typeof(float))
        {
            p = R.Constant(7.875875062685488e-05);
            p = Next<R, T>(p, z, -0.000801686428716587);
            p = Next<R, T>(p, z, 0.005189087423433974);
            p = Next<R, T>(p, z, -0.026854212010626412);
            p = Next<R, T>(p, z, 0.11283594715160218);
            p = Next<R, T>(p, z, -0.37612626666720334);
            p = Next<R, T>(p, z, 0.12837916584835093);
        }
        else
        {
            p = R.Constant(-7.795898827002142e-10);
            p = Next<R, T>(p, z, 1.3720064546777686e-08);
            p = Next<R, T>(p, z, -1.6208483801871705e-07);
            p = Next<R, T>(p, z, 1.6447424703317362e-06);
            p = Next<R, T>(p, z, -1.492473690741966e-05);
            p = Next<R, T>(p, z, 0.00012055294904839707);
            p = Next<R, T>(p, z, -0.0008548325975389692);
            p = Next<R, T>(p, z, 0.0052239776071164225);
            p = Next<R, T>(p, z, -0.02686617064323777);
            p = Next<R, T>(p, z, 0.11283791670945006);
            p = Next<R, T>(p, z, -0.37612638903183543);
            p = Next<R, T>(p, z, 0.12837916709551256);
        }
        return R.MultiplyAdd(x, p, x);
    }

    /// <summary>
    /// erfc x for x ≥ ½: e⁻ˣ²·p(t)/(1 + 2x) with t = (x − 3)/(x + 3), which brings all x into [−0.72, 1). See Note [Polynomials].
    /// What is lost in squaring x is given back as a factor.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static R ErfcOfLarge<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R bound = R.Constant(typeof(T) == typeof(float) ? 10.5 : 28);
        x = R.IfLess(bound, x, bound, x);
        R t = (x - 3) / (x + 3);
        R p;
        if (typeof(T) == typeof(float))
        {
            p = R.Constant(-0.00019303116364391477);
            p = Next<R, T>(p, t, -0.000699347148792921);
            p = Next<R, T>(p, t, 0.0019583689209512743);
            p = Next<R, T>(p, t, 0.0025107084644217783);
            p = Next<R, T>(p, t, -0.02378970349700827);
            p = Next<R, T>(p, t, 0.06830980044426023);
            p = Next<R, T>(p, t, -0.11927149290743135);
            p = Next<R, T>(p, t, 0.12964509638260002);
            p = Next<R, T>(p, t, -0.04756238094843938);
            p = Next<R, T>(p, t, -0.13562110552300313);
            p = Next<R, T>(p, t, 1.2530080588250323);
        }
        else
        {
            p = R.Constant(-4.501211337493961e-09);
            p = Next<R, T>(p, t, -1.0549126136816406e-08);
            p = Next<R, T>(p, t, 3.474057981731773e-08);
            p = Next<R, T>(p, t, 9.847866122789188e-08);
            p = Next<R, T>(p, t, -1.3496098684407354e-07);
            p = Next<R, T>(p, t, -6.142964086123014e-07);
            p = Next<R, T>(p, t, 3.5315018661254235e-07);
            p = Next<R, T>(p, t, 3.471400971081382e-06);
            p = Next<R, T>(p, t, -7.302601781450987e-07);
            p = Next<R, T>(p, t, -2.0100292177713207e-05);
            p = Next<R, T>(p, t, 4.949231122037248e-06);
            p = Next<R, T>(p, t, 0.00012509930709307375);
            p = Next<R, T>(p, t, -0.00010515977133900283);
            p = Next<R, T>(p, t, -0.0007798322683813289);
            p = Next<R, T>(p, t, 0.0018886903577331096);
            p = Next<R, T>(p, t, 0.002529391816054316);
            p = Next<R, T>(p, t, -0.023770514918629165);
            p = Next<R, T>(p, t, 0.06830802734395808);
            p = Next<R, T>(p, t, -0.11927366341530846);
            p = Next<R, T>(p, t, 0.12964515870276172);
            p = Next<R, T>(p, t, -0.04756229435345074);
            p = Next<R, T>(p, t, -0.1356211061245812);
            p = Next<R, T>(p, t, 1.2530080582697296);
        }
        R square = x * x, lost = R.MultiplyAdd(x, x, -square);
        R e = Exp<R, T>(-square);
        return R.MultiplyAdd(-lost, e, e) * (p / R.MultiplyAdd(x, R.Constant(2), R.Constant(1)));
    }
}
