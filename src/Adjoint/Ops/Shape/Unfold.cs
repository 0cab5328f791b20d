namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// A view of all windows of <paramref name="size"/> places along a dimension, <paramref name="step"/> apart; the window is a new last
    /// dimension.
    /// </summary>
    /// <exception cref="ShapeException">The window is larger than the dimension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public Tensor Unfold(int dim, int size, int step) => Linear.View(UnfoldOp.Of(this, dim, size, step), this);
}

/// <summary>y[…, i, …, k] = x[…, i·step + k, …]; its transpose adds the gradients of overlapping windows.</summary>
internal readonly struct UnfoldOp(int dim, int size, int step) : ILinearOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("size", size);
        to.Add("step", step);
    }

    public string NodeName => "UnfoldBackward0";

    internal static UnfoldOp Of(Tensor x, int dim, int size, int step)
    {
        if (step <= 0) throw new ArgumentOutOfRangeException(nameof(step), step, $"Unfold: the step must be positive, but is {step}.");
        int d = x.Shape.Wrap(dim), places = x.NDim == 0 ? 1 : x.Shape[d];
        if (size < 0 || size > places)
            throw new ShapeException($"Unfold: a window of {size} does not fit into dimension {d} of size {places} (shape {x.Shape}).");
        return new UnfoldOp(d, size, step);
    }

    public Tensor Forward(Tensor x)
    {
        if (x.NDim == 0) return x.Alias([size], [1], x.Offset);
        int[] sizes = [.. x.Shape.Sizes, size], strides = [.. x.Strides, x.Strides[dim]];
        sizes[dim] = (x.Shape[dim] - size) / step + 1;
        strides[dim] = Layout.Stride((long)strides[dim] * step);
        return x.Alias(Shape.Of(sizes), strides, x.Offset);
    }

    public Tensor Apply(Tensor x) => x.Unfold(dim, size, step);

    public Tensor Transpose(Tensor g, TensorFacts x) => EmbedOp<UnfoldOp>.Apply(this, g, x.Shape);
}

public static partial class OpTable
{
    private static Op Unfold => Op.Of(OpKind.Linear, "unfold", x => x.Unfold(2, 3, 1), Cube,
        new() { Formula = "all windows of a dimension of x", Torch = "x.unfold(2, 3, 1)" });
}
