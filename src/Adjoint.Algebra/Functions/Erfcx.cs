using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    private const double RootHalf = 0.7071067811865476, RootHalfLow = -4.833646656726457e-17, RootOfPiInverse = 0.5641895835477563;

    /// <summary>e^x²·erfc x. At most 6 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erfcx<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), zero = R.Constant(0), half = R.Constant(0.5);
        // What is lost in squaring is given back as a factor. Beyond 27 the exponential is 0 or ∞ anyway.
        R held = Between<R, T>(x, -27, 27), square = held * held, lost = R.MultiplyAdd(held, held, -square);
        R e = Exp<R, T>(square);
        e = R.IfLess(e, R.Constant(double.PositiveInfinity), R.MultiplyAdd(lost, e, e), e);
        R large = ErfcxOfPositive<R, T>(size), small = e * (1 - R.CopySign(ErfOfSmall<R, T>(size), x));
        R y = R.IfLess(size, half, small, R.IfLess(x, zero, R.MultiplyAdd(R.Constant(2), e, -large), large));
        return R.IfEqual(x, x, y, x);
    }

    /// <summary>The same for x ≥ ½, ∞ included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ErfcxOfPositive<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R bound = Constant<R, T>(10.5, 28);
        // The series for large x, in u = 1/(2x²): 1 − u + 3u² − 15u³ + …, over x·√π.
        R inverse = 1 / x, u = inverse * inverse * 0.5;
        R p = R.Constant(10395);
        p = Next<R, T>(p, u, -945);
        p = Next<R, T>(p, u, 105);
        p = Next<R, T>(p, u, -15);
        p = Next<R, T>(p, u, 3);
        p = Next<R, T>(p, u, -1);
        p = Next<R, T>(p, u, 1);
        return R.IfLess(bound, x, p * (inverse * RootOfPiInverse), ScaledErfc<R, T>(R.IfLess(bound, x, bound, x)));
    }

    /// <summary>
    /// The normal distribution's Φ(x) = erfc(−x/√2)/2. What is lost in dividing by √2 is given back by the derivative of erfc. At most 6
    /// ulp in float and double, where the result is a normal number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Ndtr<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R held = Between<R, T>(x, -40, 40);
        R t = held * -RootHalf;
        R lost = typeof(T) == typeof(float) ? R.MultiplyAdd(held, R.Constant(-1.2101617152815436e-08), R.MultiplyAdd(held,
            R.Constant(-RootHalf), -t))
            : R.MultiplyAdd(held, R.Constant(-RootHalfLow), R.MultiplyAdd(held, R.Constant(-RootHalf), -t));
        R slope = Exp<R, T>(-(t * t)) * RootOfPiInverse;
        return R.MultiplyAdd(-lost, slope, Erfc<R, T>(t) * 0.5);
    }

    /// <summary>
    /// ln Φ(x), through the scaled function below −1, where Φ may be too small for a number. At most 6 ulp in float and double.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R LogNdtr<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        // Of what is costly each stands here once: see Note [One place]. Φ(−|x|) is the scaled function times an exponential, whose
        // argument gets back what is lost in squaring.
        R zero = R.Constant(0), minusOne = R.Constant(-1), half = R.Constant(0.5), t = R.Abs(x) * RootHalf;
        R held = Between<R, T>(x, -40, 40), square = held * held, lost = R.MultiplyAdd(held, held, -square);
        R scaled = ErfcxOfPositive<R, T>(t) * 0.5, e = Exp<R, T>(square * -0.5);
        R tail = R.IfLess(t, half, R.MultiplyAdd(ErfOfSmall<R, T>(t), R.Constant(-0.5), half), scaled * R.MultiplyAdd(lost * -0.5, e, e));
        R share = R.IfLess(x, zero, tail, 1 - tail), y = Log<R, T>(R.IfLess(x, minusOne, scaled, share));
        // What was lost in 1 − Φ(−x), as in Log1p.
        R above = R.IfEqual(share, R.Constant(1), -tail, y - (tail + (share - 1)) / share);
        return R.IfLess(x, minusOne, R.MultiplyAdd(x * -0.5, x, y), R.IfLess(x, zero, y, above));
    }
}
