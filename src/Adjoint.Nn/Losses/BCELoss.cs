using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>Binary cross entropy of probabilities x and targets t: −t·ln x − (1 − t)·ln(1 − x).</summary>
/// <param name="weight">A factor of each element, or null for 1.</param>
/// <param name="reduction">What becomes of the losses of single elements.</param>
public sealed class BCELoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    private readonly Tensor? _weight = weight?.AsBuffer();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.BinaryCrossEntropy(input, target, _weight, Reduction);
}

public static partial class F
{
    /// <summary>−t·ln x − (1 − t)·ln(1 − x), averaged or added up; logarithms are not below −100, so that the loss stays finite.</summary>
    /// <param name="input">x: probabilities.</param>
    /// <param name="target">t, of the same shape.</param>
    /// <param name="weight">A factor of each element, or null for 1.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">An element of the input is not in [0, 1].</exception>
    public static Tensor BinaryCrossEntropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
    {
        input.Given();
        target.Given();
        PointwiseLoss.CheckShapes("BinaryCrossEntropy", input, target);
        Door.Run(new ProbabilitiesOp(), input.Detach());
        return Weighted(new BinaryCrossEntropyOp(), input, target, weight, reduction);
    }

    private static Tensor Weighted<TOp>(TOp op, Tensor input, Tensor target, Tensor? weight, Reduction reduction)
        where TOp : struct, IBinaryOp =>
        weight is null
            ? PointwiseLoss.Apply(op, input, target, reduction)
            : PointwiseLoss.Reduced(
                PointwiseLoss.Weighted(TOp.Name, PointwiseLoss.Apply(op, input, target, Reduction.None), weight), reduction);
}

/// <summary>z = −t·ln x − (1 − t)·ln(1 − x),   ∂z/∂x = (x − t)/(x(1 − x)),   ∂z/∂t = ln(1 − x) − ln x.</summary>
internal readonly struct BinaryCrossEntropyOp : IBinaryOp
{
    public static string Name => "binary_cross_entropy";
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain DomainX => new(0.1, 0.9);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y) where V : IAlgebra<V> => (y - 1) * Floor(V.Inlined<Log1pOp>(-x)) - y * Floor(V.Inlined<LogOp>(x));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V>
    {
        V variance = x * (1 - x);
        return (x - y) / V.IfLess(variance, V.Constant(1e-12), V.Constant(1e-12), variance);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => Floor(V.Inlined<Log1pOp>(-x)) - Floor(V.Inlined<LogOp>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Floor<V>(V log) where V : IAlgebra<V> => V.IfLess(log, V.Constant(-100), V.Constant(-100), log);
}

/// <summary>True, if all elements are between 0 and 1; otherwise it throws.</summary>
internal readonly struct ProbabilitiesOp : ITensorOperation, IByHand
{
    public string Name => "check_probabilities";

    public void Describe(OpAttributes to)
    {
    }

    public void Write(Hand hand)
    {
        hand.Each(e => hand.Block($"if (!({hand.Element(e[0])} >= 0 && {hand.Element(e[0])} <= 1))", () =>
            hand.Line("throw new ArgumentException(\"All elements of the input must be between 0 and 1.\");")), hand.Input(0));
        hand.Store(hand.Result, "true");
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor input = inputs[0]!;
        // The extremes are NaN if any element is.
        if (input.NumEl > 0 && !((double)input.Min() >= 0 && (double)input.Max() <= 1))
        {
            double bad = Array.Find(input.ToArray<double>(), p => !(p is >= 0 and <= 1));
            throw new ArgumentException(
                $"BinaryCrossEntropy: all elements of the input must be between 0 and 1, but one is {bad}. Use "
                + "BinaryCrossEntropyWithLogits for scores.", nameof(input));
        }
        return true;
    }
}
