using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>arsinh x = ln(x + √(x² + 1)) = ln(1 + (x + x²/(1 + √(x² + 1)))). At most 4 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Asinh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), square = size * size;
        R large = LargeForSquares<R, T>();
        R excess = R.IfLess(large, size, size, size + square / (R.Sqrt(square + 1) + 1));
        return R.CopySign(Log1p<R, T>(excess) + LogTwoBeyond<R, T>(large, size), x);
    }

    /// <summary>Beyond this 1 is nothing beside x², and x² is not far from overflowing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R LargeForSquares<R, T>() where R : struct, IRegister<R, T> where T : unmanaged => Constant<R, T>(1e10, 1e20);

    /// <summary>ln 2 where x is large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R LogTwoBeyond<R, T>(R large, R x) where R : struct, IRegister<R, T> where T : unmanaged =>
        R.IfLess(large, x, R.Constant(0.6931471805599453), R.Constant(0));
}
