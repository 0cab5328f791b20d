namespace Adjoint;

internal static partial class Registers
{
    /// <summary>artanh x.</summary>
    public static R Atanh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<AtanhFunction>(x);

    private readonly struct AtanhFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Atanh(x);
    }
}
