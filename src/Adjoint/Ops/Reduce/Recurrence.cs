using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>yₖ = xₖ + aₖ·yₖ₋₁ along a dimension, or from its end, with yₖ₊₁: what derivatives of running products consist of.</summary>
internal static class Recurrence
{
    /// <summary>The recurrence, with history.</summary>
    /// <param name="x">What is added.</param>
    /// <param name="a">What the value before is multiplied by, in the shape of x.</param>
    /// <param name="dim">The dimension, counted from the start.</param>
    /// <param name="fromEnd">Whether it runs from the end of the dimension.</param>
    internal static Tensor Run(Tensor x, Tensor a, int dim, bool fromEnd)
    {
        Tensor y = Tensor.Uninitialized(x.Shape, x.DType);
        (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(x, [dim]);
        var work = new Work(block, Elements.ToContiguous(a), outer, n, inner, y, fromEnd);
        Dispatch.Floating(x.DType, "Recurrence", ref work);
        return History.IsWanted(x, a) ? History.Record(y, new RecurrenceNode(x, a, y, dim, fromEnd), x, a) : y;
    }

    /// <summary>The elements each one place on along a dimension, a number first.</summary>
    internal static Tensor Before(Tensor x, int dim, double first) => Tensor.Cat([Edge(x, dim, first), x.Narrow(dim, 0, x.Shape[dim] - 1)], dim);

    /// <summary>The elements each one place back along a dimension, 0 last.</summary>
    internal static Tensor After(Tensor x, int dim) => Tensor.Cat([x.Narrow(dim, 1, x.Shape[dim] - 1), Edge(x, dim, 0)], dim);

    private static Tensor Edge(Tensor x, int dim, double value)
    {
        int[] sizes = x.Shape.Sizes.ToArray();
        sizes[dim] = 1;
        return Tensor.Full(Shape.Of(sizes), value, x.DType);
    }

    private readonly struct Work(Tensor x, Tensor a, int outer, int n, int inner, Tensor y, bool fromEnd) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Scan.Recurrence<T>(x.Span<T>(), a.Span<T>(), outer, n, inner, y.Span<T>(), fromEnd);
            GC.KeepAlive(x);
            GC.KeepAlive(a);
            GC.KeepAlive(y);
        }
    }
}

/// <summary>yₖ = xₖ + aₖ·yₖ₋₁,   dxₖ = gₖ + aₖ₊₁·dxₖ₊₁: the recurrence the other way round,   daₖ = dxₖ·yₖ₋₁.</summary>
internal sealed class RecurrenceNode : BinaryNode
{
    private readonly int _dim;
    private readonly bool _fromEnd;
    private Saved _a, _y;

    internal RecurrenceNode(Tensor x, Tensor a, Tensor y, int dim, bool fromEnd) : base(x, a)
    {
        (_a, _y, _dim, _fromEnd) = (Adjoint.Saved.Input(a), Adjoint.Saved.Output(y), dim, fromEnd);
    }

    public override string Name => "RecurrenceBackward";

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, new NoParameters(), ("a", _a), ("result", _y));

    internal override void ReleaseSaved()
    {
        _a.Free();
        _y.Free();
    }

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        Tensor a = _a.Get(this), follower = _fromEnd ? Recurrence.Before(a, _dim, 0) : Recurrence.After(a, _dim);
        Tensor each = Recurrence.Run(g, follower, _dim, !_fromEnd);
        dx = needsX ? each : null;
        dy = needsY ? each * Previous() : null;
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor? x = tangents[0], a = tangents[1] is { } t ? t * Previous() : null;
        return [Recurrence.Run(x is null ? a! : a is null ? x : x + a, _a.Get(this), _dim, _fromEnd)];
    }

    private Tensor Previous()
    {
        Tensor y = _y.Get(this);
        return _fromEnd ? Recurrence.After(y, _dim) : Recurrence.Before(y, _dim, 0);
    }
}
