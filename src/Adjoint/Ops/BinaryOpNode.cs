namespace Adjoint;

/// <summary>
/// The node of element-wise functions of two arguments: the gradients are g·∂z/∂x and g·∂z/∂y, summed over the dimensions
/// an argument was broadcast along, in the argument's own dtype.
/// </summary>
internal sealed class BinaryOpNode<TOp> : BinaryNode where TOp : struct, IBinaryOp
{
    private static readonly string s_name = NodeName.Of(TOp.Name, TOp.Overload);

    private readonly TOp _op;
    private readonly ArgumentFit? _fit;
    private Saved _x, _y, _z;

    private BinaryOpNode(Here here, TOp op, Tensor first, Tensor y, Tensor x, Tensor z) : base(here, first, y)
    {
        _op = op;
        _fit = ArgumentFit.Of(first, y, z);
        Reads reads = (IsVariable(here, first) ? TOp.SlopeXReads : Reads.None) | (IsVariable(here, y) ? TOp.SlopeYReads : Reads.None);
        if ((TOp.Saves & Saves.Input) != 0)
        {
            if ((reads & Reads.X) != 0) _x = Adjoint.Saved.Input(here, x);
            if ((reads & Reads.Y) != 0) _y = Adjoint.Saved.Input(here, y);
        }
        if ((TOp.Saves & Saves.Output) != 0 && (reads & Reads.Z) != 0) _z = Adjoint.Saved.Output(here, z);
    }

    /// <summary>The node of a call.</summary>
    /// <param name="here">The thread.</param>
    /// <param name="op">The function.</param>
    /// <param name="first">The first argument, for the edge.</param>
    /// <param name="y">The second argument.</param>
    /// <param name="x">The value of the first: itself, or a copy when the function ran in place.</param>
    /// <param name="z">The value of the function.</param>
    internal static Node Of(Here here, TOp op, Tensor first, Tensor y, Tensor x, Tensor z) =>
        TOp.Saves == Saves.None ? new ConstantSlopeNode<TOp>(here, op, first, y, z) : new BinaryOpNode<TOp>(here, op, first, y, x, z);

    public override string Name => s_name;

    public override IReadOnlyDictionary<string, object?> Saved
    {
        get
        {
            var saved = new SavedValues(this);
            saved.Add("self", _x);
            saved.Add("other", _y);
            saved.Add("result", _z);
            _op.Describe(saved.Attributes);
            return saved.All;
        }
    }

    internal override void ReleaseSaved()
    {
        _x.Free();
        _y.Free();
        _z.Free();
    }

    internal override void KeepOperands(Tensor changing)
    {
        _x.KeepFrom(changing);
        _y.KeepFrom(changing);
    }

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy) =>
        Vjp(g, null, needsX, needsY, out dx, out dy);

    private protected override void VjpInto(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy) =>
        Vjp(g, g, needsX, needsY, out dx, out dy);

    // The last of the two goes into the given memory, where there is some.
    private void Vjp(Tensor g, Tensor? into, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        dx = dy = null;
        Tensor? x = _x.GetOrNull(this), y = _y.GetOrNull(this), z = _z.GetOrNull(this);
        Here here = Here.Now;
        if (here.IsObserved || !HasType(x, g.DType) || !HasType(y, g.DType))
        {
            (x, y) = (ArgumentFit.Operand(_fit, x), ArgumentFit.Operand(_fit, y));
            if (needsX) dx = ArgumentFit.First(_fit, g * _op.SlopeX<Tensor>(x!, y!, z!));
            if (needsY) dy = ArgumentFit.Second(_fit, g * _op.SlopeY<Tensor>(x!, y!, z!));
            return;
        }

        if (Door.IsWatched(here))
            SlopesTimes<TOp>.Watched(_op, g, x, y, z, needsX, needsY, out dx, out dy);
        else
            SlopesTimes<TOp>.Of(here, _op, g, into, x, y, z, needsX, needsY, out dx, out dy);
        if (dx is not null) dx = ArgumentFit.First(_fit, dx);
        if (dy is not null) dy = ArgumentFit.Second(_fit, dy);
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor? x = ArgumentFit.Operand(_fit, _x.GetOrNull(this)), y = ArgumentFit.Operand(_fit, _y.GetOrNull(this)), z = _z.GetOrNull(this);
        Tensor? tx = tangents[0] is { } t ? t * _op.SlopeX<Tensor>(x!, y!, z!) : null;
        Tensor? ty = tangents[1] is { } u ? u * _op.SlopeY<Tensor>(x!, y!, z!) : null;
        return [ArgumentFit.Expanded(_fit, tx is not null && ty is not null ? tx + ty : tx ?? ty)];
    }

    // What is kept for a constant would only be in the way of changing it in place.
    private static bool IsVariable(Here here, Tensor x) => x.RequiresGrad || (here.Has(GradMode.Switch.Tangents) && ForwardMode.HasTangent(x));

    private static bool HasType(Tensor? x, DType dtype) => x is null || x.DType == dtype;
}
