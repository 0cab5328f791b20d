using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The driver of element-wise functions of one argument.</summary>
public static class Unary
{
    /// <summary>y = op(x), element by element.</summary>
    /// <remarks>With an <see cref="IUnaryOp"/> of your own this makes a differentiable operation with SIMD kernels in both directions.</remarks>
    public static Tensor Apply<TOp>(TOp op, Tensor x) where TOp : struct, IUnaryOp
    {
        x.Given();
        Here here = Here.Now;
        Tensor y = Forward(here, op, x);
        return History.IsWanted(here, x) ? History.Record(here, y, new UnaryOpNode<TOp>(here, op, x, x, y), x) : y;
    }

    /// <summary>x = op(x), in place.</summary>
    /// <exception cref="AutogradException">x must not be changed in place: a leaf that requires grad, or a view whose history would be lost.</exception>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    public static Tensor ApplyInPlace<TOp>(TOp op, Tensor x) where TOp : struct, IUnaryOp
    {
        x.Given();
        x.CheckInPlace(TOp.Name, x.RequiresGrad);
        CheckBool<TOp>(x);
        if (!x.DType.IsFloatingPoint && !TOp.KeepsIntegers)
            throw new DTypeException($"{TOp.Name}: the result is of floating point and cannot be stored in place in a {x.DType} tensor.");
        Here here = Here.Now;
        bool wanted = History.IsWanted(here, x);
        Tensor before = wanted && (TOp.Saves & Saves.Input) != 0 ? x.Snapshot() : x;
        if (x.IsContiguous && x.DType.IsFloatingPoint) Run(op, x, x);
        else Elements.CopyTo(Elements.ToContiguous(Forward(here, op, x)), x);
        x.BumpVersion();
        if (wanted) History.RecordInPlace(x, new UnaryOpNode<TOp>(here, op, x, before, x), [x]);
        return x;
    }

    private static Tensor Forward<TOp>(Here here, TOp op, Tensor x) where TOp : struct, IUnaryOp
    {
        if (!x.DType.IsFloatingPoint && !TOp.KeepsIntegers) x = Elements.Cast(x, DType.Float32);
        CheckBool<TOp>(x);
        if (OperandOrder.Of(x.Shape, x, x) is { } order)
        {
            Tensor inOrder = Tensor.Uninitialized(here, order.Shape, x.DType);
            Run(op, order.Of(x), inOrder);
            return order.Back(inOrder);
        }
        Tensor target = Tensor.Uninitialized(here, x.Shape, x.DType);
        Run(op, x, target);
        return target;
    }

    private static void CheckBool<TOp>(Tensor x) where TOp : struct, IUnaryOp
    {
        if (x.DType == DType.Bool && !TOp.TakesBool)
            throw new DTypeException($"{TOp.Name}: is not defined for Bool tensors. Convert with To(DType.Int64), or use LogicalNot().");
    }

    private static void Run<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IUnaryOp
    {
        if (UserFormula<TOp>.Is) x.ShareMemory();
        switch (x.DType)
        {
            case DType.Float32: RunFloating<TOp, float>(op, x, y); break;
            case DType.Float64: RunFloating<TOp, double>(op, x, y); break;
            // Integers have kernels of their own, because those above 2⁵³ are no doubles.
            default: if (TOp.KeepsIntegers) RunWhole(op, x, y); break;
        }
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    private static void RunWhole<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IUnaryOp
    {
        try
        {
            if (x.DType == DType.Int32) RunMany<TOp, int>(op, x, y);
            else if (x.DType == DType.Int64) RunMany<TOp, long>(op, x, y);
            else RunMany<TOp, byte>(op, x, y);
        }
        catch (DivideByZeroException)
        {
            throw Promotion.DivisionByZero(TOp.Name);
        }
        if (y.DType == DType.Bool) Truth.Of(y);
    }

    private static void RunFloating<TOp, T>(TOp op, Tensor x, Tensor y)
        where TOp : struct, IUnaryOp where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.NumEl == 1) y.First<T>() = op.Value(new Real<T>(x.First<T>())).Value;
        else RunMany<TOp, T>(op, x, y);
    }

    private static void RunMany<TOp, T>(TOp op, Tensor x, Tensor y) where TOp : struct, IUnaryOp where T : unmanaged
    {
        if (x.IsContiguous)
        {
            ElementWise.Unary(op, x.Span<T>(), y.Span<T>());
        }
        else if (x.NumEl > 0)
        {
            var plan = BroadcastPlan.Of(x.Shape, x, x);
            ElementWise.Unary(op, plan.AsBroadcast(), x.Memory<T>()[x.Offset..], y.Span<T>());
        }
    }
}

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

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, _op, ("self", _x), ("result", _y));

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
        if (History.RulesAreRecorded) return g * _op.Slope<Tensor>(x!, y!);
        if (UserFormula<TOp>.Is) UserFormula<TOp>.Share(g, x, y);
        // See Note [Results lie as their operands do].
        OperandOrder? order = OperandOrder.Of(g.Shape, g, g);
        if (order is { } o) (g, x, y) = (o.Of(g), o.OfNullable(x), o.OfNullable(y));
        Tensor result = into ?? Tensor.Uninitialized(g.Shape, g.DType);
        if (g.DType == DType.Float32) Run<float>(g, x, y, result);
        else Run<double>(g, x, y, result);
        return order is { } seen ? seen.Back(result) : result;
    }

    private void Run<T>(Tensor g, Tensor? x, Tensor? y, Tensor result) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (result.NumEl == 1)
        {
            Real<T> vx = x is null ? default : new(x.First<T>());
            Real<T> vy = y is null ? default : new(y.First<T>());
            result.First<T>() = g.First<T>() * _op.Slope(vx, vy).Value;
        }
        else
        {
            Tensor cg = Elements.ToContiguous(g);
            Tensor? cx = x is null ? null : Elements.ToContiguous(x), cy = y is null ? null : Elements.ToContiguous(y);
            ElementWise.UnaryBackward(_op, cg.Span<T>(), cx is null ? default : cx.Span<T>(), cy is null ? default : cy.Span<T>(), result.Span<T>());
            GC.KeepAlive(cg);
            GC.KeepAlive(cx);
            GC.KeepAlive(cy);
        }
        GC.KeepAlive(g);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(result);
    }
}
