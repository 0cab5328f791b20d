namespace Adjoint;

internal static partial class Registers
{
    /// <summary>2ˣ.</summary>
    public static R Exp2<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<Exp2Function>(x);

    private readonly struct Exp2Function : IScalarFunction
    {
        public static double Invoke(double x) => double.Exp2(x);
    }
}
