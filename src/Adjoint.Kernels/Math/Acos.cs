namespace Adjoint;

internal static partial class Registers
{
    /// <summary>arccos x.</summary>
    public static R Acos<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<AcosFunction>(x);

    private readonly struct AcosFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Acos(x);
    }
}
