using System.Numerics;
using Adjoint.Kernels;

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

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, _op, ("self", _x), ("other", _y), ("result", _z));

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
        if (History.RulesAreRecorded || !HasType(x, g.DType) || !HasType(y, g.DType))
        {
            (x, y) = (ArgumentFit.Operand(_fit, x), ArgumentFit.Operand(_fit, y));
            if (needsX) dx = ArgumentFit.First(_fit, g * _op.SlopeX<Tensor>(x!, y!, z!));
            if (needsY) dy = ArgumentFit.Second(_fit, g * _op.SlopeY<Tensor>(x!, y!, z!));
            return;
        }

        if (UserFormula<TOp>.Is) UserFormula<TOp>.Share(g, x, y, z);
        // See Note [Results lie as their operands do].
        OperandOrder? order = OperandOrder.Of(g.Shape, g, g);
        if (order is { } o) (g, x, y, z) = (o.Of(g), o.OfNullable(x), o.OfNullable(y), o.OfNullable(z));
        if (needsX) dx = (needsY ? null : into) ?? Tensor.Uninitialized(g.Shape, g.DType);
        if (needsY) dy = into ?? Tensor.Uninitialized(g.Shape, g.DType);
        if (g.DType == DType.Float32) Run<float>(g, x, y, z, dx, dy);
        else Run<double>(g, x, y, z, dx, dy);
        if (order is { } seen) (dx, dy) = (dx is null ? null : seen.Back(dx), dy is null ? null : seen.Back(dy));
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

    private void Run<T>(Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (g.NumEl == 1)
        {
            Real<T> vg = At(g), vx = At(x), vy = At(y), vz = At(z);
            if (dx is not null) dx.First<T>() = (vg * _op.SlopeX(vx, vy, vz)).Value;
            if (dy is not null) dy.First<T>() = (vg * _op.SlopeY(vx, vy, vz)).Value;
        }
        else
        {
            RunMany<T>(Elements.ToContiguous(g), x, y, z is null ? null : Elements.ToContiguous(z), dx, dy);
        }
        GC.KeepAlive(g);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(z);
        GC.KeepAlive(dx);
        GC.KeepAlive(dy);

        static Real<T> At(Tensor? v) => v is null ? default : new(v.First<T>());
    }

    private void RunMany<T>(Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> gx = dx is null ? default : dx.Span<T>(), gy = dy is null ? default : dy.Span<T>();
        // A value that the slope does not read is stood in for, as operands are.
        ReadOnlySpan<T> vz = z is not null ? z.Span<T>() : (TOp.Saves & Saves.Output) != 0 ? g.Span<T>() : default;
        if (IsPlain(x, g) && IsPlain(y, g))
        {
            ElementWise.BinaryBackward(_op, g.Span<T>(), x is null ? default : x.Span<T>(), y is null ? default : y.Span<T>(), vz, gx, gy);
        }
        else if (g.NumEl > 0)
        {
            Tensor anyX = Binary.InRows(x ?? y!, g.Shape), anyY = Binary.InRows(y ?? x!, g.Shape);
            BroadcastPlan plan = BroadcastPlan.Of(g.Shape, anyX, anyY);
            ElementWise.BinaryBackward(_op, plan.AsBroadcast(), g.Span<T>(), anyX.Memory<T>()[anyX.Offset..], anyY.Memory<T>()[anyY.Offset..], vz, gx, gy);
            GC.KeepAlive(anyX);
            GC.KeepAlive(anyY);
        }
        GC.KeepAlive(g);
        GC.KeepAlive(z);
    }

    private static bool IsPlain(Tensor? x, Tensor g) => x is null || (x.IsContiguous && (x.NumEl == g.NumEl || x.NumEl == 1));
}
