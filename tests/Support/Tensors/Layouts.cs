namespace Adjoint.Tests.Ops;

/// <summary>Ways in which an argument can lie in memory.</summary>
public enum Layout
{
    /// <summary>One element after the other.</summary>
    Contiguous,

    /// <summary>A view with the dimensions in reverse order.</summary>
    Transposed,

    /// <summary>Every second element of a larger tensor.</summary>
    Strided,
}

/// <summary>Arguments of rows of the table of operations, as leaves that require grad, and what the operation sees of them.</summary>
internal static class Layouts
{
    public static Tensor Leaf(OpInput input, Layout layout, int seed, DType dtype = DType.Float64)
    {
        int[] sizes = input.Shape.Sizes.ToArray();
        if (layout == Layout.Transposed) Array.Reverse(sizes);
        if (layout == Layout.Strided && sizes.Length > 0) sizes[^1] *= 2;
        return input.Sample(Shape.Of(sizes), seed).To(dtype).RequiresGradInPlace();
    }

    public static Tensor[] Leaves(Op op, Layout layout, int seed = 0, DType dtype = DType.Float64) =>
        [.. op.Inputs.Select((input, i) => Leaf(input, layout, seed + 7 * i, dtype))];

    public static Tensor Seen(Tensor leaf, Layout layout) => layout switch
    {
        Layout.Transposed => leaf.T,
        Layout.Strided when leaf.NDim > 0 => leaf.Slice(-1, 0, step: 2),
        _ => leaf,
    };

    public static Tensor Apply(Op op, IReadOnlyList<Tensor> leaves, Layout layout) =>
        op.Apply([.. leaves.Select(leaf => Seen(leaf, layout))]);
}
