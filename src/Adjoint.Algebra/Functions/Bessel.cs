using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    // From here on the series in 1/x is used.
    private const double LargeBessel = 8;

    /// <summary>
    /// The modified Bessel function I₀: Σ (x²/4)ᵏ/k!² up to 8, whose terms are all positive, beyond it eˣ/√x times a Chebyshev series in
    /// 8/x.
    /// At most 6 ulp in float and double.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R I0<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), bound = R.Constant(LargeBessel), large = R.IfLess(size, bound, bound, size);
        // In two halves, since the exponential overflows before the product does.
        R e = Exp<R, T>(large * 0.5), infinity = R.Constant(double.PositiveInfinity);
        R y = R.IfLess(e, infinity, e * BesselOfLarge<R, T>(large, LargeI0) * e, R.IfEqual(large, large, infinity, large));
        return R.IfLess(size, bound, BesselOfSmall<R, T>(size, 0), y);
    }

    /// <summary>e^−|x|·I₀(x). At most 6 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R I0e<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), bound = R.Constant(LargeBessel), large = R.IfLess(size, bound, bound, size);
        return R.IfLess(size, bound, Exp<R, T>(-size) * BesselOfSmall<R, T>(size, 0), BesselOfLarge<R, T>(large, LargeI0));
    }

    /// <summary>The modified Bessel function I₁: x/2·Σ (x²/4)ᵏ/(k!·(k + 1)!) up to 8. At most 6 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R I1<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), bound = R.Constant(LargeBessel), large = R.IfLess(size, bound, bound, size);
        R e = Exp<R, T>(large * 0.5), infinity = R.Constant(double.PositiveInfinity);
        R y = R.IfLess(e, infinity, e * BesselOfLarge<R, T>(large, LargeI1) * e, R.IfEqual(large, large, infinity, large));
        return R.CopySign(R.IfLess(size, bound, size * 0.5 * BesselOfSmall<R, T>(size, 1), y), x);
    }

    /// <summary>e^−|x|·I₁(x). At most 6 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R I1e<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), bound = R.Constant(LargeBessel), large = R.IfLess(size, bound, bound, size);
        R small = Exp<R, T>(-size) * (size * 0.5 * BesselOfSmall<R, T>(size, 1));
        return R.CopySign(R.IfLess(size, bound, small, BesselOfLarge<R, T>(large, LargeI1)), x);
    }

    /// <summary>Σ (x²/4)ᵏ/(k!·(k + order)!) for 0 ≤ x ≤ 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R BesselOfSmall<R, T>(R x, int order) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R bound = R.Constant(LargeBessel), half = R.IfLess(x, bound, x, bound) * 0.5, z = half * half, one = R.Constant(1), p = one;
        for (int k = typeof(T) == typeof(float) ? 18 : 28; k >= 1; k--)
            p = R.MultiplyAdd(p * R.Constant(1.0 / (k * (k + order))), z, one);
        return p;
    }

    /// <summary>A Chebyshev series in 16/x − 1, over √x, for x ≥ 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R BesselOfLarge<R, T>(R x, ReadOnlySpan<double> terms) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R s = 16 / x - 1, twice = s + s, p = R.Constant(0), before = p;
        for (int k = typeof(T) == typeof(float) ? 8 : terms.Length - 1; k >= 1; k--)
            (p, before) = (R.MultiplyAdd(twice, p, R.Constant(terms[k]) - before), p);
        return (R.MultiplyAdd(s, p, -before) + terms[0]) / R.Sqrt(x);
    }

    // √x·e^−x·I₀(x), interpolated at Chebyshev nodes of 8/x in [0, 1].
    private static ReadOnlySpan<double> LargeI0 =>
    [
        0.4022452055070544, 0.0033691164782556943, 6.889758346916825e-05, 2.8913705208347567e-06,
        2.0489185894690638e-07, 2.266668990498178e-08, 3.3962320257083865e-09, 4.94060238822497e-10,
        1.1889147107846439e-11, -3.1499165279632416e-11, -1.3215811840447713e-11, -1.7941785315068062e-12,
        7.180124451383666e-13, 3.8527783827421426e-13, 1.54008621752141e-14, -4.150569347287222e-14,
        -9.554846698828307e-15, 3.8116806693526224e-15, 1.7725601330565263e-15, -3.425485619677219e-16,
        -2.8276239805165836e-16, 3.461222867697461e-17, 4.46562142029676e-17, -4.830504485944182e-18,
        -7.233180487874754e-18
    ];

    // The same of I₁.
    private static ReadOnlySpan<double> LargeI1 =>
    [
        0.38928811750914005, -0.009761097491361469, -0.00011058893876262371, -3.882564808877691e-06,
        -2.512236237870209e-07, -2.6314688468895196e-08, -3.835380385964237e-09, -5.589743462196584e-10,
        -1.8974958123505413e-11, 3.2526035830154884e-11, 1.4125807436613782e-11, 2.0356285441470896e-12,
        -7.198551776245908e-13, -4.0835511110921974e-13, -2.1015418427726643e-14, 4.272440016711951e-14,
        1.0420276984128802e-14, -3.8144030724370075e-15, -1.8803547755107825e-15, 3.3082023109209285e-16,
        2.96262899764595e-16, -3.209525921993424e-17, -4.6503053684893586e-17, 4.414348323071708e-18,
        7.517296310842105e-18
    ];
}
