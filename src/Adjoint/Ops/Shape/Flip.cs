namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy with the order along the given dimensions reversed.</summary>
    /// <exception cref="ShapeException">A dimension does not exist or is named twice.</exception>
    public Tensor Flip(params ReadOnlySpan<int> dims) => Linear.Apply(FlipOp.Of(this, dims), this);
}

/// <summary>y[…, i, …] = x[…, n − 1 − i, …]; its own transpose.</summary>
internal readonly struct FlipOp(int[] dims) : ILinearOp
{
    public void Describe(OpAttributes to) => to.Add("dim", dims);

    public string NodeName => "FlipBackward0";

    internal static FlipOp Of(Tensor x, ReadOnlySpan<int> dims) => new(dims.Length == 0 ? [] : Reduction.Dims(x, dims));

    public Tensor Forward(Tensor x)
    {
        if (x.NumEl == 0) return Elements.Copy(x);
        int[] strides = x.Strides.ToArray();
        int offset = x.Offset;
        foreach (int d in dims)
        {
            offset += (x.Shape[d] - 1) * strides[d];
            strides[d] = -strides[d];
        }
        return Elements.Copy(x.Alias(x.Shape, strides, offset));
    }

    public Tensor Apply(Tensor x) => x.Flip(dims);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Flip(dims);
}

public static partial class OpTable
{
    private static Op Flip => Op.Of(OpKind.Linear, "flip", x => x.Flip(0, 2), Cube,
        new() { Formula = "y[…, i, …] = x[…, n − 1 − i, …]", Torch = "x.flip(0, 2)" });
}
