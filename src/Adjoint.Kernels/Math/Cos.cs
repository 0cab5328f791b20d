namespace Adjoint;

internal static partial class Registers
{
    /// <summary>cos x.</summary>
    public static R Cos<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<CosFunction>(x);

    private readonly struct CosFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Cos(x);
    }
}
