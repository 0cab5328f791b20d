using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>The gradients of a layer of recurrent cells in one direction, back through time.</summary>
internal static class RecurrentBackward
{
    /// <summary>The steps, from the last.</summary>
    /// <param name="sizes">The sizes.</param>
    /// <param name="weight">[gates, state]: what the state is multiplied by.</param>
    /// <param name="projection">[state, cells], or empty.</param>
    /// <param name="gates">[rows, gates]: the gates.</param>
    /// <param name="kept">[rows, kept]: what was kept besides, or empty.</param>
    /// <param name="before">[rows, state]: the state before each step.</param>
    /// <param name="ofY">[rows, state]: the gradient of the output, or empty.</param>
    /// <param name="ofState">The gradient of the last state, which becomes that of the first.</param>
    /// <param name="ofCell">That of the cells, or empty.</param>
    /// <param name="ofGates">[rows, gates]: receives the gradient of what the input contributes.</param>
    /// <param name="ofHidden">[rows, gates]: receives that of what the state contributes; may be the same memory where it is the
    /// same.</param>
    /// <param name="ofProjected">[rows, state]: receives the gradients of what was projected, or is empty.</param>
    /// <param name="whole">Room for the gradients of the cells of a step, or empty.</param>
    public static void Steps<T>(
        RecurrentSizes sizes, ReadOnlySpan<T> weight, ReadOnlySpan<T> projection, ReadOnlySpan<T> gates, ReadOnlySpan<T> kept,
        ReadOnlySpan<T> before, ReadOnlySpan<T> ofY, Span<T> ofState, Span<T> ofCell, Span<T> ofGates, Span<T> ofHidden,
        Span<T> ofProjected,
        Span<T> whole) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int wide, int state, int n, int keptWidth) = (sizes.Gates, sizes.State, sizes.Cells, sizes.Kept);
        for (int t = sizes.Steps.Length - 1; t >= 0; t--)
        {
            (int start, int count) = sizes.Steps[t];
            Span<T> now = ofState[..(count * state)], part = ofGates.Slice(start * wide, count * wide);
            Span<T> hidden = ofHidden.Slice(start * wide, count * wide);
            ReadOnlySpan<T> gate = gates.Slice(start * wide, count * wide), keep = kept.Slice(start * keptWidth, count * keptWidth);
            ReadOnlySpan<T> more = ofY.IsEmpty ? default : ofY.Slice(start * state, count * state);
            switch (sizes.Kind)
            {
                case RecurrentKind.Lstm when !projection.IsEmpty:
                    Span<T> cells = whole[..(count * n)];
                    if (!more.IsEmpty) RnnStep.Add(now, more);
                    now.CopyTo(ofProjected[(start * state)..]);
                    Gemm.Multiply(Trans.No, Trans.No, count, n, state, now, state, projection, n, cells, n);
                    LstmStep.Backward(n, gate, keep, cells, default, ofCell[..(count * n)], part);
                    break;
                case RecurrentKind.Lstm:
                    LstmStep.Backward(n, gate, keep, now, more, ofCell[..(count * n)], part);
                    break;
                case RecurrentKind.Gru:
                    GruStep.Backward(n, gate, keep, before.Slice(start * n, count * n), more, now, part, hidden);
                    break;
                default:
                    RnnStep.Backward(n, sizes.Kind == RecurrentKind.Relu, gate, now, more, part);
                    break;
            }
            Gemm.Multiply(Trans.No, Trans.No, count, state, wide, hidden, wide, weight, state, now, state,
                accumulate: sizes.Kind == RecurrentKind.Gru);
        }
    }

    /// <summary>The gradient of a projection, of those of what was projected.</summary>
    /// <param name="sizes">The sizes.</param>
    /// <param name="gates">[rows, gates]: the gates.</param>
    /// <param name="kept">[rows, kept]: what was kept besides.</param>
    /// <param name="ofProjected">[rows, state]: the gradients of what was projected.</param>
    /// <param name="cells">[rows, cells]: room for what was projected.</param>
    /// <param name="ofProjection">[state, cells]: receives it.</param>
    public static void Projection<T>(
        RecurrentSizes sizes, ReadOnlySpan<T> gates, ReadOnlySpan<T> kept, ReadOnlySpan<T> ofProjected, Span<T> cells, Span<T> ofProjection)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LstmStep.Outputs(sizes.Cells, gates, kept, cells);
        Weight(sizes.State, sizes.Cells, sizes.Rows, ofProjected, cells, ofProjection);
    }

    /// <summary>gᵀ·x: the gradient of a weight [m, n] of those of its products and of what it was multiplied with, of all rows.</summary>
    public static void Weight<T>(int m, int n, int rows, ReadOnlySpan<T> g, ReadOnlySpan<T> x, Span<T> weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gemm.Multiply(Trans.Yes, Trans.No, m, n, rows, g, m, x, n, weight, n);

    /// <summary>g·w: the gradient of what was multiplied with a weight [m, n], of all rows.</summary>
    public static void Operand<T>(int m, int n, int rows, ReadOnlySpan<T> g, ReadOnlySpan<T> weight, Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gemm.Multiply(Trans.No, Trans.No, rows, n, m, g, m, weight, n, x, n);
}
