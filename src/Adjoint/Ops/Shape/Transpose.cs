namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A view with two dimensions swapped.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Transpose(int dim0, int dim1) => Linear.View(new TransposeOp(Shape.Wrap(dim0), Shape.Wrap(dim1)), this);

    /// <summary>The transposed matrix, as a view; a tensor of fewer than two dimensions is its own transpose.</summary>
    /// <exception cref="ShapeException">The tensor has more than two dimensions; use <see cref="MT"/>.</exception>
    public Tensor Transpose() => Linear.View(MatrixTransposeOp.Of(this), this);

    /// <summary>A view with the dimensions in reverse order: the transposed matrix.</summary>
    public Tensor T => PermuteOp.Reverse(this);

    /// <summary>A view with the last two dimensions swapped: each matrix of a batch transposed.</summary>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public Tensor MT => Transpose(-2, -1);
}

/// <summary>y = x with two dimensions swapped; its own transpose.</summary>
internal readonly struct TransposeOp(int dim0, int dim1) : ILinearOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("dim0", dim0);
        to.Add("dim1", dim1);
    }

    public string NodeName => "TransposeBackward0";

    public Tensor Forward(Tensor x) => Swap(x, dim0, dim1);

    public Tensor Apply(Tensor x) => x.Transpose(dim0, dim1);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Transpose(dim0, dim1);

    internal static Tensor Swap(Tensor x, int dim0, int dim1)
    {
        if (x.NDim == 0) return x.Alias(x.Shape, null, x.Offset);
        int[] sizes = x.Shape.Sizes.ToArray(), strides = x.Strides.ToArray();
        (sizes[dim0], sizes[dim1]) = (sizes[dim1], sizes[dim0]);
        (strides[dim0], strides[dim1]) = (strides[dim1], strides[dim0]);
        return x.Alias(Shape.Of(sizes), strides, x.Offset);
    }
}

/// <summary>Y = Xᵀ; its own transpose.</summary>
internal readonly struct MatrixTransposeOp : ILinearOp
{
    public string NodeName => "TBackward0";

    internal static MatrixTransposeOp Of(Tensor x) => x.NDim <= 2 ? default
        : throw new ShapeException(
            $"Transpose: needs at most two dimensions, but the shape is {x.Shape}. Use MT, or Transpose(dim0, dim1).");

    public Tensor Forward(Tensor x) => TransposeOp.Swap(x, 0, Math.Max(x.NDim - 1, 0));

    public Tensor Apply(Tensor x) => x.Transpose();

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Transpose();
}

public static partial class OpTable
{
    private static Op Transpose => Op.Of(OpKind.Linear, "transpose", x => x.Transpose(0, 2), Cube,
        new() { Formula = "x with two dimensions exchanged", Torch = "x.transpose(0, 2)" });

    private static Op T => Op.Of(OpKind.Linear, "t", x => x.Transpose(), Matrix,
        new() { Formula = "xᵀ", Torch = "x.t()", Onnx = "Transpose" });
}
