using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>√(x² + y²), scaled where squares would overflow or vanish. At most 1 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Hypot<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R width = R.Abs(x), height = R.Abs(y), infinity = R.Constant(double.PositiveInfinity);
        R large = R.IfLess(width, height, height, width), small = R.IfLess(width, height, width, height);
        // Powers of two: 2⁻⁷⁰ and 2¹⁰⁰ for float, 2⁻⁶⁰⁰ and 2⁶⁰⁰ for double.
        R down = Constant<R, T>(8.470329472543003e-22, 2.409919865102884e-181);
        R back = Constant<R, T>(1.1805916207174113e21, 4.149515568880993e180);
        R up = Constant<R, T>(1.2676506002282294e30, 4.149515568880993e180);
        R smaller = Constant<R, T>(7.888609052210118e-31, 2.409919865102884e-181);
        R high = Constant<R, T>(9.2e18, 1e150), low = Constant<R, T>(1e-12, 1e-120), one = R.Constant(1);
        R scale = R.IfLess(high, large, down, R.IfLess(large, low, up, one));
        R unscale = R.IfLess(high, large, back, R.IfLess(large, low, smaller, one));
        R a = large * scale, b = small * scale;
        R length = R.Sqrt(R.MultiplyAdd(a, a, b * b)) * unscale;
        // An infinite side outweighs a NaN.
        return R.IfEqual(width, infinity, infinity, R.IfEqual(height, infinity, infinity, R.IfEqual(x, x, R.IfEqual(y, y, length, y), x)));
    }
}
