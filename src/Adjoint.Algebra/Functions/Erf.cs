using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>erf x. At most 1 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erf<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R magnitude = R.Abs(x);
        if (typeof(T) == typeof(float)) return R.CopySign(ErfInFloat<R, T>(magnitude), x);
        R y = R.IfLess(magnitude, R.Constant(1.34375), ErfNearOne<R, T>(magnitude), 1 - ErfcOfLarge<R, T>(magnitude));
        return R.CopySign(R.IfLess(magnitude, R.Constant(0.84375), ErfOfSmall<R, T>(magnitude), y), x);
    }

    /// <summary>
    /// 1 − erf x, for large x without the subtraction. At most 5 ulp in float and 4 in double, where the result is a normal number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erfc<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R magnitude = R.Abs(x), zero = R.Constant(0);
        R tail = ErfcOfLarge<R, T>(magnitude), small = R.CopySign(ErfOfSmall<R, T>(magnitude), x);
        return R.IfLess(magnitude, R.Constant(0.5), 1 - small, R.IfLess(x, zero, 2 - tail, tail));
    }

    /// <summary>
    /// erf x in float for x ≥ 0: small, near one (as <see cref="ErfNearOne"/>), or large. Registers in which all are small are frequent,
    /// and take half of the time. See Note [Polynomials].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ErfInFloat<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R bound = R.Constant(0.84375), small = ErfOfSmall<R, T>(x);
        if (R.Less(x, bound) == ulong.MaxValue >> (64 - R.Count)) return small;
        R s = x - 1.09375, p = R.Constant(0.01299432921077096);
        p = Next<R, T>(p, s, -0.06278571135684327);
        p = Next<R, T>(p, s, 0.037762508197906684);
        p = Next<R, T>(p, s, 0.15830761445736777);
        p = Next<R, T>(p, s, -0.3731048460888653);
        p = Next<R, T>(p, s, 0.3411251439903205);
        p = Next<R, T>(p, s, -0.0022249288532919403);
        R y = R.IfLess(x, R.Constant(1.34375), p + 0.8803125023841858, ErfOfLarge<R, T>(x));
        return R.IfLess(x, bound, small, y);
    }

    /// <summary>erf x for 0 ≤ x ≤ 0.93: x + x·p(x²). See Note [Polynomials].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ErfOfSmall<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R z = x * x;
        R p;
        if (typeof(T) == typeof(float))
        {
            p = R.Constant(8.334718615209905e-05);
            p = Next<R, T>(p, z, -0.0008134709332119057);
            p = Next<R, T>(p, z, 0.005200368586864961);
            p = Next<R, T>(p, z, -0.026859151472438985);
            p = Next<R, T>(p, z, 0.11283691519733097);
            p = Next<R, T>(p, z, -0.3761263351714081);
            p = Next<R, T>(p, z, 0.12837916662064427);
        }
        else
        {
            p = R.Constant(4.882426394552984e-11);
            p = Next<R, T>(p, z, -1.0622948725889492e-09);
            p = Next<R, T>(p, z, 1.4428765428048003e-08);
            p = Next<R, T>(p, z, -1.6309076701884793e-07);
            p = Next<R, T>(p, z, 1.645629476239474e-06);
            p = Next<R, T>(p, z, -1.492523795884175e-05);
            p = Next<R, T>(p, z, 0.00012055312894571054);
            p = Next<R, T>(p, z, -0.0008548326365992061);
            p = Next<R, T>(p, z, 0.005223977611601976);
            p = Next<R, T>(p, z, -0.02686617064339467);
            p = Next<R, T>(p, z, 0.11283791670943791);
            p = Next<R, T>(p, z, -0.3761263890318346);
            p = Next<R, T>(p, z, 0.12837916709551256);
        }
        return R.MultiplyAdd(x, p, x);
    }

    /// <summary>
    /// erf x in double for 0.84375 ≤ x ≤ 1.34375: c + p(x − 1.09375) with a c that is most of it. See Note [Polynomials].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ErfNearOne<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R s = x - 1.09375, p = R.Constant(1.3599651409572887e-05);
        p = Next<R, T>(p, s, 4.2191815167986114e-05);
        p = Next<R, T>(p, s, -0.00016045943115592406);
        p = Next<R, T>(p, s, -0.00012006088529274254);
        p = Next<R, T>(p, s, 0.0012045407811062151);
        p = Next<R, T>(p, s, -0.0007291174591641682);
        p = Next<R, T>(p, s, -0.0058784534365351505);
        p = Next<R, T>(p, s, 0.011097771008149841);
        p = Next<R, T>(p, s, 0.013271566662448227);
        p = Next<R, T>(p, s, -0.06402956855523463);
        p = Next<R, T>(p, s, 0.037772050739917885);
        p = Next<R, T>(p, s, 0.15834765451176);
        p = Next<R, T>(p, s, -0.3731052729028421);
        p = Next<R, T>(p, s, 0.34112482093974106);
        p = Next<R, T>(p, s, -0.0022249272323757825);
        return p + 0.8803125023841858;
    }

    /// <summary>erf x in float for x ≥ 0.92: 1 − e^−(x + x·p(x)); 1 from 3.93 on. See Note [Polynomials].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ErfOfLarge<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R bound = R.Constant(3.93);
        x = R.IfLess(bound, x, bound, x);
        R p = R.Constant(-3.159984139181692e-07);
        p = Next<R, T>(p, x, 5.229707782637818e-06);
        p = Next<R, T>(p, x, -1.8677087370129392e-05);
        p = Next<R, T>(p, x, -0.0002499430768567519);
        p = Next<R, T>(p, x, 0.0035975449851303244);
        p = Next<R, T>(p, x, -0.023901285188791303);
        p = Next<R, T>(p, x, 0.10654903237601061);
        p = Next<R, T>(p, x, 0.6349051951030228);
        p = Next<R, T>(p, x, 0.12871869353240556);
        return 1 - Exp<R, T>(-R.MultiplyAdd(x, p, x));
    }

    /// <summary>
    /// erfc x for x ≥ ½: e⁻ˣ²·p(t)/(1 + 2x) with t = (x − 3)/(x + 3), which brings all x into [−0.72, 1). See Note [Polynomials].
    /// What is lost in squaring x is given back as a factor.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ErfcOfLarge<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R bound = Constant<R, T>(10.5, 28);
        x = R.IfLess(bound, x, bound, x);
        R square = x * x, lost = R.MultiplyAdd(x, x, -square);
        R e = Exp<R, T>(-square);
        return R.MultiplyAdd(-lost, e, e) * ScaledErfc<R, T>(x);
    }

    /// <summary>The p(t)/(1 + 2x) of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ScaledErfc<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
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
        return p / R.MultiplyAdd(x, R.Constant(2), R.Constant(1));
    }
}
