using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>The remainder of x/y with the sign of x, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Fmod<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double)) return WholeRemainder<R, T, FmodFunction>(x, y, floored: false);
        R size = R.Abs(x), divisor = R.Abs(y), ratio = size / divisor;
        ulong all = ulong.MaxValue >> (64 - R.Count);
        // While the quotient is a number without a fraction lost, one step is exact; NaN, ∞, 0 and huge quotients go the long way.
        R limit = Constant<R, T>(8388608.0, 4503599627370496.0);
        if ((R.Less(ratio, limit) & R.Less(divisor, R.Constant(double.PositiveInfinity))) != all) return R.Map2<FmodFunction>(x, y);
        R rest = R.MultiplyAdd(-R.Floor(ratio), divisor, size);
        // The quotient may have been rounded up to the next whole number.
        return R.CopySign(R.IfLess(rest, R.Constant(0), rest + divisor, rest), x);
    }

    /// <summary>
    /// x % y. The smallest number has no opposite, so the processor refuses to divide it by −1; short numbers it divides sooner.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long WholeRemainder(long x, long y) => (ulong)(x | y) <= uint.MaxValue ? (uint)x % (uint)y : y == -1 ? 0 : x % y;

    private readonly struct FmodFunction : IScalarFunction2
    {
        public static double Invoke(double x, double y) => x % y;

        public static long Invoke(long x, long y) => WholeRemainder(x, y);

        static string IScalarFunction2.Code => "({0} % {1})";

        static string IScalarFunction2.WholeCode => "Fmod({0}, {1})";

        static string IScalarFunction2.WholeMethod => """
            // What is left of x/y, with the sign of x. The smallest number has no opposite, so it cannot be divided by -1.
            static long Fmod(long x, long y) => y == -1 ? 0 : x % y;
            """;
    }
}
