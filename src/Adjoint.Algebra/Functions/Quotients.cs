using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>⌊x/y⌋ of the exact quotient: Python's //. Of a y of 0 it is x/y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R FloorDivide<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double)) return R.Map2<FloorDivideFunction>(x, y);
        R zero = R.Constant(0), one = R.Constant(1), quotient = x / y, rest = Fmod<R, T>(x, y);
        // A whole number, but for rounding; one less where the rest has the other sign.
        R whole = (x - rest) / y;
        whole = R.IfLess(rest, zero, R.IfLess(zero, y, whole - one, whole), R.IfLess(zero, rest, R.IfLess(y, zero, whole - one, whole), whole));
        R floor = R.Floor(whole);
        floor = R.IfLess(R.Constant(0.5), whole - floor, floor + one, floor);
        floor = R.IfEqual(whole, zero, R.CopySign(zero, quotient), floor);
        return R.IfEqual(y, zero, quotient, floor);
    }

    /// <summary>x/y, rounded towards 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R TruncDivide<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double)) return R.Map2<TruncDivideFunction>(x, y);
        R quotient = x / y;
        return R.CopySign(R.Floor(R.Abs(quotient)), quotient);
    }

    private readonly struct FloorDivideFunction : IScalarFunction2
    {
        public static double Invoke(double x, double y) => FloorDivide<Real<double>, double>(new(x), new(y)).Value;

        public static long Invoke(long x, long y)
        {
            // The smallest number has no opposite; what PyTorch gives is the number itself.
            if (y == -1) return unchecked(-x);
            (long quotient, long rest) = Math.DivRem(x, y);
            return rest != 0 && (rest < 0) != (y < 0) ? quotient - 1 : quotient;
        }

        static string IScalarFunction2.WholeCode => "FloorDivide({0}, {1})";

        static string IScalarFunction2.WholeMethod => """
            // x/y, rounded down. The smallest number has no opposite, so it cannot be divided by -1.
            static long FloorDivide(long x, long y)
            {
                if (y == -1) return unchecked(-x);
                (long quotient, long rest) = Math.DivRem(x, y);
                return rest != 0 && (rest < 0) != (y < 0) ? quotient - 1 : quotient;
            }
            """;
    }

    private readonly struct TruncDivideFunction : IScalarFunction2
    {
        public static double Invoke(double x, double y) => Math.Truncate(x / y);

        public static long Invoke(long x, long y) => y == -1 ? unchecked(-x) : x / y;

        static string IScalarFunction2.WholeCode => "TruncDivide({0}, {1})";

        static string IScalarFunction2.WholeMethod => """
            // x/y, rounded towards 0. The smallest number has no opposite, so it cannot be divided by -1.
            static long TruncDivide(long x, long y) => y == -1 ? unchecked(-x) : x / y;
            """;
    }
}
