namespace Adjoint;

/// <summary>A reduction that is not linear: its value, and the slope ∂y/∂xᵢ at every element.</summary>
internal interface IReductionOp
{
    /// <summary>PyTorch's node name: <c>AmaxBackward0</c>.</summary>
    string NodeName { get; }

    /// <summary>Tells its attributes; those without need not have it.</summary>
    void Describe(OpAttributes to)
    {
    }

    /// <summary>What <see cref="Slope"/> reads.</summary>
    static abstract Saves Saves { get; }

    /// <summary>y, without history.</summary>
    Tensor Forward(Tensor x, int[] dims, bool keepDim);

    /// <summary>∂y/∂x in the shape of x, in tensor operations.</summary>
    /// <param name="x">The argument, if <see cref="Saves"/> names it.</param>
    /// <param name="y">The value, if <see cref="Saves"/> names it, with the reduced dimensions as size 1.</param>
    /// <param name="dims">The reduced dimensions.</param>
    Tensor Slope(Tensor x, Tensor y, int[] dims);

    /// <summary>Writes it by hand.</summary>
    void Write(Hand hand, int[] dims) => throw hand.Refused("");
}

/// <summary>The driver of reductions that are not linear.</summary>
internal static class SlopedReduction
{
    /// <param name="op">The reduction.</param>
    /// <param name="x">What is reduced.</param>
    /// <param name="dims">Over which dimensions; none means all.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    internal static Tensor Apply<TOp>(TOp op, Tensor x, ReadOnlySpan<int> dims, bool keepDim) where TOp : struct, IReductionOp =>
        Door.Run(new Call<TOp>(op, Reduction.Dims(x, dims), keepDim), x);

    /// <summary>What the reduction gives, computed behind the door by another operation.</summary>
    internal static Tensor Recorded<TOp>(Here here, TOp op, Tensor x, Tensor y, int[] dims, bool keepDim)
        where TOp : struct, IReductionOp =>
        History.IsWanted(here, x)
            ? History.Record(here, y, new RuleNode<ReductionRule<TOp>>(here, new ReductionRule<TOp>(here, op, x, y, dims, keepDim), x), x)
            : y;

    private readonly struct Call<TOp>(TOp op, int[] dims, bool keepDim) : ITensorOperation, IByHand where TOp : struct, IReductionOp
    {
        public string Name => NodeName.Operation(op.NodeName);

        public void Describe(OpAttributes to)
        {
            to.Add("dim", dims);
            to.Add("keepdim", keepDim);
            op.Describe(to);
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => Recorded(here, op, x[0]!, op.Forward(x[0]!, dims, keepDim), dims, keepDim);

        public void Write(Hand hand) => op.Write(hand, dims);
    }
}
