namespace Adjoint;

internal static partial class Registers
{
    /// <summary>eˣ.</summary>
    public static R Exp<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<ExpFunction>(x);

    private readonly struct ExpFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Exp(x);
    }
}
