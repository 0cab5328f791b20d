using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>arcosh x = ln(x + √(x² − 1)); NaN below 1. At most 4 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Acosh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R excess = x - 1, large = LargeForSquares<R, T>();
        R y = R.IfLess(large, x, x, excess + R.Sqrt(excess * (excess + 2)));
        return R.IfLess(x, R.Constant(1), R.Constant(double.NaN), Log1p<R, T>(y) + LogTwoBeyond<R, T>(large, x));
    }
}
