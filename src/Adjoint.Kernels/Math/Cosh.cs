namespace Adjoint;

internal static partial class Registers
{
    /// <summary>cosh x.</summary>
    public static R Cosh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<CoshFunction>(x);

    private readonly struct CoshFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Cosh(x);
    }
}
