namespace Adjoint;

internal static partial class Registers
{
    /// <summary>ln x.</summary>
    public static R Log<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<LogFunction>(x);

    private readonly struct LogFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Log(x);
    }
}
