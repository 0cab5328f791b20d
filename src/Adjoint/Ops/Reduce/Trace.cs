namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sum of the diagonal of a matrix; integers and bools add up as Int64.</summary>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    public Tensor Trace() => Linear.Apply(new TraceOp(), SumOp.Accumulable(this));

    /// <summary>The differences of neighbours along a dimension.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Diff(int dim = -1)
    {
        try
        {
            return Slice(dim, 1) - Slice(dim, 0, -1);
        }
        catch (TensorException e) when (e.IsOf(nameof(Diff)))
        {
            throw;
        }
    }
}

/// <summary>y = Σ xᵢᵢ; its transpose puts g on the diagonal.</summary>
internal readonly struct TraceOp : ILinearOp, IByHand
{
    public string NodeName => "TraceBackward0";

    public Tensor Forward(Tensor x)
    {
        if (x.NDim != 2) throw new ShapeException($"Trace: needs a matrix, but the shape is {x.Shape}.");
        return Reduction.Sum(DiagonalOp.Of(x, 0, 0, 1).Forward(x), [0], keepDim: false);
    }

    public Tensor Apply(Tensor x) => x.Trace();

    public void Write(Hand hand) =>
        HandSums.Write(hand, HandFold.Sum, hand.Input(0).As(x => DiagonalOp.Of(x, 0, 0, 1).Forward(x)), [0], hand.Result);

    public Tensor Transpose(Tensor g, TensorFacts x) =>
        EmbedOp<DiagonalOp>.Apply(new DiagonalOp(0, 0, 1), g.Expand([Math.Min(x.Shape[0], x.Shape[1])]), x.Shape);
}

public static partial class OpTable
{
    private static Op Trace => Op.Of(OpKind.Linear, "trace", x => x.Trace(), Matrix,
        new() { Formula = "Σ x[i, i]", Torch = "x.trace()" });

    private static Op Diff => Op.Of(OpKind.Composite, "diff", x => x.Diff(), Matrix,
        new() { Formula = "x[i + 1] − x[i]", Torch = "x.diff()" });
}
