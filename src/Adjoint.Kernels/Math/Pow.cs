namespace Adjoint;

internal static partial class Registers
{
    /// <summary>xʸ.</summary>
    public static R Pow<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Map2<PowFunction>(x, y);

    private readonly struct PowFunction : IScalarFunction2
    {
        public static double Invoke(double x, double y) => Math.Pow(x, y);

        public static long Invoke(long x, long y)
        {
            if (y < 0) return x == 1 ? 1 : x == -1 ? 1 - 2 * (y & 1) : 0;
            long power = 1;
            for (; y > 0; y >>= 1, x *= x)
                if ((y & 1) != 0) power *= x;
            return power;
        }
    }
}
