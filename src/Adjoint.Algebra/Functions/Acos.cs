using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>arccos x; NaN beyond [−1, 1]. At most 3 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Acos<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), half = R.Constant(0.5), zero = R.Constant(0);
        R z = R.IfLess(half, size, (1 - size) * 0.5, size * size), root = R.IfLess(half, size, R.Sqrt(z), size);
        R a = R.MultiplyAdd(root * z, AsinTail<R, T>(z), root);
        R low = Constant<R, T>(-4.371138828673793e-08, 6.123233995736766e-17);
        R high = Constant<R, T>(1.5707963705062866, 1.5707963267948966);
        R near = a * 2, far = R.MultiplyAdd(high, R.Constant(2), R.MultiplyAdd(low, R.Constant(2), -near));
        R middle = high - (R.CopySign(a, x) - low);
        return R.IfLess(half, size, R.IfLess(x, zero, far, near), middle);
    }
}
