namespace Adjoint;

/// <summary>The node of every element-wise function of one argument: the gradient is g·f′(x), the tangent f′(x)·t.</summary>
internal sealed class UnaryOpNode<TOp> : UnaryNode where TOp : struct, IUnaryOp
{
    private static readonly string s_name = NodeName.Of(TOp.Name, TOp.Overload);

    private readonly TOp _op;
    private Saved _x, _y;

    /// <param name="here">The thread.</param>
    /// <param name="op">The function.</param>
    /// <param name="input">Its argument, for the edge.</param>
    /// <param name="x">The argument's value: the argument itself, or a copy when the function ran in place.</param>
    /// <param name="y">Its value.</param>
    internal UnaryOpNode(Here here, TOp op, Tensor input, Tensor x, Tensor y) : base(here, input)
    {
        _op = op;
        if ((TOp.Saves & Saves.Input) != 0) _x = Adjoint.Saved.Input(here, x);
        if ((TOp.Saves & Saves.Output) != 0) _y = Adjoint.Saved.Output(here, y);
    }

    public override string Name => s_name;

    public override IReadOnlyDictionary<string, object?> Saved
    {
        get
        {
            var saved = new SavedValues(this);
            // Of a number to the power of x, self is the number.
            var told = new OpAttributes();
            _op.Describe(told);
            saved.Add(told.Values.ContainsKey("self") ? "exponent" : "self", _x);
            saved.Add("result", _y);
            _op.Describe(saved.Attributes);
            return saved.All;
        }
    }

    private protected override Tensor? Vjp(Tensor g) => Times(g, null);

    private protected override Tensor? VjpInto(Tensor g) => Times(g, g);

    private protected override Tensor? Jvp(Tensor t) => Times(t, null);

    internal override void ReleaseSaved()
    {
        _x.Free();
        _y.Free();
    }

    // Into the given memory, where there is some.
    private Tensor Times(Tensor g, Tensor? into)
    {
        if (TOp.Saves == Saves.None) return g.Scaled(_op.Slope(new Real<double>(), new Real<double>()).Value);
        Tensor? x = _x.GetOrNull(this), y = _y.GetOrNull(this);
        Here here = Here.Now;
        if (here.IsObserved) return g * _op.Slope<Tensor>(x!, y!);
        return Door.IsWatched(here) ? SlopeTimes<TOp>.Watched(_op, g, x, y) : SlopeTimes<TOp>.Of(here, _op, g, x, y, into);
    }
}
