using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>arcsin x; NaN beyond [−1, 1]. At most 3 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Asin<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), half = R.Constant(0.5);
        // sin(π/2 − 2a) = 1 − 2 sin²a.
        R z = R.IfLess(half, size, (1 - size) * 0.5, size * size), root = R.IfLess(half, size, R.Sqrt(z), size);
        R a = R.MultiplyAdd(root * z, AsinTail<R, T>(z), root);
        R low = Constant<R, T>(-4.371138828673793e-08, 6.123233995736766e-17);
        R high = Constant<R, T>(1.5707963705062866, 1.5707963267948966);
        return R.CopySign(R.IfLess(half, size, high - R.MultiplyAdd(a, R.Constant(2), -low), a), x);
    }

    /// <summary>(arcsin √z − √z)/√z³ for 0 ≤ z ≤ ¼. See Note [Polynomials].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R AsinTail<R, T>(R z) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R p;
        if (typeof(T) == typeof(float))
        {
            p = R.Constant(0.03370072632136513);
            p = Next<R, T>(p, z, 0.017143716819253568);
            p = Next<R, T>(p, z, 0.031101727829067168);
            p = Next<R, T>(p, z, 0.04459931916287114);
            p = Next<R, T>(p, z, 0.07500094761172901);
            p = Next<R, T>(p, z, 0.1666666633654049);
        }
        else
        {
            p = R.Constant(0.02877844261259304);
            p = Next<R, T>(p, z, -0.014881409392818066);
            p = Next<R, T>(p, z, 0.017419357964884856);
            p = Next<R, T>(p, z, 0.00545087818772055);
            p = Next<R, T>(p, z, 0.010324318288744113);
            p = Next<R, T>(p, z, 0.011478952690257387);
            p = Next<R, T>(p, z, 0.013971235301124539);
            p = Next<R, T>(p, z, 0.017352391265909227);
            p = Next<R, T>(p, z, 0.022372173002005596);
            p = Next<R, T>(p, z, 0.030381944137085216);
            p = Next<R, T>(p, z, 0.04464285714637338);
            p = Next<R, T>(p, z, 0.07499999999998425);
            p = Next<R, T>(p, z, 0.16666666666666669);
        }
        return p;
    }
}
