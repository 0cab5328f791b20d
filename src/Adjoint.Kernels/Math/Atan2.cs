namespace Adjoint;

internal static partial class Registers
{
    /// <summary>The angle of the point (y, x).</summary>
    public static R Atan2<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Map2<Atan2Function>(x, y);

    private readonly struct Atan2Function : IScalarFunction2
    {
        public static double Invoke(double x, double y) => Math.Atan2(x, y);
    }
}
