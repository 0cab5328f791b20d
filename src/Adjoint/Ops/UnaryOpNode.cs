namespace Adjoint;

/// <summary>The node of every element-wise function of one argument: the gradient is g·f′(x), the tangent f′(x)·t.</summary>
internal class UnaryOpNode<TOp> : UnaryNode where TOp : struct, IUnaryOp
{
    private static readonly string s_name = NodeName.Of(TOp.Name, TOp.Overload);

    private readonly TOp _op;

    // What is kept: the argument, or else the value, in two parts (see Saved). Few keep both.
    private object? _kept;
    private int _version;

    private UnaryOpNode(Here here, TOp op, Tensor input, Tensor x, Tensor y) : base(here, input)
    {
        _op = op;
        if ((TOp.Saves & Saves.Input) != 0) X = Adjoint.Saved.Input(here, x);
        if ((TOp.Saves & Saves.Output) != 0) Y = Adjoint.Saved.Output(here, y);
    }

    /// <summary>The node of a call.</summary>
    /// <param name="here">The thread.</param>
    /// <param name="op">The function.</param>
    /// <param name="input">Its argument, for the edge.</param>
    /// <param name="x">The argument's value: the argument itself, or a copy when the function ran in place.</param>
    /// <param name="y">Its value.</param>
    internal static UnaryOpNode<TOp> Of(Here here, TOp op, Tensor input, Tensor x, Tensor y) =>
        TOp.Saves == Saves.Both ? new WithBoth(here, op, input, x, y) : new UnaryOpNode<TOp>(here, op, input, x, y);

    /// <summary>The node of a function that keeps its argument and its value.</summary>
    private sealed class WithBoth(Here here, TOp op, Tensor input, Tensor x, Tensor y) : UnaryOpNode<TOp>(here, op, input, x, y)
    {
        internal Saved Value;
    }

    private Saved X
    {
        get => (TOp.Saves & Saves.Input) == 0 ? default : new(_kept, _version);
        set => (_kept, _version) = value;
    }

    private Saved Y
    {
        get => TOp.Saves == Saves.Both ? ((WithBoth)this).Value : TOp.Saves == Saves.Output ? new(_kept, _version) : default;
        set
        {
            if (TOp.Saves == Saves.Both) ((WithBoth)this).Value = value;
            else (_kept, _version) = value;
        }
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
            saved.Add(told.Values.ContainsKey("self") ? "exponent" : "self", X);
            saved.Add("result", Y);
            _op.Describe(saved.Attributes);
            return saved.All;
        }
    }

    private protected sealed override Tensor? Vjp(Here here, Tensor g) => Times(here, g, null);

    private protected sealed override Tensor? VjpInto(Here here, Tensor g) => Times(here, g, g);

    private protected sealed override Tensor? Jvp(Tensor t) => Times(Here.Now, t, null);

    internal override void ReleaseSaved()
    {
        if ((TOp.Saves & Saves.Input) != 0) X = X.LetGo();
        if ((TOp.Saves & Saves.Output) != 0) Y = Y.LetGo();
    }

    internal override bool HoldsSaved => _kept is not null || (TOp.Saves == Saves.Both && Y.Exists);

    // Into the given memory, where there is some.
    private Tensor Times(Here here, Tensor g, Tensor? into)
    {
        if (TOp.Saves == Saves.None) return g.Scaled(_op.Slope(new Real<double>(), new Real<double>()).Value);
        Tensor? x = X.GetOrNull(this), y = Y.GetOrNull(this);
        if (here.IsObserved) return g * _op.Slope<Tensor>(x!, y!);
        return Door.IsWatched(here) ? SlopeTimes<TOp>.Watched(_op, g, x, y) : SlopeTimes<TOp>.Of(here, _op, g, x, y, into);
    }
}
