using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>ln(eˣ + eʸ), through the larger of the two, so that nothing overflows; equal infinities stay as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R LogAddExp<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R larger = R.IfLess(x, y, y, x);
        R distance = R.IfEqual(x, y, R.Constant(0), R.Abs(x - y));
        return larger + Log1p<R, T>(Exp<R, T>(-distance));
    }
}
