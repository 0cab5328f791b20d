namespace Adjoint;

internal static partial class Registers
{
    /// <summary>arcsin x.</summary>
    public static R Asin<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<AsinFunction>(x);

    private readonly struct AsinFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Asin(x);
    }
}
