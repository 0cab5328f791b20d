namespace Adjoint;

internal static partial class Registers
{
    /// <summary>xʸ.</summary>
    public static R Pow<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Map2<PowFunction>(x, y);

    private readonly struct PowFunction : IScalarFunction2
    {
        public static double Invoke(double x, double y) => Math.Pow(x, y);
    }
}
