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

/// <summary>y = ln Σ eˣ,   ∂y/∂xᵢ = e^(xᵢ − y)/Σ e^(xⱼ − y), a softmax.</summary>
// y is rounded to the spacing of numbers of its size, and all exponentials are off by one factor, which the sum takes out again;
// the quotient does not depend on y, so y counts as a constant for its derivatives.
internal readonly struct LogSumExpOp : IReductionOp
{
    public string NodeName => "LogsumexpBackward0";

    public static Saves Saves => Saves.Both;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim)
    {
        Reduction.RequireFloat("LogSumExp", x);
        return Reduction.Run<LogSumExpKernel>(x, dims, keepDim);
    }

    public void Write(Hand hand, int[] dims) => HandSums.Rows(hand, hand.Input(0), dims, hand.Result, (x, y) =>
    {
        string max = hand.Fold(HandFold.Largest, "max", null, false, x);
        // An infinite maximum would be subtracted from itself.
        hand.Line($"{x.Word} shift = {x.Word}.IsInfinity({max}) ? 0 : {max};");
        string sum = hand.Fold(HandFold.Sum, "sum", e => hand.Apply<ExpOp>(x.Word, $"{hand.Element(e[0])} - shift"), false, x);
        hand.Store(y, $"shift + {hand.Apply<LogOp>(x.Word, sum)}");
    }, asItLies: true);

    public Tensor Slope(Tensor x, Tensor y, int[] dims)
    {
        Tensor shares = (x - y.Detach()).Exp();
        if (dims.Length == 0) return shares;
        // Beside an infinite one the others have a share of 0, as in PyTorch.
        return shares / shares.Sum(dims, keepDim: true).Unless(y.Detach().IsInf());
    }
}

public static partial class Special
{
    /// <summary>ln Σ eˣ along a dimension: torch.special.logsumexp, <see cref="Tensor.LogSumExp(int, bool)"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether it stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public static Tensor LogSumExp(Tensor x, int dim, bool keepDim = false) => x.Given().LogSumExp(dim, keepDim);
}

public static partial class OpTable
{
    private static Op LogSumExp => Op.Of(OpKind.Other, "logsumexp", x => x.LogSumExp([0, 1]), Cube,
        new()
        {
            Formula = "ln Σ eˣ over dimensions",
            Torch = "x.logsumexp((0, 1))",
            Gradient = "g·e^(x − y)",
            Onnx = "ReduceLogSumExp",
        });
}
