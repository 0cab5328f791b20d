namespace Adjoint;

internal static partial class Registers
{
    /// <summary>arcosh x.</summary>
    public static R Acosh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<AcoshFunction>(x);

    private readonly struct AcoshFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Acosh(x);
    }
}
