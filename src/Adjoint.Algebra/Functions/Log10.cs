using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>log₁₀ x. At most 1 ulp in float and double; powers of ten exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log10<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (!AllNormal<R, T>(x)) return Log10OfAny<R, T>(x);
        return Log10OfNormal<R, T>(x, R.Constant(0));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static R Log10OfAny<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged =>
        LogOfSpecial<R, T>(x, Log10OfNormal<R, T>(Normal<R, T>(x, out R shift), shift));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Log10OfNormal<R, T>(R x, R shift) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R h = Log2Parts<R, T>(x, shift, out R low);
        R c = Constant<R, T>(0.3010300099849701, 0.3010299956639812);
        R cLow = Constant<R, T>(-1.432098883924482e-08, -2.8037281277851704e-18);
        R y = h * c;
        return y + (R.MultiplyAdd(h, c, -y) + R.MultiplyAdd(h, cLow, low * c));
    }
}
