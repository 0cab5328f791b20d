namespace Adjoint;

internal static partial class Registers
{
    /// <summary>arctan x.</summary>
    public static R Atan<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<AtanFunction>(x);

    private readonly struct AtanFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Atan(x);
    }
}
