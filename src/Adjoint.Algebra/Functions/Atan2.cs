using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>The angle of the point (x, y) with the first axis, given y and x. At most 3 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Atan2<R, T>(R y, R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R height = R.Abs(y), width = R.Abs(x), zero = R.Constant(0), infinity = R.Constant(double.PositiveInfinity);
        R small = R.IfLess(height, width, height, width), large = R.IfLess(height, width, width, height);
        // Their sum must not overflow.
        R scale = R.IfLess(Constant<R, T>(1e38, 1e308), large, R.Constant(0.25), R.Constant(1));
        small *= scale;
        large *= scale;
        // The angle within an eighth of the circle: from the axis, or from the diagonal where that is nearer.
        R bound = large * 0.4142135623730951, one = R.Constant(1), half = R.Constant(0.5);
        R t = R.IfLess(bound, small, small - large, small) / R.IfLess(bound, small, small + large, large);
        R turn = R.IfLess(bound, small, half, zero);
        // 0/0 and ∞/∞: on the axis and on the diagonal.
        t = R.IfEqual(small, large, zero, t);
        turn = R.IfEqual(small, infinity, half, turn);
        R angle = AtanFrom<R, T>(turn, t);
        angle = R.IfLess(width, height, PiLess<R, T>(half, angle), angle);
        angle = R.IfLess(R.CopySign(one, x), zero, PiLess<R, T>(one, angle), angle);
        R result = R.CopySign(angle, y);
        return R.IfEqual(x, x, R.IfEqual(y, y, result, y), x);
    }

    /// <summary>turns·π − angle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R PiLess<R, T>(R turns, R angle) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R high = Constant<R, T>(3.1415927410125732, 3.141592653589793);
        R low = Constant<R, T>(-8.742277657347586e-08, 1.2246467991473532e-16);
        return R.MultiplyAdd(turns, high, R.MultiplyAdd(turns, low, -angle));
    }
}
