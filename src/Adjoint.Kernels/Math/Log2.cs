namespace Adjoint;

internal static partial class Registers
{
    /// <summary>log₂ x.</summary>
    public static R Log2<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<Log2Function>(x);

    private readonly struct Log2Function : IScalarFunction
    {
        public static double Invoke(double x) => Math.Log2(x);
    }
}
