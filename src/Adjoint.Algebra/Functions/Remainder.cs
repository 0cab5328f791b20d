using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>The remainder of x/y with the sign of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Remainder<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double)) return WholeRemainder<R, T, RemainderFunction>(x, y, floored: true);
        R rest = Fmod<R, T>(x, y), zero = R.Constant(0);
        R other = R.IfLess(y, zero, R.IfLess(zero, rest, rest + y, rest), R.IfLess(rest, zero, rest + y, rest));
        return R.IfEqual(y, y, other, rest);
    }

    private readonly struct RemainderFunction : IScalarFunction2
    {
        public static double Invoke(double x, double y)
        {
            double remainder = x % y;
            return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder;
        }

        public static long Invoke(long x, long y)
        {
            long remainder = WholeRemainder(x, y);
            return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder;
        }

        static string IScalarFunction2.WholeCode => "Remainder({0}, {1})";

        static string IScalarFunction2.WholeMethod => """
            // What is left of x/y, with the sign of y. The smallest number has no opposite, so it cannot be divided by -1.
            static long Remainder(long x, long y)
            {
                long rest = y == -1 ? 0 : x % y;
                return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
            }
            """;
    }
}
