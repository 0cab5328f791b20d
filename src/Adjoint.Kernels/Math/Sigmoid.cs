namespace Adjoint;

internal static partial class Registers
{
    /// <summary>1/(1 + e⁻ˣ).</summary>
    public static R Sigmoid<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<SigmoidFunction>(x);

    private readonly struct SigmoidFunction : IScalarFunction
    {
        public static double Invoke(double x) => 1 / (1 + Math.Exp(-x));
    }
}
