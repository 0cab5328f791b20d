namespace Adjoint;

internal static partial class Registers
{
    /// <summary>tanh x.</summary>
    public static R Tanh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<TanhFunction>(x);

    private readonly struct TanhFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Tanh(x);
    }
}
