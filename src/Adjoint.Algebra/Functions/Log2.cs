using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>log₂ x. At most 1 ulp in float and double; powers of two exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log2<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (!AllNormal<R, T>(x)) return Log2OfAny<R, T>(x);
        return Log2Parts<R, T>(x, R.Constant(0), out R low) + low;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static R Log2OfAny<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R y = Log2Parts<R, T>(Normal<R, T>(x, out R shift), shift, out R low) + low;
        return LogOfSpecial<R, T>(x, y);
    }

    /// <summary>
    /// log₂ x + shift for a positive normal x, as a number and what it lacks, together to some twelve bits more than a number holds.
    /// </summary>
    /// <remarks>
    /// With x = m·2ᵉ, f = m − 1 and s = f/(2 + f): ln m = 2s + s³·(⅔ + z·q(z)), z = s². What each operation that matters loses is
    /// found by a fused one and added at the end; q itself is so small a part that it may lose what it likes.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Log2Parts<R, T>(R x, R shift, out R low) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R f = R.Mantissa(x, out R e) - 1;
        R d = f + 2, dLow = 2 - d + f, inverse = 1 / d;
        R s = f * inverse, sLow = (R.MultiplyAdd(-s, d, f) - s * dLow) * inverse;
        R z = s * s, zLow = R.MultiplyAdd(s, s, -z) + (s + s) * sLow;
        R q;
        if (typeof(T) == typeof(float))
        {
            q = R.Constant(0.23048238101611354);
            q = Next<R, T>(q, z, 0.28562236098437294);
            q = Next<R, T>(q, z, 0.40000015055755384);
        }
        else
        {
            q = R.Constant(0.11723178623876518);
            q = Next<R, T>(q, z, 0.11706236339491206);
            q = Next<R, T>(q, z, 0.1333480469384731);
            q = Next<R, T>(q, z, 0.1538459496251843);
            q = Next<R, T>(q, z, 0.18181818335392802);
            q = Next<R, T>(q, z, 0.22222222221655885);
            q = Next<R, T>(q, z, 0.28571428571429364);
            q = Next<R, T>(q, z, 0.4);
        }
        R third = Constant<R, T>(0.6666666865348816, 0.6666666666666666);
        R c = R.MultiplyAdd(q, z, third);
        R cLow = R.MultiplyAdd(q, z, third - c) + Constant<R, T>(-1.9868215517249155e-08, 3.700743415417188e-17);
        R cube = s * z, cubeLow = R.MultiplyAdd(s, z, -cube) + R.MultiplyAdd(s, zLow, sLow * z);
        R t = cube * c, tLow = R.MultiplyAdd(cube, c, -t) + R.MultiplyAdd(cube, cLow, cubeLow * c);
        R twice = s + s, ln = twice + t, lnLow = twice - ln + t + (tLow + (sLow + sLow));
        R g = Constant<R, T>(1.4426950216293335, 1.4426950408889634);
        R gLow = Constant<R, T>(1.925963033500011e-08, 2.0355273740931033e-17);
        R y = ln * g, yLow = R.MultiplyAdd(ln, g, -y) + R.MultiplyAdd(ln, gLow, lnLow * g);
        e += shift;
        R sum = e + y;
        low = e - sum + y + yLow;
        return sum;
    }
}
