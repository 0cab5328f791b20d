namespace Adjoint;

internal static partial class Registers
{
    /// <summary>sin x.</summary>
    public static R Sin<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<SinFunction>(x);

    private readonly struct SinFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Sin(x);
    }
}
