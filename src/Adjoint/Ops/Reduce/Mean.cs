using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The mean of all elements; NaN of none.</summary>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Mean() => Linear.Apply(new MeanAllOp(), this);

    /// <summary>The mean over one dimension.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Mean(int dim, bool keepDim = false) => Mean([dim], keepDim);

    /// <summary>The mean over several dimensions; none means all.</summary>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Mean(ReadOnlySpan<int> dims, bool keepDim = false) => Linear.Apply(new MeanOp(Reduction.Dims(this, dims), keepDim), this);
}

/// <summary>y = Σ x / n; its transpose repeats g / n.</summary>
internal readonly struct MeanAllOp : ILinearInto, IByHand
{
    // 0 is added to it, which makes 0 of −0.
    public bool KeepsNumbers => false;

    public bool GoesInto(GraphOperation call) => Reduction.GoesInto(call);

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y)
    {
        Reduction.SumAllInto(x[0]!, y);
        MeanOp.Divide(y, x[0]!.NumEl);
    }

    public string NodeName => "MeanBackward0";

    public Tensor Forward(Tensor x) => MeanOp.Of(x, [.. Enumerable.Range(0, x.NDim)], keepDim: false);

    public Tensor Apply(Tensor x) => x.Mean();

    public Tensor Transpose(Tensor g, TensorFacts x) => (g / x.Shape.NumEl).Expand(x.Shape);

    public void Write(Hand hand) => MeanOp.Write(hand, hand.Input(0).AllDims);
}

/// <summary>y = Σ x / n over dimensions; its transpose repeats g / n along them.</summary>
/// <param name="dims">The dimensions.</param>
/// <param name="keepDim">Whether they stay.</param>
/// <param name="twoPasses">Whether the mean is corrected by that of the deviations from it, see Note [Two passes].</param>
internal readonly struct MeanOp(int[] dims, bool keepDim, bool twoPasses = false) : ILinearInto, IByHand
{
    public bool KeepsNumbers => false;

    public bool GoesInto(GraphOperation call) => !twoPasses && Reduction.GoesInto(call);

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y)
    {
        Reduction.SumInto(x[0]!, dims, y);
        Divide(y, Reduction.Count(x[0]!.Shape, dims));
    }

    public void Describe(OpAttributes to)
    {
        to.Add("dim", dims);
        to.Add("keepdim", keepDim);
        to.Add("two_passes", twoPasses);
    }

    public string NodeName => "MeanBackward1";

    public Tensor Forward(Tensor x) => twoPasses ? VarOp.Moments("Mean", x, dims, keepDim, 0, root: false).Mean : Of(x, dims, keepDim);

    public Tensor Apply(Tensor x) => Linear.Apply(this, x);

    public Tensor Transpose(Tensor g, TensorFacts x) =>
        (Reduction.Restore(g, x.Shape, dims, keepDim) / Reduction.Count(x.Shape, dims)).Expand(x.Shape);

    public void Write(Hand hand)
    {
        if (twoPasses) HandMoments.Write(hand, hand.Input(0), dims, null, hand.Result, 0, root: false);
        else Write(hand, dims);
    }

    internal static void Write(Hand hand, int[] dims)
    {
        HandTensor x = hand.Input(0);
        HandSums.Write(hand, HandFold.Sum, x, dims, hand.Result, sum => $"{sum} / {Reduction.Count(x.Shape, dims)}");
    }

    /// <summary>Divides the elements of a contiguous tensor of floating point, without history.</summary>
    internal static void Divide(Tensor x, int by)
    {
        var work = new DivideWork(x, by);
        Dispatch.Floating(x.DType, "Mean", ref work);
    }

    private readonly struct DivideWork(Tensor x, int by) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            ElementWise.Binary(default(DivOp), memory.Of<T>(x), [T.CreateTruncating(by)], memory.Of<T>(x));
        }
    }

    internal static Tensor Of(Tensor x, int[] dims, bool keepDim)
    {
        Reduction.RequireFloat("Mean", x);
        return Reduction.Sum(x, dims, keepDim).DivInPlace(Reduction.Count(x.Shape, dims));
    }
}

public static partial class OpTable
{
    private static Op Mean => Op.Of(OpKind.Linear, "mean", x => x.Mean(), Cube,
        new() { Formula = "Σ x / n", Torch = "x.mean()" });

    private static Op MeanDim => Op.Of(OpKind.Linear, "mean_dim", x => x.Mean(-1, keepDim: true), Cube,
        new() { Formula = "Σ x / n over dimensions", Torch = "x.mean(-1, keepdim=True)", Onnx = "ReduceMean" });
}
