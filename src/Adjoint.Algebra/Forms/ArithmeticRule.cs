using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The product rule and the quotient rule: the slopes of x·y and x/y, once, for every reading that multiplies by slopes.</summary>
/// <remarks>
/// // Note [Product and quotient rule]
/// A tape (<see cref="Var{V}"/>) notes slopes, a vector of tangents (<see cref="VectorDual"/>) is combined by slopes, and
/// tensors multiply by them: all three read these formulas. Four readings say the rule in a form of their own, each because the
/// other form would be slower or would lose digits that are promised to the bit: a <see cref="Dual{V}"/> divides once, (ẋ −
/// z·ẏ)/y, instead of multiplying twice by slopes with a division each, and leaves out what does not vary (Note [Constants]); a
/// <see cref="Taylor"/> has a recurrence, of which the rule is the first term; formulas differentiate products of many factors,
/// and write quotients as powers, whose slopes are those of the power; and the quotient of tensors has ∂z/∂y = −x/y/y,
/// PyTorch's form, because a node keeps the operands and no value.
/// </remarks>
internal static class ArithmeticRule
{
    /// <summary>∂(x·y)/∂x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ProductByX<V>(V x, V y) where V : IAlgebra<V> => y;

    /// <summary>∂(x·y)/∂y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ProductByY<V>(V x, V y) where V : IAlgebra<V> => x;

    /// <summary>∂(x/y)/∂x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V QuotientByX<V>(V y) where V : IAlgebra<V> => 1 / y;

    /// <summary>∂(x/y)/∂y, given z = x/y and ∂z/∂x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V QuotientByY<V>(V z, V slopeX) where V : IAlgebra<V> => -(z * slopeX);

    /// <summary>∂(c/y)/∂y of a constant c, given z = c/y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ConstantByY<V>(V z, V y) where V : IAlgebra<V> => -z / y;
}
