using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>A layer of recurrent cells in one direction, over all steps.</summary>
internal static class RecurrentForward
{
    /// <summary>What the input contributes to the gates: one product of all steps.</summary>
    public static void Inputs<T>(
        RecurrentSizes sizes, ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> gates)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gemm.Multiply(
            Trans.No, Trans.Yes, sizes.Rows, sizes.Gates, sizes.Input, x, sizes.Input, weight, sizes.Input, gates, sizes.Gates, bias: bias);

    /// <summary>The steps.</summary>
    /// <param name="sizes">The sizes.</param>
    /// <param name="weight">What the state is multiplied by: [gates, state], or turned.</param>
    /// <param name="isTurned">Whether it is transposed.</param>
    /// <param name="bias">[gates], or empty.</param>
    /// <param name="projection">[state, cells], or empty.</param>
    /// <param name="gates">[rows, gates]: what the input contributes, which becomes the gates.</param>
    /// <param name="kept">[rows, kept]: receives what a gradient needs besides, or is empty.</param>
    /// <param name="before">[rows, state]: receives the state before each step, or is empty.</param>
    /// <param name="y">[rows, state]: receives the output.</param>
    /// <param name="h">The state, first and last.</param>
    /// <param name="c">That of the cells, or empty.</param>
    /// <param name="contributed">Room for what the state contributes to the gates of a step.</param>
    /// <param name="whole">Room for the output of the cells of a step before it is projected, or empty.</param>
    public static void Steps<T>(
        RecurrentSizes sizes, ReadOnlySpan<T> weight, bool isTurned, ReadOnlySpan<T> bias, ReadOnlySpan<T> projection, Span<T> gates,
        Span<T> kept, Span<T> before, Span<T> y, Span<T> h, Span<T> c, Span<T> contributed, Span<T> whole)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int wide, int state, int n, int keptWidth) = (sizes.Gates, sizes.State, sizes.Cells, sizes.Kept);
        foreach ((int start, int count) in sizes.Steps)
        {
            Span<T> now = h[..(count * state)], part = gates.Slice(start * wide, count * wide), u = contributed[..(count * wide)];
            Span<T> keep = kept.IsEmpty ? default : kept.Slice(start * keptWidth, count * keptWidth);
            if (!before.IsEmpty) now.CopyTo(before[(start * state)..]);
            Gemm.Multiply(Trans.No, isTurned ? Trans.No : Trans.Yes, count, wide, state, now, state, weight, isTurned ? wide : state, u,
                wide,
                bias: bias);
            switch (sizes.Kind)
            {
                case RecurrentKind.Lstm when !projection.IsEmpty:
                    Span<T> cells = whole[..(count * n)];
                    LstmStep.Forward(n, part, u, c[..(count * n)], cells, keep);
                    Gemm.Multiply(Trans.No, Trans.Yes, count, state, n, cells, n, projection, n, now, state);
                    break;
                case RecurrentKind.Lstm:
                    LstmStep.Forward(n, part, u, c[..(count * n)], now, keep);
                    break;
                case RecurrentKind.Gru:
                    GruStep.Forward(n, part, u, now, keep);
                    break;
                default:
                    RnnStep.Forward(n, sizes.Kind == RecurrentKind.Relu, part, u);
                    part.CopyTo(now);
                    break;
            }
            now.CopyTo(y[(start * state)..]);
        }
    }
}
