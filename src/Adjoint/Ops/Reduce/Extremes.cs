namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The largest element, or NaN if any is; equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">The tensor has no elements.</exception>
    public Tensor Max() => SlopedReduction.Apply(new ExtremeOp<MaxKernel, MaxAllName>(), this, [], false);

    /// <summary>The smallest element, or NaN if any is; equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">The tensor has no elements.</exception>
    public Tensor Min() => SlopedReduction.Apply(new ExtremeOp<MinKernel, MinAllName>(), this, [], false);

    /// <summary>The largest elements over dimensions (none means all); equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">There are no elements to choose from.</exception>
    public Tensor Amax(ReadOnlySpan<int> dims, bool keepDim = false) => SlopedReduction.Apply(new ExtremeOp<MaxKernel, AmaxName>(), this, dims, keepDim);

    /// <summary>The smallest elements over dimensions (none means all); equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">There are no elements to choose from.</exception>
    public Tensor Amin(ReadOnlySpan<int> dims, bool keepDim = false) => SlopedReduction.Apply(new ExtremeOp<MinKernel, AminName>(), this, dims, keepDim);
}

internal readonly struct MaxAllName : INodeName
{
    public static string Value => "MaxBackward1";
}

internal readonly struct MinAllName : INodeName
{
    public static string Value => "MinBackward1";
}

internal readonly struct AmaxName : INodeName
{
    public static string Value => "AmaxBackward0";
}

internal readonly struct AminName : INodeName
{
    public static string Value => "AminBackward0";
}

/// <summary>y = the extreme of x,   ∂y/∂xᵢ = 1/k for the k elements equal to it, else 0.</summary>
internal readonly struct ExtremeOp<TKernel, TName> : IReductionOp where TKernel : struct, IReductionKernel where TName : struct, INodeName
{
    public static string NodeName => TName.Value;

    public static Saves Saves => Saves.Both;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim)
    {
        Reduction.RequireElements(TName.Value[..TName.Value.IndexOf("Backward", StringComparison.Ordinal)], x, dims);
        return Reduction.Run<TKernel>(x, dims, keepDim);
    }

    public Tensor Slope(Tensor x, Tensor y, int[] dims) => EqualShares(x, y, dims);

    /// <summary>1/k at each of the k elements of x that equal y, else 0; all NaNs equal a y that is NaN.</summary>
    internal static Tensor EqualShares(Tensor x, Tensor y, int[] dims)
    {
        Tensor equal = x.Eq(y), isNaN = y.IsNaN();
        if ((bool)isNaN.Any()) equal |= x.IsNaN() & isNaN;
        Tensor shares = equal.To(x.DType);
        return dims.Length == 0 ? shares : shares / shares.Sum(dims, keepDim: true);
    }
}
