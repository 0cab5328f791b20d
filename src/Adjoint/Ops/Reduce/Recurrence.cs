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
    internal static Tensor Run(Tensor x, Tensor a, int dim, bool fromEnd) =>
        Door.Run(new RecurrenceOp(dim, fromEnd), x, a);

    /// <summary>The elements each one place on along a dimension, a number first.</summary>
    internal static Tensor Before(Tensor x, int dim, double first) =>
        Tensor.Cat([Edge(x, dim, first), x.Narrow(dim, 0, x.Shape[dim] - 1)], dim);

    /// <summary>The elements each one place back along a dimension, 0 last.</summary>
    internal static Tensor After(Tensor x, int dim) => Tensor.Cat([x.Narrow(dim, 1, x.Shape[dim] - 1), Edge(x, dim, 0)], dim);

    private static Tensor Edge(Tensor x, int dim, double value)
    {
        int[] sizes = x.Shape.Sizes.ToArray();
        sizes[dim] = 1;
        return Tensor.Full(Shape.Of(sizes), value, x.DType);
    }
}

/// <summary>yₖ = xₖ + aₖ·yₖ₋₁ along a dimension, or from its end.</summary>
internal readonly struct RecurrenceOp(int dim, bool fromEnd) : ITensorOperation, IByHand
{
    public string Name => "recurrence";

    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("from_end", fromEnd);
    }

    public void Write(Hand hand)
    {
        bool backward = fromEnd;
        hand.Rows(dim, e =>
        {
            HandTensor[] rows = backward ? [.. e.Select(row => row.Backward())] : e;
            string word = e[0].Word;
            hand.Line("double running = 0;");
            hand.Each(each =>
            {
                hand.Line($"running = {hand.Element(each[0])} + {hand.Element(each[1])} * running;");
                hand.Store(each[2], Hand.Converted("running", "double", word));
            }, rows);
        }, hand.Input(0), hand.Input(1), hand.Result);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!, a = inputs[1]!, y = Tensor.Uninitialized(here, x.Shape, x.DType);
        (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(x, [dim]);
        var work = new Work(block, Elements.ToContiguous(a), outer, n, inner, y, fromEnd);
        Dispatch.Floating(x.DType, "Recurrence", ref work);
        return History.IsWanted(here, x, a)
            ? History.Record(here, y, new RuleNode<RecurrenceRule>(here, new RecurrenceRule(here, a, y, dim, fromEnd), x, a), x, a)
            : y;
    }

    private readonly struct Work(Tensor x, Tensor a, int outer, int n, int inner, Tensor y, bool fromEnd) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Scan.Recurrence<T>(memory.Of<T>(x), memory.Of<T>(a), outer, n, inner, memory.Of<T>(y), fromEnd);
        }
    }
}

/// <summary>dxₖ = gₖ + aₖ₊₁·dxₖ₊₁: the recurrence the other way round,   daₖ = dxₖ·yₖ₋₁.</summary>
internal struct RecurrenceRule(Here here, Tensor a, Tensor y, int dim, bool fromEnd) : IRule
{
    private Saved _a = Saved.Input(here, a), _y = Saved.Output(here, y);

    public readonly string NodeName => "RecurrenceBackward";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor a = _a.Get(node), follower = fromEnd ? Recurrence.Before(a, dim, 0) : Recurrence.After(a, dim);
        Tensor each = Recurrence.Run(g[0]!, follower, dim, !fromEnd);
        if (wanted[0]) dx[0] = each;
        if (wanted[1]) dx[1] = each * Previous(node);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor? x = t[0], a = t[1] is { } tangent ? tangent * Previous(node) : null;
        dy[0] = Recurrence.Run(x is null ? a! : a is null ? x : x + a, _a.Get(node), dim, fromEnd);
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("a", _a);
        to.Add("result", _y);
    }

    public void Free()
    {
        _a.Free();
        _y.Free();
    }

    private readonly Tensor Previous(Node node)
    {
        Tensor y = _y.Get(node);
        return fromEnd ? Recurrence.After(y, dim) : Recurrence.Before(y, dim, 0);
    }
}
