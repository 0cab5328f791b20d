namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A view of the places start, start + step, … before <paramref name="stop"/> along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="start">The first place; negative counts from the end; out of range is cut off.</param>
    /// <param name="stop">Where to stop; negative counts from the end; null for the end.</param>
    /// <param name="step">At least 1; use <see cref="Flip"/> to go backwards.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    /// <exception cref="ShapeException">The tensor has no such dimension.</exception>
    public Tensor Slice(int dim, int start = 0, int? stop = null, int step = 1) =>
        Linear.View(SliceOp.Of(this, dim, start, stop, step), this);

    /// <summary>A view of <paramref name="length"/> places from <paramref name="start"/> on along a dimension.</summary>
    /// <exception cref="TensorIndexException">The places do not all exist.</exception>
    public Tensor Narrow(int dim, int start, int length) => Linear.View(SliceOp.Narrow(this, dim, start, length), this);
}

/// <summary>y = x[…, start : start + count·step : step, …]; its transpose puts the gradient back among zeros.</summary>
internal readonly struct SliceOp(int dim, int start, int count, int step) : ILinearOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("start", start);
        to.Add("count", count);
        to.Add("step", step);
    }

    public string NodeName => "SliceBackward0";

    internal static SliceOp Of(Tensor x, int dim, int start, int? stop, int step)
    {
        if (x.NDim == 0) throw new ShapeException("Slice: a tensor without dimensions cannot be sliced.");
        if (step <= 0)
            throw new ArgumentOutOfRangeException(
                nameof(step), step, $"Slice: the step must be positive, but is {step}. Use Flip to go backwards.");
        int d = x.Shape.Wrap(dim), size = x.Shape[d];
        int first = Math.Clamp(start < 0 ? start + size : start, 0, size);
        int end = stop is not { } to ? size : Math.Clamp(to < 0 ? to + size : to, first, size);
        return new SliceOp(d, first, (int)(((long)end - first + step - 1) / step), step);
    }

    internal static SliceOp Narrow(Tensor x, int dim, int start, int length)
    {
        if (x.NDim == 0) throw new ShapeException("Narrow: a tensor without dimensions cannot be narrowed.");
        int d = x.Shape.Wrap(dim), size = x.Shape[d];
        int first = start < 0 ? start + size : start;
        if (length < 0 || first < 0 || (long)first + length > size)
            throw new TensorIndexException(
                $"Narrow: {length} places from {start} on do not fit into dimension {d} of size {size} (shape {x.Shape}).");
        return new SliceOp(d, first, length, 1);
    }

    public Tensor Forward(Tensor x)
    {
        int[] sizes = x.Shape.Sizes.ToArray(), strides = x.Strides.ToArray();
        int offset = count > 0 && x.NumEl > 0 ? x.Offset + start * strides[dim] : x.Offset;
        sizes[dim] = count;
        strides[dim] = Layout.Stride((long)strides[dim] * step);
        return x.Alias(Shape.Of(sizes), strides, offset);
    }

    public Tensor Apply(Tensor x) => Linear.View(this, x);

    public Tensor Transpose(Tensor g, TensorFacts x) => EmbedOp<SliceOp>.Apply(this, g, x.Shape);
}

public static partial class OpTable
{
    private static Op Slice => Op.Of(OpKind.Linear, "slice", x => x.Slice(2, 1, step: 2), Cube,
        new() { Formula = "every n-th place of a dimension of x", Torch = "x[:, :, 1::2]", Onnx = "Slice" });

    private static Op Narrow => Op.Of(OpKind.Linear, "narrow", x => x.Narrow(1, 1, 2), Cube,
        new() { Formula = "some places in a row of a dimension of x", Torch = "x.narrow(1, 1, 2)" });
}
