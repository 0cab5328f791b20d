using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The node of every element-wise function of two arguments: the gradients are g·∂z/∂x and g·∂z/∂y, summed over the dimensions
/// an argument was broadcast along, in the argument's own dtype.
/// </summary>
internal sealed class BinaryOpNode<TOp> : BinaryNode where TOp : struct, IBinaryOp
{
    private static readonly string s_name = NodeName.Of(TOp.Name, TOp.Overload);

    private readonly TOp _op;
    private readonly Shape _xShape, _yShape;
    private readonly DType _xType, _yType, _zType;
    private Saved _x, _y, _z;

    /// <param name="op">The function.</param>
    /// <param name="first">The first argument, for the edge.</param>
    /// <param name="y">The second argument.</param>
    /// <param name="x">The value of the first: itself, or a copy when the function ran in place.</param>
    /// <param name="z">The value of the function.</param>
    internal BinaryOpNode(TOp op, Tensor first, Tensor y, Tensor x, Tensor z) : base(first, y)
    {
        _op = op;
        (_xShape, _yShape, _xType, _yType, _zType) = (first.Shape, y.Shape, first.DType, y.DType, z.DType);
        if (TOp.Saves == Saves.None) return;
        Reads reads = (IsVariable(first) ? TOp.SlopeXReads : Reads.None) | (IsVariable(y) ? TOp.SlopeYReads : Reads.None);
        if ((TOp.Saves & Saves.Input) != 0)
        {
            if ((reads & Reads.X) != 0) _x = Adjoint.Saved.Input(x);
            if ((reads & Reads.Y) != 0) _y = Adjoint.Saved.Input(y);
        }
        if ((TOp.Saves & Saves.Output) != 0 && (reads & Reads.Z) != 0) _z = Adjoint.Saved.Output(z);
    }

    public override string Name => s_name;

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, _op, ("self", _x), ("other", _y), ("result", _z));

    internal override void ReleaseSaved()
    {
        _x.Free();
        _y.Free();
        _z.Free();
    }

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        dx = dy = null;
        if (TOp.Saves == Saves.None)
        {
            if (needsX) dx = Fit(g.Scaled(_op.SlopeX<Real<double>>(default, default, default).Value), _xShape, _xType);
            if (needsY) dy = Fit(g.Scaled(_op.SlopeY<Real<double>>(default, default, default).Value), _yShape, _yType);
            return;
        }

        Tensor? x = _x.GetOrNull(this), y = _y.GetOrNull(this), z = _z.GetOrNull(this);
        if (History.RulesAreRecorded || !HasType(x, g.DType) || !HasType(y, g.DType))
        {
            (x, y) = (Operand(x), Operand(y));
            if (needsX) dx = Fit(g * _op.SlopeX<Tensor>(x!, y!, z!), _xShape, _xType);
            if (needsY) dy = Fit(g * _op.SlopeY<Tensor>(x!, y!, z!), _yShape, _yType);
            return;
        }

        if (needsX) dx = Tensor.Uninitialized(g.Shape, g.DType);
        if (needsY) dy = Tensor.Uninitialized(g.Shape, g.DType);
        if (g.DType == DType.Float32) Run<float>(g, x, y, z, dx, dy);
        else Run<double>(g, x, y, z, dx, dy);
        if (dx is not null) dx = Fit(dx, _xShape, _xType);
        if (dy is not null) dy = Fit(dy, _yShape, _yType);
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor? x = Operand(_x.GetOrNull(this)), y = Operand(_y.GetOrNull(this)), z = _z.GetOrNull(this);
        Tensor? sum = null;
        if (tangents[0] is { } tx) sum = Times(tx, _op.SlopeX<Tensor>(x!, y!, z!));
        if (tangents[1] is { } ty) sum = sum is null ? Times(ty, _op.SlopeY<Tensor>(x!, y!, z!)) : sum + Times(ty, _op.SlopeY<Tensor>(x!, y!, z!));
        Shape shape = Layout.Broadcast(_xShape, _yShape)!;
        return [sum is null || sum.Shape.Equals(shape) ? sum : sum.Expand(shape)];
    }

    // The function saw its arguments in the dtype of its result; 1/y of an integer y would be a Float32.
    private Tensor? Operand(Tensor? x) =>
        x is null || x.DType == _zType || (x.IsNumber && x.DType.IsFloatingPoint) ? x : x.To(_zType);

    // What is kept for a constant would only be in the way of changing it in place.
    private static bool IsVariable(Tensor x) => x.RequiresGrad || (GradMode.Has(GradMode.Switch.Tangents) && ForwardMode.HasTangent(x));

    private static Tensor Times(Tensor tangent, Tensor slope) => tangent * slope;

    private static bool HasType(Tensor? x, DType dtype) => x is null || x.DType == dtype;

    /// <summary>The gradient of an argument that was broadcast and converted.</summary>
    private static Tensor Fit(Tensor gradient, Shape shape, DType dtype)
    {
        if (!ReferenceEquals(gradient.Shape, shape)) gradient = gradient.SumTo(shape);
        return gradient.DType == dtype || !dtype.IsFloatingPoint ? gradient : gradient.To(dtype);
    }

    private void Run<T>(Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (g.NumEl == 1)
        {
            Real<T> vg = At(g), vx = At(x), vy = At(y), vz = At(z);
            if (dx is not null) dx.Span<T>()[0] = (vg * _op.SlopeX(vx, vy, vz)).Value;
            if (dy is not null) dy.Span<T>()[0] = (vg * _op.SlopeY(vx, vy, vz)).Value;
        }
        else
        {
            RunMany<T>(Elements.ToContiguous(g), x, y, z is null ? null : Elements.ToContiguous(z), dx, dy);
        }
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(z);

        static Real<T> At(Tensor? v) => v is null ? default : new(v.Storage.AsSpan<T>()[v.Offset]);
    }

    private void RunMany<T>(Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> gx = dx is null ? default : dx.Span<T>(), gy = dy is null ? default : dy.Span<T>();
        ReadOnlySpan<T> vz = z is null ? default : z.Span<T>();
        if (IsPlain(x, g) && IsPlain(y, g))
        {
            ElementWise.BinaryBackward(_op, g.Span<T>(), x is null ? default : x.Span<T>(), y is null ? default : y.Span<T>(), vz, gx, gy);
        }
        else if (g.NumEl > 0)
        {
            Tensor anyX = x ?? y!, anyY = y ?? x!;
            BroadcastPlan plan = BroadcastPlan.Of(g.Shape, anyX, anyY);
            ElementWise.BinaryBackward(_op, plan.AsBroadcast(), g.Span<T>(), anyX.Storage.AsSpan<T>()[anyX.Offset..], anyY.Storage.AsSpan<T>()[anyY.Offset..], vz, gx, gy);
        }
        GC.KeepAlive(g);
        GC.KeepAlive(z);
    }

    private static bool IsPlain(Tensor? x, Tensor g) => x is null || (x.IsContiguous && (x.NumEl == g.NumEl || x.NumEl == 1));
}
