using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>
    /// ln(1 + x) = ln u + (x − (u − 1))/u with u = 1 + x rounded: the last term is what rounding lost. At most 2 ulp in float and double.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log1p<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R u = x + 1, infinity = R.Constant(double.PositiveInfinity);
        R lost = (x - (u - 1)) / u;
        R y = Log<R, T>(u) + R.IfLess(R.Constant(0), u, R.IfLess(u, infinity, lost, R.Constant(0)), R.Constant(0));
        return R.IfEqual(u, R.Constant(1), x, y);
    }
}
