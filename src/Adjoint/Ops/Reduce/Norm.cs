namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>(Σ |x|ᵖ)^(1/p) over all elements: the length of the tensor as a vector.</summary>
    /// <param name="p">2 for the Euclidean norm, 1 for the sum of magnitudes, ±∞ for their extreme, 0 for the count of non-zeros.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Norm(double p = 2) => SlopedReduction.Apply(new NormOp(p), this, [], false);

    /// <summary>(Σ |x|ᵖ)^(1/p) over dimensions; none means all.</summary>
    /// <param name="p">2 for the Euclidean norm, 1 for the sum of magnitudes, ±∞ for their extreme, 0 for the count of non-zeros.</param>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Norm(double p, ReadOnlySpan<int> dims, bool keepDim = false) => SlopedReduction.Apply(new NormOp(p), this, dims, keepDim);

    /// <summary>The norm of the difference of two tensors, with broadcasting.</summary>
    /// <param name="other">The second tensor; the shapes broadcast.</param>
    /// <param name="p">Which norm, see <see cref="Norm(double)"/>.</param>
    public Tensor Dist(Tensor other, double p = 2) => (this - other).Norm(p);
}

/// <summary>y = (Σ |x|ᵖ)^(1/p),   ∂y/∂xᵢ = sign xᵢ·|xᵢ|ᵖ⁻¹/yᵖ⁻¹, and 0 where y = 0 or, for p &lt; 1, where xᵢ = 0.</summary>
internal readonly struct NormOp(double p) : IReductionOp
{
    public static string NodeName => "NormBackward1";

    public static Saves Saves => Saves.Both;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim)
    {
        Reduction.RequireFloat("Norm", x);
        if (p == 2) return Reduction.Run<SquaresKernel>(x.Detach(), dims, keepDim).SqrtInPlace();
        Tensor sizes = x.Detach().Abs();
        if (double.IsInfinity(p)) Reduction.RequireElements("Norm", x, dims);
        return p switch
        {
            0 => Reduction.Sum(sizes.Ne(0).To(x.DType), dims, keepDim),
            1 => Reduction.Sum(sizes, dims, keepDim),
            double.PositiveInfinity => Reduction.Run<MaxKernel>(sizes, dims, keepDim),
            double.NegativeInfinity => Reduction.Run<MinKernel>(sizes, dims, keepDim),
            _ => Reduction.Sum(sizes.Pow(p), dims, keepDim).PowInPlace(1 / p),
        };
    }

    public Tensor Slope(Tensor x, Tensor y, int[] dims) => p switch
    {
        0 => x.ZerosLike(),
        1 => x.Sign(),
        2 => (x / y).MaskedFill(y.Eq(0), 0.0),
        _ when double.IsInfinity(p) => x.Sign() * ExtremeOp<MaxKernel, MaxAllName>.EqualShares(x.Abs(), y, dims),
        < 1 => (x.Sign() * x.Abs().Pow(p - 1)).MaskedFill(x.Eq(0), 0.0) * y.Pow(1 - p),
        < 2 => x.Sign() * x.Abs().Pow(p - 1) * (1 / y.Pow(p - 1)).MaskedFill(y.Eq(0), 0.0),
        _ => x * x.Abs().Pow(p - 2) * (1 / y.Pow(p - 1)).MaskedFill(y.Eq(0), 0.0),
    };
}
