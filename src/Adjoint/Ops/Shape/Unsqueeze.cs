namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A view with a new dimension of size 1 at place <paramref name="dim"/>; −1 is after the last.</summary>
    /// <exception cref="ShapeException">There is no such place.</exception>
    public Tensor Unsqueeze(int dim) => Linear.View(UnsqueezeOp.Of(this, dim), this);
}

/// <summary>y = x with a new dimension of size 1.</summary>
internal readonly struct UnsqueezeOp(int dim) : ILinearOp
{
    public void Describe(OpAttributes to) => to.Add("dim", dim);

    public string NodeName => "UnsqueezeBackward0";

    internal static UnsqueezeOp Of(Tensor x, int dim)
    {
        if (dim < -x.NDim - 1 || dim > x.NDim)
            throw new ShapeException($"Unsqueeze: got dimension {dim}, expected one in [{-x.NDim - 1}, {x.NDim}] for the shape {x.Shape}.");
        return new UnsqueezeOp(dim < 0 ? dim + x.NDim + 1 : dim);
    }

    public Tensor Forward(Tensor x)
    {
        int step = dim < x.NDim ? Layout.Stride((long)x.Shape[dim] * x.Strides[dim]) : 1;
        int[] strides = [.. x.Strides[..dim], step, .. x.Strides[dim..]];
        return x.Alias([.. x.Shape.Sizes[..dim], 1, .. x.Shape.Sizes[dim..]], strides, x.Offset);
    }

    public Tensor Apply(Tensor x) => x.Unsqueeze(dim);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Squeeze(dim);
}

public static partial class OpTable
{
    private static Op Unsqueeze => Op.Of(OpKind.Linear, "unsqueeze", x => x.Unsqueeze(-1), Matrix,
        new() { Formula = "x with one more size of 1", Torch = "x.unsqueeze(-1)", Onnx = "Unsqueeze" });
}
