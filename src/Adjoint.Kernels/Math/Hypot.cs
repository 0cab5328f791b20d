namespace Adjoint;

internal static partial class Registers
{
    /// <summary>√(x² + y²).</summary>
    public static R Hypot<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Map2<HypotFunction>(x, y);

    private readonly struct HypotFunction : IScalarFunction2
    {
        public static double Invoke(double x, double y) => double.Hypot(x, y);
    }
}
