namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>ln Σ eˣ over one dimension, without overflow.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor LogSumExp(int dim, bool keepDim = false) => LogSumExp([dim], keepDim);

    /// <summary>ln Σ eˣ over several dimensions (none means all), without overflow.</summary>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor LogSumExp(ReadOnlySpan<int> dims, bool keepDim = false) => SlopedReduction.Apply(new LogSumExpOp(), this, dims, keepDim);
}

/// <summary>y = ln Σ eˣ,   ∂y/∂xᵢ = e^(xᵢ − y).</summary>
internal readonly struct LogSumExpOp : IReductionOp
{
    public static string NodeName => "LogsumexpBackward0";

    public static Saves Saves => Saves.Both;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim)
    {
        Reduction.RequireFloat("LogSumExp", x);
        return Reduction.Run<LogSumExpKernel>(x, dims, keepDim);
    }

    public Tensor Slope(Tensor x, Tensor y, int[] dims) => (x - y).Exp();
}
