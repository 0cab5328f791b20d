using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>artanh x = ½ ln(1 + 2x/(1 − x)); NaN beyond [−1, 1]. At most 4 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Atanh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x);
        return R.CopySign(Log1p<R, T>((size + size) / (1 - size)) * 0.5, x);
    }
}
