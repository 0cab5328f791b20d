using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>
    /// tanh x = t/(t + 2) with t = e^2|x| − 1, which loses nothing near 0. What t, the sum and the quotient lack is carried along:
    /// at most 1 ulp in float and double.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Tanh<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        // Beyond the bound the result is ±1.
        R bound = Constant<R, T>(10, 22), magnitude = R.Abs(x), two = R.Constant(2);
        magnitude = R.IfLess(bound, magnitude, bound, magnitude);
        R t = Expm1OfModerate<R, T>(magnitude + magnitude, out R tLow);
        R sum = t + 2, sumLow = R.IfLess(t, two, two, t) - sum + R.IfLess(t, two, t, two) + tLow;
        R inverse = 1 / sum, y = t * inverse;
        return R.CopySign(R.MultiplyAdd(R.MultiplyAdd(-y, sum, t) + R.MultiplyAdd(-y, sumLow, tLow), inverse, y), x);
    }
}
