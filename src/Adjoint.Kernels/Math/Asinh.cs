namespace Adjoint;

internal static partial class Registers
{
    /// <summary>arsinh x.</summary>
    public static R Asinh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<AsinhFunction>(x);

    private readonly struct AsinhFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Asinh(x);
    }
}
