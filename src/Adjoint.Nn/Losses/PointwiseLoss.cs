using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// The driver of losses that compare input and target element by element: one node for the function and its reduction.
/// </summary>
/// <remarks>The function is an <see cref="IBinaryOp"/> like any other, so its kernels, gradients and tangents come from its one formula.</remarks>
internal static class PointwiseLoss
{
    internal static Tensor Apply<TOp>(TOp op, Tensor input, Tensor target, Reduction reduction, bool isShort = false) where TOp : struct, IBinaryOp
    {
        DType dtype = Promotion.Of(input, target);
        if (!dtype.IsFloatingPoint)
            throw new DTypeException($"{TOp.Name}: needs floating-point tensors, but got {input.DType} and {target.DType}.");
        CheckShapes(TOp.Name, input, target);
        Tensor x = input.To(dtype), t = target.To(dtype);
        Tensor loss = Forward(op, x, t, reduction, isShort);
        return History.IsWanted(x) || History.IsWanted(t) ? History.Record(loss, new PointwiseLossNode<TOp>(op, x, t, reduction), x, t) : loss;
    }

    /// <summary>Checks that there is a target for each element: [N, 1] beside [N] would compare all with all, which nobody wants of a loss.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    internal static void CheckShapes(string operation, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        if (!input.Shape.Equals(target.Shape))
            throw new ShapeException($"{operation}: the target has shape {target.Shape}, but the input {input.Shape}; they must be the same. Reshape, Squeeze or Expand one.");
    }

    /// <summary>The losses of single elements times a weight, which broadcasts to them.</summary>
    /// <exception cref="ShapeException">The weight does not broadcast to the losses.</exception>
    internal static Tensor Weighted(string operation, Tensor each, Tensor? weight)
    {
        if (weight is null) return each;
        if (Layout.Broadcast(each.Shape, weight.Shape) is not { } shape || !shape.Equals(each.Shape))
            throw new ShapeException($"{operation}: the weight of shape {weight.Shape} does not broadcast to the losses' {each.Shape}.");
        return each * weight;
    }

    private static Tensor Forward<TOp>(TOp op, Tensor input, Tensor target, Reduction reduction, bool isShort) where TOp : struct, IBinaryOp
    {
        Tensor x = Elements.ToContiguous(input), t = Elements.ToContiguous(target);
        if (isShort && reduction != Reduction.None) return Summed(op, x, t, reduction);
        Tensor each = Tensor.Uninitialized(x.Shape, x.DType);
        if (x.DType == DType.Float32) ElementWise.Binary(op, x.Span<float>(), t.Span<float>(), each.Span<float>());
        else ElementWise.Binary(op, x.Span<double>(), t.Span<double>(), each.Span<double>());
        GC.KeepAlive(x);
        GC.KeepAlive(t);
        GC.KeepAlive(each);
        return Reduced(each, reduction);
    }

    /// <summary>The losses added up as they are computed, in the order of <see cref="Tensor.Sum()"/>.</summary>
    private static Tensor Summed<TOp>(TOp op, Tensor x, Tensor t, Reduction reduction) where TOp : struct, IBinaryOp
    {
        Tensor sum = Tensor.Uninitialized(Shape.Scalar, x.DType);
        if (x.DType == DType.Float32) sum.First<float>() = ElementWise.Sum(op, x.Span<float>(), t.Span<float>());
        else sum.First<double>() = ElementWise.Sum(op, x.Span<double>(), t.Span<double>());
        GC.KeepAlive(x);
        GC.KeepAlive(t);
        GC.KeepAlive(sum);
        return reduction switch
        {
            Reduction.Sum => sum,
            Reduction.Mean => sum / x.NumEl,
            _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "A loss has the reductions None, Mean and Sum."),
        };
    }

    /// <summary>The losses of single elements after the reduction.</summary>
    internal static Tensor Reduced(Tensor each, Reduction reduction) => reduction switch
    {
        Reduction.None => each,
        Reduction.Sum => each.Sum(),
        Reduction.Mean => each.Sum() / each.NumEl,
        _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "A loss has the reductions None, Mean and Sum."),
    };
}

/// <summary>The node of a loss: the gradient of an element is g times its slope, for the mean divided by their number.</summary>
internal sealed class PointwiseLossNode<TOp> : BinaryNode where TOp : struct, IBinaryOp
{
    private static readonly string s_name = NodeName.Of(TOp.Name, TOp.Overload);

    private readonly TOp _op;
    private readonly Reduction _reduction;
    private Saved _input, _target;

    internal PointwiseLossNode(TOp op, Tensor input, Tensor target, Reduction reduction) : base(input, target)
    {
        (_op, _reduction) = (op, reduction);
        _input = Adjoint.Saved.Input(input);
        _target = Adjoint.Saved.Input(target);
    }

    public override string Name => s_name;

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, _op, ("self", _input), ("target", _target));

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        dx = dy = null;
        Tensor x = _input.Get(this), t = _target.Get(this);
        if (_reduction == Reduction.Mean) g = g / x.NumEl;
        if (History.RulesAreRecorded)
        {
            if (needsX) dx = g * _op.SlopeX<Tensor>(x, t, x);
            if (needsY) dy = g * _op.SlopeY<Tensor>(x, t, x);
            return;
        }
        x = Elements.ToContiguous(x);
        t = Elements.ToContiguous(t);
        if (needsX) dx = Spread(g, x);
        if (needsY) dy = Spread(g, x);
        if (x.DType == DType.Float32) Run<float>(x, t, dx, dy);
        else Run<double>(x, t, dx, dy);
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor x = _input.Get(this), t = _target.Get(this);
        Tensor? each = tangents[0] is { } tx ? tx * _op.SlopeX<Tensor>(x, t, x) : null;
        if (tangents[1] is { } ty) each = each is null ? ty * _op.SlopeY<Tensor>(x, t, x) : each + ty * _op.SlopeY<Tensor>(x, t, x);
        return [each is null ? null : PointwiseLoss.Reduced(each, _reduction)];
    }

    internal override void ReleaseSaved()
    {
        _input.Free();
        _target.Free();
    }

    /// <summary>The gradient of the loss at every element, in memory that the slopes are then multiplied into.</summary>
    private static Tensor Spread(Tensor g, Tensor x)
    {
        if (g.NDim == x.NDim) return Elements.Copy(g);
        Tensor all = Tensor.Uninitialized(x.Shape, x.DType);
        if (x.DType == DType.Float32) all.Span<float>().Fill(g.Item<float>());
        else all.Span<double>().Fill(g.Item<double>());
        return all;
    }

    private void Run<T>(Tensor x, Tensor t, Tensor? dx, Tensor? dy) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> vx = x.Span<T>(), vt = t.Span<T>();
        if (dx is not null) ElementWise.BinaryBackward(_op, dx.Span<T>(), vx, vt, vx, dx.Span<T>(), default);
        if (dy is not null) ElementWise.BinaryBackward(_op, dy.Span<T>(), vx, vt, vx, default, dy.Span<T>());
        GC.KeepAlive(x);
        GC.KeepAlive(t);
        GC.KeepAlive(dx);
        GC.KeepAlive(dy);
    }
}
