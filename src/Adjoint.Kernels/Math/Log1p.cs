namespace Adjoint;

internal static partial class Registers
{
    /// <summary>ln(1 + x).</summary>
    public static R Log1p<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<Log1pFunction>(x);

    private readonly struct Log1pFunction : IScalarFunction
    {
        public static double Invoke(double x) => double.LogP1(x);
    }
}
