using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The variance Σ(x − mean)²/(n − correction) over all elements; NaN where n ≤ correction.</summary>
    /// <param name="correction">1 for the unbiased estimate, 0 for the mean square deviation.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Var(double correction = 1) => Var([], correction);

    /// <summary>The variance along a dimension.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="correction">1 for the unbiased estimate, 0 for the mean square deviation.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Var(int dim, double correction = 1, bool keepDim = false) => Var([dim], correction, keepDim);

    /// <inheritdoc cref="Var(int, double, bool)"/>
    public Tensor Var(int dim, bool keepDim) => Var([dim], 1, keepDim);

    /// <summary>The variance over dimensions; none means all.</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="correction">1 for the unbiased estimate, 0 for the mean square deviation.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Var(ReadOnlySpan<int> dims, double correction = 1, bool keepDim = false) =>
        SlopedReduction.Apply(new VarOp(correction), this, dims, keepDim);

    /// <summary>The standard deviation over all elements: the root of <see cref="Var(double)"/>; its gradient is 0 where it is 0.</summary>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Std(double correction = 1) => Std([], correction);

    /// <summary>The standard deviation along a dimension.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="correction">1 for the unbiased estimate, 0 for the root of the mean square deviation.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Std(int dim, double correction = 1, bool keepDim = false) => Std([dim], correction, keepDim);

    /// <inheritdoc cref="Std(int, double, bool)"/>
    public Tensor Std(int dim, bool keepDim) => Std([dim], 1, keepDim);

    /// <summary>The standard deviation over dimensions; none means all.</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="correction">1 for the unbiased estimate, 0 for the root of the mean square deviation.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Std(ReadOnlySpan<int> dims, double correction = 1, bool keepDim = false) =>
        SlopedReduction.Apply(new StdOp(correction), this, dims, keepDim);

    /// <summary>Standard deviation and mean over dimensions; none means all.</summary>
    public (Tensor Std, Tensor Mean) StdMean(ReadOnlySpan<int> dims, double correction = 1, bool keepDim = false) =>
        VarOp.WithMean(new StdOp(correction), this, dims, keepDim, correction, root: true);

    /// <summary>Standard deviation and mean over all elements.</summary>
    /// <param name="correction">1 for the unbiased estimate, 0 for the root of the mean square deviation.</param>
    public (Tensor Std, Tensor Mean) StdMean(double correction = 1) => StdMean([], correction);

    /// <summary>Standard deviation and mean along a dimension.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="correction">1 for the unbiased estimate, 0 for the root of the mean square deviation.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    public (Tensor Std, Tensor Mean) StdMean(int dim, double correction = 1, bool keepDim = false) => StdMean([dim], correction, keepDim);

    /// <summary>Variance and mean over all elements.</summary>
    /// <param name="correction">1 for the unbiased estimate, 0 for the mean square deviation.</param>
    public (Tensor Var, Tensor Mean) VarMean(double correction = 1) => VarMean([], correction);

    /// <summary>Variance and mean along a dimension.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="correction">1 for the unbiased estimate, 0 for the mean square deviation.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    public (Tensor Var, Tensor Mean) VarMean(int dim, double correction = 1, bool keepDim = false) => VarMean([dim], correction, keepDim);

    /// <summary>Variance and mean over dimensions; none means all.</summary>
    public (Tensor Var, Tensor Mean) VarMean(ReadOnlySpan<int> dims, double correction = 1, bool keepDim = false) =>
        VarOp.WithMean(new VarOp(correction), this, dims, keepDim, correction, root: false);
}

/// <summary>y = Σ(x − x̄)²/(n − c),   ∂y/∂xᵢ = 2(xᵢ − x̄)/(n − c).</summary>
internal readonly struct VarOp(double correction) : IReductionOp
{
    public void Describe(OpAttributes to) => to.Add("correction", correction);

    public string NodeName => "VarBackward0";

    public static Saves Saves => Saves.Input;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim) => Moments("Var", x, dims, keepDim, correction, root: false).Variance;

    public Tensor Slope(Tensor x, Tensor y, int[] dims) =>
        (x - (dims.Length == 0 ? x : Mean(x, dims, keepDim: true))) * (2 / Math.Max(0, Reduction.Count(x.Shape, dims) - correction));

    /// <summary>The mean that deviations are taken from, see Note [Two passes].</summary>
    public void Write(Hand hand, int[] dims) => HandMoments.Write(hand, hand.Input(0), dims, hand.Result, null, correction, root: false);

    internal static Tensor Mean(Tensor x, int[] dims, bool keepDim) => Linear.Apply(new MeanOp(dims, keepDim, twoPasses: true), x);

    /// <summary>Both from one look at the elements, with a node each.</summary>
    internal static (Tensor Deviation, Tensor Mean) WithMean<TOp>(TOp op, Tensor x, ReadOnlySpan<int> dim, bool keepDim, double correction,
        bool root) where TOp : struct, IReductionOp
    {
        int[] dims = Reduction.Dims(x, dim);
        Tensor?[] results = Door.RunMany(new MomentsOp<TOp>(op, dims, keepDim, correction, root), x);
        return (results[0]!, results[1]!);
    }

    private readonly struct MomentsOp<TOp>(TOp op, int[] dims, bool keepDim, double correction, bool root) : ITensorsOperation, IByHand
        where TOp : struct, IReductionOp
    {
        public string Name => root ? "std_mean" : "var_mean";

        public void Describe(OpAttributes to)
        {
            to.Add("dim", dims);
            to.Add("correction", correction);
            to.Add("keepdim", keepDim);
        }

        public void Write(Hand hand) =>
            HandMoments.Write(hand, hand.Input(0), dims, hand.ResultOrNull(0), hand.ResultOrNull(1), correction, root);

        public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!;
            (Tensor deviation, Tensor mean) = Moments(root ? "StdMean" : "VarMean", x, dims, keepDim, correction, root);
            return
            [
                SlopedReduction.Recorded(here, op, x, deviation, dims, keepDim),
                Linear.Recorded(here, new MeanOp(dims, keepDim, twoPasses: true), x, mean),
            ];
        }
    }

    /// <summary>Variance (or its root) and mean, without history.</summary>
    internal static (Tensor Variance, Tensor Mean) Moments(
        string operation, Tensor x, int[] dims, bool keepDim, double correction, bool root)
    {
        Reduction.RequireFloat(operation, x);
        Shape shape = Reduction.Result(x.Shape, dims, keepDim);
        Tensor mean = Tensor.Uninitialized(shape, x.DType), y = Tensor.Uninitialized(shape, x.DType);
        (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(x, dims);
        var work = new Work(block, outer, n, inner, mean, y, correction, root);
        Dispatch.Floating(x.DType, operation, ref work);
        return (y, mean);
    }

    private readonly struct Work(Tensor block, int outer, int n, int inner, Tensor mean, Tensor y, double correction, bool root)
        : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Reduce.Variance(memory.Of<T>(block), outer, n, inner, memory.Of<T>(mean), memory.Of<T>(y), correction, root);
        }
    }
}

/// <summary>y = √(Σ(x − x̄)²/(n − c)),   ∂y/∂xᵢ = (xᵢ − x̄)/((n − c)·y), and 0 for y = 0.</summary>
internal readonly struct StdOp(double correction) : IReductionOp
{
    public void Describe(OpAttributes to) => to.Add("correction", correction);

    public string NodeName => "StdBackward0";

    public static Saves Saves => Saves.Both;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim) => VarOp.Moments("Std", x, dims, keepDim, correction, root: true).Variance;

    public void Write(Hand hand, int[] dims) => HandMoments.Write(hand, hand.Input(0), dims, hand.Result, null, correction, root: true);

    public Tensor Slope(Tensor x, Tensor y, int[] dims) =>
        new VarOp(correction).Slope(x, y, dims) * (0.5 / y.Unless(y.Eq(0))).MaskedFill(y.Eq(0), 0.0);
}

public static partial class OpTable
{
    private static Op Var => Op.Of(OpKind.Other, "var", x => x.Var([1]), Cube,
        new() { Formula = "Σ (x − mean x)² / (n − c) over dimensions", Torch = "x.var((1,))", Gradient = "g·2(x − mean x)/(n − c)" });

    private static Op Std => Op.Of(OpKind.Other, "std", x => x.Std([0, 2], correction: 0), Cube,
        new()
        {
            Formula = "√(Σ (x − mean x)² / (n − c)) over dimensions",
            Torch = "x.std((0, 2), unbiased=False)",
            Gradient = "g·(x − mean x)/((n − c)·y)",
        });

    private static Op StdMean => Op.Of(OpKind.Composite, "std_mean", x => x.StdMean([1]).Std + x.StdMean([1]).Mean, Cube,
        new() { Formula = "std x + mean x", Torch = "sum(torch.std_mean(x, (1,)))" });
}
