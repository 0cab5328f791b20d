using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// The rule of a loss of two tensors, element by element: the gradients are g·∂l/∂x and g·∂l/∂t, divided by the count for a mean.
/// </summary>
internal struct PointwiseLossRule<TOp>(Here here, TOp op, Tensor input, Tensor target, Reduction reduction) : IRule
    where TOp : struct, IBinaryOp
{
    private static readonly string s_name = Adjoint.NodeName.Of(TOp.Name, TOp.Overload);

    private Saved _input = Saved.Input(here, input), _target = Saved.Input(here, target);

    public readonly string NodeName => s_name;

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor g = gradients[0]!, x = _input.Get(node), t = _target.Get(node);
        if (reduction == Reduction.Mean) g = g / x.NumEl;
        if (Here.Now.IsObserved)
        {
            if (wanted[0]) dx[0] = g * op.SlopeX<Tensor>(x, t, x);
            if (wanted[1]) dx[1] = g * op.SlopeY<Tensor>(x, t, x);
            return;
        }
        Door.RunMany(new PointwiseLossGradient<TOp>(op, wanted[0], wanted[1]), g, x, t).CopyTo(dx);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> tangents, Span<Tensor?> dy)
    {
        Tensor x = _input.Get(node), t = _target.Get(node);
        Tensor? each = tangents[0] is { } tx ? tx * op.SlopeX<Tensor>(x, t, x) : null;
        if (tangents[1] is { } ty) each = each is null ? ty * op.SlopeY<Tensor>(x, t, x) : each + ty * op.SlopeY<Tensor>(x, t, x);
        dy[0] = each is null ? null : PointwiseLoss.Reduced(each, reduction);
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("self", _input);
        to.Add("target", _target);
        op.Describe(to.Attributes);
    }

    public void Free()
    {
        _input.Free();
        _target.Free();
    }
}

/// <summary>The gradients of a pointwise loss in one pass each; its inputs are g, of all elements or of each, x and t.</summary>
internal readonly struct PointwiseLossGradient<TOp>(TOp op, bool needsX, bool needsT) : ITensorsOperation, IIntoOperation, IByHand
    where TOp : struct, IBinaryOp
{
    public bool MayOverwrite => false;

    public bool GoesInto(GraphOperation call) => IntoCalls.ArePlain(call)
        && call.Inputs is [{ } g, { IsContiguous: true }, { IsContiguous: true } t]
        && (g.Shape.NumEl == 1 || (g.IsContiguous && g.Shape.Equals(t.Shape)));

    public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results)
    {
        Tensor? dx = results[0], dt = results[1];
        var work = new Work(op, x[1]!, x[2]!, dx, dt, x[0]!);
        Dispatch.Floating(x[1]!.DType, TOp.Name, ref work);
    }

    public string Name => TOp.Name + "_backward";

    public void Describe(OpAttributes to)
    {
        op.Describe(to);
        to.Add("output_mask", new[] { needsX, needsT });
    }

    public void Write(Hand hand) => HandElementWise.Slopes(hand, op, needsX, needsT, [hand.Input(1), hand.Input(2), hand.Input(1)]);

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = Elements.ToContiguous(inputs[1]!), t = Elements.ToContiguous(inputs[2]!);
        Tensor? dx = needsX ? Spread(here, inputs[0]!, x) : null, dt = needsT ? Spread(here, inputs[0]!, x) : null;
        var work = new Work(op, x, t, dx, dt);
        Dispatch.Floating(x.DType, TOp.Name, ref work);
        return [dx, dt];
    }

    private static Tensor Spread(Here here, Tensor g, Tensor x)
    {
        if (g.NDim == x.NDim) return Elements.Copy(g);
        Tensor all = Tensor.Uninitialized(here, x.Shape, x.DType);
        Elements.Fill(all, g.Item());
        return all;
    }

    private readonly struct Work(TOp op, Tensor x, Tensor t, Tensor? dx, Tensor? dt, Tensor? g = null) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            if (g is not null && dx is not null) Spread<T>(memory.Of<T>(dx));
            if (g is not null && dt is not null) Spread<T>(memory.Of<T>(dt));
            if (dx is not null)
                ElementWise.BinaryBackward(op, memory.Of<T>(dx), memory.Of<T>(x), memory.Of<T>(t), memory.Of<T>(x),
                    memory.Of<T>(dx), default);
            if (dt is not null)
                ElementWise.BinaryBackward(op, memory.Of<T>(dt), memory.Of<T>(x), memory.Of<T>(t), memory.Of<T>(x),
                    default, memory.Of<T>(dt));
        }

        private void Spread<T>(Span<T> all) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            if (g!.NumEl == 1)
            {
                all.Fill(g.First<T>());
                return;
            }
            using var memory = new Loan();
            memory.Of<T>(g).CopyTo(all);
        }
    }
}
