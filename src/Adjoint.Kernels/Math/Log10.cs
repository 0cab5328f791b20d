namespace Adjoint;

internal static partial class Registers
{
    /// <summary>log₁₀ x.</summary>
    public static R Log10<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<Log10Function>(x);

    private readonly struct Log10Function : IScalarFunction
    {
        public static double Invoke(double x) => Math.Log10(x);
    }
}
