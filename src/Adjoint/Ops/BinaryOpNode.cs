namespace Adjoint;

/// <summary>
/// The node of element-wise functions of two arguments: the gradients are g·∂z/∂x and g·∂z/∂y, summed over the dimensions
/// an argument was broadcast along, in the argument's own dtype.
/// </summary>
internal class BinaryOpNode<TOp> : BinaryNode where TOp : struct, IBinaryOp
{
    private static readonly string s_name = NodeName.Of(TOp.Name, TOp.Overload);

    private readonly TOp _op;

    // What is kept, each in two parts. See Saved.
    private object? _x, _y;
    private int _versionOfX, _versionOfY;

    private BinaryOpNode(Here here, TOp op, Tensor first, Tensor y, Tensor x, Tensor z) : base(here, first, y, z)
    {
        _op = op;
        Reads reads = (IsVariable(here, first) ? TOp.SlopeXReads : Reads.None) | (IsVariable(here, y) ? TOp.SlopeYReads : Reads.None);
        if ((TOp.Saves & Saves.Input) != 0)
        {
            if ((reads & Reads.X) != 0) X = Adjoint.Saved.Input(here, x);
            if ((reads & Reads.Y) != 0) Y = Adjoint.Saved.Input(here, y);
        }
        if ((TOp.Saves & Saves.Output) != 0 && (reads & Reads.Z) != 0) Z = Adjoint.Saved.Output(here, z);
    }

    /// <summary>The node of a function whose slopes read its value: few, so the others have no place for it.</summary>
    private sealed class WithValue(Here here, TOp op, Tensor first, Tensor y, Tensor x, Tensor z)
        : BinaryOpNode<TOp>(here, op, first, y, x, z)
    {
        internal Saved Value;
    }

    private Saved X
    {
        get => new(_x, _versionOfX);
        set => (_x, _versionOfX) = value;
    }

    private Saved Y
    {
        get => new(_y, _versionOfY);
        set => (_y, _versionOfY) = value;
    }

    private Saved Z
    {
        get => (TOp.Saves & Saves.Output) == 0 ? default : ((WithValue)this).Value;
        set => ((WithValue)this).Value = value;
    }

    /// <summary>The node of a call.</summary>
    /// <param name="here">The thread.</param>
    /// <param name="op">The function.</param>
    /// <param name="first">The first argument, for the edge.</param>
    /// <param name="y">The second argument.</param>
    /// <param name="x">The value of the first: itself, or a copy when the function ran in place.</param>
    /// <param name="z">The value of the function.</param>
    internal static Node Of(Here here, TOp op, Tensor first, Tensor y, Tensor x, Tensor z) =>
        TOp.Saves == Saves.None ? new ConstantSlopeNode<TOp>(here, op, first, y, z)
        : (TOp.Saves & Saves.Output) == 0 ? new BinaryOpNode<TOp>(here, op, first, y, x, z)
        : new WithValue(here, op, first, y, x, z);

    public override string Name => s_name;

    public override IReadOnlyDictionary<string, object?> Saved
    {
        get
        {
            var saved = new SavedValues(this);
            saved.Add("self", X);
            saved.Add("other", Y);
            saved.Add("result", Z);
            _op.Describe(saved.Attributes);
            return saved.All;
        }
    }

    internal override void ReleaseSaved()
    {
        X = X.LetGo();
        Y = Y.LetGo();
        if ((TOp.Saves & Saves.Output) != 0) Z = Z.LetGo();
    }

    internal override bool HoldsSaved => _x is not null || _y is not null || ((TOp.Saves & Saves.Output) != 0 && Z.Exists);

    internal override void KeepOperands(Tensor changing)
    {
        (Saved x, Saved y) = (X, Y);
        x.KeepFrom(changing);
        y.KeepFrom(changing);
        (X, Y) = (x, y);
    }

    private protected sealed override void Vjp(Here here, Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy) =>
        Vjp(here, g, null, needsX, needsY, out dx, out dy);

    private protected sealed override void VjpInto(Here here, Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy) =>
        Vjp(here, g, g, needsX, needsY, out dx, out dy);

    // The last of the two goes into the given memory, where there is some.
    private void Vjp(Here here, Tensor g, Tensor? into, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        dx = dy = null;
        Tensor? x = X.GetOrNull(this), y = Y.GetOrNull(this), z = Z.GetOrNull(this);
        if (here.IsObserved || !HasType(x, g.DType) || !HasType(y, g.DType))
        {
            (x, y) = (ArgumentFit.Operand(Fit, x), ArgumentFit.Operand(Fit, y));
            if (needsX) dx = ArgumentFit.First(Fit, g * _op.SlopeX<Tensor>(x!, y!, z!));
            if (needsY) dy = ArgumentFit.Second(Fit, g * _op.SlopeY<Tensor>(x!, y!, z!));
            return;
        }

        if (Door.IsWatched(here))
            SlopesTimes<TOp>.Watched(_op, g, x, y, z, needsX, needsY, out dx, out dy);
        else
            SlopesTimes<TOp>.Of(here, _op, g, into, x, y, z, needsX, needsY, out dx, out dy);
        if (dx is not null) dx = ArgumentFit.First(Fit, dx);
        if (dy is not null) dy = ArgumentFit.Second(Fit, dy);
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor? x = ArgumentFit.Operand(Fit, X.GetOrNull(this)), y = ArgumentFit.Operand(Fit, Y.GetOrNull(this)), z = Z.GetOrNull(this);
        Tensor? tx = tangents[0] is { } t ? t * _op.SlopeX<Tensor>(x!, y!, z!) : null;
        Tensor? ty = tangents[1] is { } u ? u * _op.SlopeY<Tensor>(x!, y!, z!) : null;
        return [ArgumentFit.Expanded(Fit, tx is not null && ty is not null ? tx + ty : tx ?? ty)];
    }

    // What is kept for a constant would only be in the way of changing it in place.
    private static bool IsVariable(Here here, Tensor x) =>
        x.RequiresGrad || (here.Has(GradMode.Switch.Tangents) && ForwardMode.HasTangent(x));

    private static bool HasType(Tensor? x, DType dtype) => x is null || x.DType == dtype;
}
