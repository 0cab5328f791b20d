using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// The driver of losses that compare input and target element by element: one node for the function and its reduction.
/// </summary>
/// <remarks>
/// The function is an <see cref="IBinaryOp"/> like any other, so its kernels, gradients and tangents come from its one formula.
/// </remarks>
internal static class PointwiseLoss
{
    internal static Tensor Apply<TOp>(TOp op, Tensor input, Tensor target, Reduction reduction, bool isShort = false)
        where TOp : struct, IBinaryOp
    {
        DType dtype = Promotion.Of(input, target);
        if (!dtype.IsFloatingPoint)
            throw new DTypeException($"{TOp.Name}: needs floating-point tensors, but got {input.DType} and {target.DType}.");
        CheckShapes(TOp.Name, input, target);
        Tensor x = input.To(dtype), t = target.To(dtype);
        return Door.Run(new Call<TOp>(op, reduction, isShort), x, t);
    }

    /// <summary>
    /// Checks that there is a target for each element: [N, 1] beside [N] would compare all with all, which nobody wants of a loss.
    /// </summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    internal static void CheckShapes(string operation, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        if (!input.Shape.Equals(target.Shape))
            throw new ShapeException(
                $"{operation}: the target has shape {target.Shape}, but the input {input.Shape}; they must be the same. Reshape, "
                + "Squeeze or Expand one.");
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
        var work = new EachWork<TOp>(op, x, t, each);
        Dispatch.Floating(x.DType, TOp.Name, ref work);
        return Reduced(each, reduction);
    }

    /// <summary>The losses added up as they are computed, in the order of <see cref="Tensor.Sum()"/>.</summary>
    private static Tensor Summed<TOp>(TOp op, Tensor x, Tensor t, Reduction reduction) where TOp : struct, IBinaryOp
    {
        Tensor sum = Tensor.Uninitialized(Shape.Scalar, x.DType);
        var work = new SumWork<TOp>(op, x, t, sum, isMean: false);
        Dispatch.Floating(x.DType, TOp.Name, ref work);
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
        Reduction.Sum => each.Sum().After(each),
        Reduction.Mean => each.Sum().After(each) / each.NumEl,
        _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "A loss has the reductions None, Mean and Sum."),
    };

    private readonly struct Call<TOp>(TOp op, Reduction reduction, bool isShort) : ITensorOperation, IIntoOperation, IByHand
        where TOp : struct, IBinaryOp
    {
        public bool MayOverwrite => false;

        public bool GoesInto(GraphOperation call) => isShort && reduction is (Reduction.Mean or Reduction.Sum) && IntoCalls.ArePlain(call)
            && call.Inputs.All(x => x is { IsContiguous: true });

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results)
        {
            var work = new SumWork<TOp>(op, x[0]!, x[1]!, results[0]!, reduction == Reduction.Mean);
            Dispatch.Floating(x[0]!.DType, TOp.Name, ref work);
        }

        public string Name => TOp.Name;

        public void Describe(OpAttributes to)
        {
            to.Add("reduction", reduction);
            op.Describe(to);
        }

        public void Write(Hand hand)
        {
            HandTensor x = hand.Input(0), each = reduction == Reduction.None ? hand.Result : hand.New("each", x.Shape, x.DType);
            HandElementWise.Into(hand, op, each, x, hand.Input(1));
            if (reduction == Reduction.None) return;
            int n = x.Shape.NumEl;
            HandSums.Write(hand, HandFold.Sum, each, each.AllDims, hand.Result, reduction == Reduction.Mean ? sum => $"{sum} / {n}" : null);
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!, t = inputs[1]!, loss;
            using (Unrecorded.Begin()) loss = Forward(op, x, t, reduction, isShort);
            return History.IsWanted(here, x, t)
                ? History.Record(
                    here, loss,
                    new RuleNode<PointwiseLossRule<TOp>>(here, new PointwiseLossRule<TOp>(here, op, x, t, reduction), x, t), x, t)
                : loss;
        }
    }

    private readonly struct EachWork<TOp>(TOp op, Tensor x, Tensor t, Tensor each) : IFloatingWork where TOp : struct, IBinaryOp
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            ElementWise.Binary(op, memory.Of<T>(x), memory.Of<T>(t), memory.Of<T>(each));
        }
    }

    private readonly struct SumWork<TOp>(TOp op, Tensor x, Tensor t, Tensor sum, bool isMean) : IFloatingWork
        where TOp : struct, IBinaryOp
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            T all = ElementWise.Sum<TOp, T>(op, memory.Of<T>(x), memory.Of<T>(t));
            sum.SetFirst<T>(isMean ? all / T.CreateTruncating(x.NumEl) : all);
        }
    }
}
