namespace Adjoint;

internal static partial class Registers
{
    /// <summary>eˣ − 1.</summary>
    public static R Expm1<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<Expm1Function>(x);

    private readonly struct Expm1Function : IScalarFunction
    {
        public static double Invoke(double x) => double.ExpM1(x);
    }
}
