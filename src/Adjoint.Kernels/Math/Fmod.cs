namespace Adjoint;

internal static partial class Registers
{
    /// <summary>The remainder of x/y with the sign of x.</summary>
    public static R Fmod<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Map2<FmodFunction>(x, y);

    private readonly struct FmodFunction : IScalarFunction2
    {
        public static double Invoke(double x, double y) => x % y;

        // The smallest number has no opposite, so the processor refuses to divide it by −1.
        public static long Invoke(long x, long y) => y == -1 ? 0 : x % y;
    }
}
