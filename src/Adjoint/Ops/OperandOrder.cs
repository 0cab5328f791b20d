using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The order of dimensions in which an element-wise operation goes through memory, and in which its result lies there.</summary>
/// <remarks>
/// Note [Results lie as their operands do]: what is computed element by element from a transposed tensor is laid out as that is, as in
/// PyTorch. So memory is gone through from its beginning to its end, and the next operation finds it in the same order. The
/// operation itself sees the dimensions moved about so that the operand lies in row-major order, and so does its result.
/// </remarks>
internal readonly struct OperandOrder
{
    private readonly int[] _order;
    private readonly Shape _shape;

    private OperandOrder(int[] order, Shape shape) => (_order, _shape) = (order, shape);

    /// <summary>The shape as the operation is to see it.</summary>
    internal Shape Shape
    {
        get
        {
            var sizes = new int[_order.Length];
            for (int i = 0; i < sizes.Length; i++) sizes[i] = _shape[_order[i]];
            return Shape.Of(sizes);
        }
    }

    /// <summary>The order that operands of a result of this shape ask for, or null if it is that of the dimensions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static OperandOrder? Of(Shape shape, Tensor x, Tensor y) => x.IsContiguous && y.IsContiguous ? null : Find(shape, x, y);

    private static OperandOrder? Find(Shape shape, Tensor x, Tensor y)
    {
        if (shape.NDim < 2 || shape.NumEl < 2) return null;
        ReadOnlySpan<int> first = Expanded(x, shape), second = ReferenceEquals(x, y) ? first : Expanded(y, shape);
        int[] order = Layout.MemoryOrder(shape, first, second);
        int inPlace = 0;
        while (inPlace < order.Length && order[inPlace] == inPlace) inPlace++;
        return inPlace == order.Length ? null : new OperandOrder(order, shape);
    }

    /// <summary>An operand as the operation is to see it: a single number as it is, others with all their dimensions.</summary>
    internal Tensor Of(Tensor x) =>
        x.NumEl == 1 ? x : Layout.Permuted(x.Shape.Equals(_shape) ? x : x.Alias(_shape, Expanded(x, _shape).ToArray(), x.Offset), _order);

    /// <summary>The same of one that may not be there.</summary>
    internal Tensor? OfNullable(Tensor? x) => x is null ? null : Of(x);

    /// <summary>What the operation made, as its caller is to see it.</summary>
    internal Tensor Back(Tensor z) => Layout.Permuted(z, Layout.Inverse(_order));

    private static ReadOnlySpan<int> Expanded(Tensor x, Shape shape) =>
        x.Shape.Equals(shape) ? x.Strides : Layout.ExpandStrides(x.Shape, x.Strides, shape);
}
