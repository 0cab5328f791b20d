namespace Adjoint;

internal static partial class Registers
{
    /// <summary>sinh x.</summary>
    public static R Sinh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<SinhFunction>(x);

    private readonly struct SinhFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Sinh(x);
    }
}
