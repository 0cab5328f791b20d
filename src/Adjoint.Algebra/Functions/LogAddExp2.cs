using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>log₂(2ˣ + 2ʸ), through the larger of the two, so that nothing overflows; equal infinities stay as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R LogAddExp2<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R larger = R.IfLess(x, y, y, x);
        R distance = R.IfEqual(x, y, R.Constant(0), R.Abs(x - y));
        return R.MultiplyAdd(Log1p<R, T>(Exp2<R, T>(-distance)), R.Constant(1.4426950408889634), larger);
    }
}
