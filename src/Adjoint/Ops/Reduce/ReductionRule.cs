namespace Adjoint;

/// <summary>The rule of every reduction that is not linear: the gradient is g·∂y/∂x, the tangent Σ ∂y/∂x·t.</summary>
internal struct ReductionRule<TOp> : IRule where TOp : struct, IReductionOp
{
    private readonly TOp _op;
    private readonly int[] _dims;
    private readonly bool _keepDim;
    private readonly Shape _shape;
    private Saved _x, _y;

    internal ReductionRule(Here here, TOp op, Tensor x, Tensor y, int[] dims, bool keepDim)
    {
        (_op, _dims, _keepDim, _shape) = (op, dims, keepDim, x.Shape);
        if ((TOp.Saves & Saves.Input) != 0) _x = Saved.Input(here, x);
        if ((TOp.Saves & Saves.Output) != 0) _y = Saved.Output(here, y);
    }

    public readonly string NodeName => _op.NodeName;

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (wanted[0]) dx[0] = Restored(g[0]!) * Slope(node);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) =>
        dy[0] = _dims.Length == 0 ? Slope(node) * t[0]! : (Slope(node) * t[0]!).Sum(_dims, _keepDim);

    public readonly void Show(SavedValues to)
    {
        to.Add("self", _x);
        to.Add("result", _y);
        _op.Describe(to.Attributes);
    }

    public void Free()
    {
        _x.Free();
        _y.Free();
    }

    private readonly Tensor Slope(Node node) =>
        _op.Slope(_x.GetOrNull(node)!, _y.GetOrNull(node) is { } y ? Restored(y) : null!, _dims);

    private readonly Tensor Restored(Tensor y) => Reduction.Restore(y, _shape, _dims, _keepDim);
}
