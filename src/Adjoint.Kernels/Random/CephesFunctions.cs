using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Logarithm, sine and cosine of floats as the Cephes library approximates them, every multiply-add fused. They are not the most
/// accurate there are: they are the ones whose bits PyTorch's normals have.
/// </summary>
internal static class CephesFunctions
{
    /// <summary>ln x for normal positive x: x = m·2ᵉ with m in [√½, √2), a polynomial in m − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log<R>(R x) where R : struct, IRegister<R, float>
    {
        R t = R.Mantissa(x, out R e) - 1, z = t * t;
        R y = R.Constant(7.0376836292E-2f);
        y = Next(y, t, -1.1514610310E-1f);
        y = Next(y, t, 1.1676998740E-1f);
        y = Next(y, t, -1.2420140846E-1f);
        y = Next(y, t, 1.4249322787E-1f);
        y = Next(y, t, -1.6668057665E-1f);
        y = Next(y, t, 2.0000714765E-1f);
        y = Next(y, t, -2.4999993993E-1f);
        y = Next(y, t, 3.3333331174E-1f) * t;
        y = R.MultiplyAdd(y, z, e * -2.12194440e-4f);      // ln 2 in two parts, the small one first
        y = R.MultiplyAdd(-z, R.Constant(0.5), y);
        return R.MultiplyAdd(e, R.Constant(0.693359375), t + y);
    }

    /// <summary>cos x and sin x for x in [0, 2π]: x less q quarter turns, π/2 in three parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R CosSin<R>(R x, out R sin) where R : struct, IRegister<R, float>
    {
        // Half of the octant, rounded to even up: 0 to 4.
        R q = R.Floor((R.Floor(x * 1.27323954473516f) + 1) * 0.5), y = q * 2;
        x = R.MultiplyAdd(y, R.Constant(-0.78515625f), x);
        x = R.MultiplyAdd(y, R.Constant(-2.4187564849853515625e-4f), x);
        x = R.MultiplyAdd(y, R.Constant(-3.77489497744594108e-8f), x);
        R z = x * x;
        R c = Next(Next(R.Constant(2.443315711809948E-005f), z, -1.388731625493765E-003f), z, 4.166664568298827E-002f) * z;
        c = R.MultiplyAdd(c, z, -(z * 0.5)) + 1;
        R s = Next(Next(R.Constant(-1.9515295891E-4f), z, 8.3321608736E-3f), z, -1.6666654611E-1f) * z;
        s = R.MultiplyAdd(s, x, x);
        // Odd quarters exchange sine and cosine; the sine is negative in quarters 2 and 3, the cosine in 1 and 2.
        R one = R.Constant(1), distance = R.Abs(q - 2);
        R cosOfTurn = R.IfEqual(distance, one, s, c), sinOfTurn = R.IfEqual(distance, one, c, s);
        sin = R.IfLess(R.Abs(q - 2.5), one, -sinOfTurn, sinOfTurn);
        return R.IfLess(R.Abs(q - 1.5), one, -cosOfTurn, cosOfTurn);
    }

    /// <summary>A point of a normal distribution: r·cos a and r·sin a with r = √(−2·ln(1 − u)) and a = 2π·v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Point<R>(R distance, R angle, out R y) where R : struct, IRegister<R, float>
    {
        R radius = R.Sqrt(Log(1 - distance) * -2);
        R cos = CosSin(angle * (2 * MathF.PI), out R sin);
        y = radius * sin;
        return radius * cos;
    }

    /// <summary>A step of Horner's rule: p·x + c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Next<R>(R p, R x, float c) where R : struct, IRegister<R, float> => R.MultiplyAdd(p, x, R.Constant(c));
}
