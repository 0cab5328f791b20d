namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The largest element, or NaN if any is; equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">The tensor has no elements.</exception>
    public Tensor Max() => SlopedReduction.Apply(new ExtremeOp<MaxKernel>("MaxBackward1"), this, [], false);

    /// <summary>The smallest element, or NaN if any is; equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">The tensor has no elements.</exception>
    public Tensor Min() => SlopedReduction.Apply(new ExtremeOp<MinKernel>("MinBackward1"), this, [], false);

    /// <summary>The largest elements over dimensions (none means all); equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">There are no elements to choose from.</exception>
    public Tensor Amax(ReadOnlySpan<int> dims = default, bool keepDim = false) =>
        SlopedReduction.Apply(new ExtremeOp<MaxKernel>("AmaxBackward0"), this, dims, keepDim);

    /// <summary>The largest elements along a dimension; equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">There are no elements to choose from.</exception>
    public Tensor Amax(int dim, bool keepDim = false) => Amax([dim], keepDim);

    /// <summary>The smallest elements over dimensions (none means all); equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">There are no elements to choose from.</exception>
    public Tensor Amin(ReadOnlySpan<int> dims = default, bool keepDim = false) =>
        SlopedReduction.Apply(new ExtremeOp<MinKernel>("AminBackward0"), this, dims, keepDim);

    /// <summary>The smallest elements along a dimension; equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">There are no elements to choose from.</exception>
    public Tensor Amin(int dim, bool keepDim = false) => Amin([dim], keepDim);
}

/// <summary>y = the extreme of x,   ∂y/∂xᵢ = 1/k for the k elements equal to it, else 0.</summary>
internal readonly struct ExtremeOp<TKernel>(string nodeName) : IReductionOp where TKernel : struct, IReductionKernel
{
    public string NodeName => nodeName;

    public static Saves Saves => Saves.Both;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim)
    {
        Reduction.RequireElements(Adjoint.NodeName.Words(nodeName), x, dims);
        return Reduction.Run<TKernel>(x, dims, keepDim);
    }

    // As in PyTorch: the gradient of a NaN is spread over the NaNs by max(), and is none by amax(), where no element equals it.
    public Tensor Slope(Tensor x, Tensor y, int[] dims) =>
        nodeName[0] is 'A' && dims.Length > 0 ? SharesOfEqual(x.Eq(y), x.DType, dims) : EqualShares(x, y, dims);

    public void Write(Hand hand, int[] dims) => HandSums.Write(
        hand, typeof(TKernel) == typeof(MaxKernel) ? HandFold.Largest : HandFold.Smallest, hand.Input(0), dims, hand.Result);

    /// <summary>1/k at each of the k elements of x that equal y, else 0; all NaNs equal a y that is NaN.</summary>
    internal static Tensor EqualShares(Tensor x, Tensor y, int[] dims)
    {
        Tensor equal = x.Eq(y), isNaN = y.IsNaN();
        if (GraphCapture.IsCapturing || (bool)isNaN.Any()) equal |= x.IsNaN() & isNaN;
        return SharesOfEqual(equal, x.DType, dims);
    }

    private static Tensor SharesOfEqual(Tensor equal, DType dtype, int[] dims)
    {
        Tensor shares = equal.To(dtype);
        return dims.Length == 0 ? shares : shares / shares.Sum(dims, keepDim: true);
    }
}

public static partial class OpTable
{
    private static Op Max => Op.Of(OpKind.Other, "max", x => x.Max(), Matrix,
        new()
        {
            Formula = "the largest element of x",
            Torch = "x.max()",
            Gradient = "g at that element, elsewhere 0; shared where several are equal",
        });

    private static Op Min => Op.Of(OpKind.Other, "min", x => x.Min(), Matrix,
        new()
        {
            Formula = "the smallest element of x",
            Torch = "x.min()",
            Gradient = "g at that element, elsewhere 0; shared where several are equal",
        });

    private static Op Amax => Op.Of(OpKind.Other, "amax", x => x.Amax([0, 2]), Cube,
        new()
        {
            Formula = "the largest element of x over dimensions",
            Torch = "x.amax((0, 2))",
            Gradient = "g at that element, elsewhere 0; shared where several are equal",
            Onnx = "ReduceMax",
        });

    private static Op Amin => Op.Of(OpKind.Other, "amin", x => x.Amin([1], keepDim: true), Cube,
        new()
        {
            Formula = "the smallest element of x over dimensions",
            Torch = "x.amin((1,), keepdim=True)",
            Gradient = "g at that element, elsewhere 0; shared where several are equal",
            Onnx = "ReduceMin",
        });
}
