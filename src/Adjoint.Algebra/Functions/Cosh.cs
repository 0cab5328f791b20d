using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>cosh x, half the sum of eˣ and e⁻ˣ. At most 2 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Cosh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R half = HalfExp<R, T>(R.Abs(x));
        return half + 0.25 / half;
    }
}
