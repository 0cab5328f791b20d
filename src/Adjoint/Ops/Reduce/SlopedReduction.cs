namespace Adjoint;

/// <summary>A reduction that is not linear: its value, and the slope ∂y/∂xᵢ at every element.</summary>
internal interface IReductionOp
{
    /// <summary>PyTorch's node name: <c>AmaxBackward0</c>.</summary>
    static abstract string NodeName { get; }

    /// <summary>What <see cref="Slope"/> reads.</summary>
    static abstract Saves Saves { get; }

    /// <summary>y, without history.</summary>
    Tensor Forward(Tensor x, int[] dims, bool keepDim);

    /// <summary>∂y/∂x in the shape of x, in tensor operations.</summary>
    /// <param name="x">The argument, if <see cref="Saves"/> names it.</param>
    /// <param name="y">The value, if <see cref="Saves"/> names it, with the reduced dimensions as size 1.</param>
    /// <param name="dims">The reduced dimensions.</param>
    Tensor Slope(Tensor x, Tensor y, int[] dims);
}

/// <summary>The driver of reductions that are not linear.</summary>
internal static class SlopedReduction
{
    /// <param name="op">The reduction.</param>
    /// <param name="x">What is reduced.</param>
    /// <param name="dims">Over which dimensions; none means all.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    internal static Tensor Apply<TOp>(TOp op, Tensor x, ReadOnlySpan<int> dims, bool keepDim) where TOp : struct, IReductionOp
    {
        int[] reduced = Reduction.Dims(x, dims);
        return Recorded(op, x, op.Forward(x, reduced, keepDim), reduced, keepDim);
    }

    /// <summary>What the reduction gives, computed already.</summary>
    internal static Tensor Recorded<TOp>(TOp op, Tensor x, Tensor y, int[] dims, bool keepDim) where TOp : struct, IReductionOp =>
        History.IsWanted(x) ? History.Record(y, new ReductionNode<TOp>(op, x, y, dims, keepDim), x) : y;
}

/// <summary>The node of every reduction that is not linear: the gradient is g·∂y/∂x, the tangent Σ ∂y/∂x·t.</summary>
internal sealed class ReductionNode<TOp> : UnaryNode where TOp : struct, IReductionOp
{
    private readonly TOp _op;
    private readonly int[] _dims;
    private readonly bool _keepDim;
    private readonly Shape _shape;
    private Saved _x, _y;

    internal ReductionNode(TOp op, Tensor x, Tensor y, int[] dims, bool keepDim) : base(x)
    {
        (_op, _dims, _keepDim, _shape) = (op, dims, keepDim, x.Shape);
        if ((TOp.Saves & Saves.Input) != 0) _x = Adjoint.Saved.Input(x);
        if ((TOp.Saves & Saves.Output) != 0) _y = Adjoint.Saved.Output(y);
    }

    public override string Name => TOp.NodeName;

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, _op, ("self", _x), ("result", _y));

    internal override void ReleaseSaved()
    {
        _x.Free();
        _y.Free();
    }

    private protected override Tensor? Vjp(Tensor g) => Restored(g) * Slope();

    private protected override Tensor? Jvp(Tensor t) => _dims.Length == 0 ? Slope() * t : (Slope() * t).Sum(_dims, _keepDim);

    private Tensor Slope() => _op.Slope(_x.GetOrNull(this)!, _y.GetOrNull(this) is { } y ? Restored(y) : null!, _dims);

    private Tensor Restored(Tensor y) => Reduction.Restore(y, _shape, _dims, _keepDim);
}
