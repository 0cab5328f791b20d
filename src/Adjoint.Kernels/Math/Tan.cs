namespace Adjoint;

internal static partial class Registers
{
    /// <summary>tan x.</summary>
    public static R Tan<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<TanFunction>(x);

    private readonly struct TanFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Tan(x);
    }
}
