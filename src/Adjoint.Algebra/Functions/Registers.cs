using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// The elementary functions of every lane of a register, written once for float and double and for every width,
/// so that the tail of a loop computes the same bits as its body.
/// </summary>
/// <remarks>
/// Note [Polynomials]: coefficients are those of the interpolation at Chebyshev nodes, within a factor of about two of the
/// best approximation; degrees are such that the polynomial's error is a small part of half a unit in the last place.
/// Leading terms that must be exact are kept out of the polynomial and added last.
/// </remarks>
internal static partial class Registers
{
    /// <summary>A step of Horner's rule: p·x + c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Next<R, T>(R p, R x, double c) where R : struct, IRegister<R, T>
        where T : unmanaged =>
        R.MultiplyAdd(p, x, R.Constant(c));

    /// <summary>A constant that differs in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Constant<R, T>(double inFloat, double inDouble) where R : struct, IRegister<R, T> where T : unmanaged =>
        R.Constant(typeof(T) == typeof(float) ? inFloat : inDouble);

    /// <summary>x held between two bounds; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Between<R, T>(R x, double low, double high) where R : struct, IRegister<R, T> where T : unmanaged
    {
        x = R.IfLess(x, R.Constant(low), R.Constant(low), x);
        return R.IfLess(R.Constant(high), x, R.Constant(high), x);
    }
}
