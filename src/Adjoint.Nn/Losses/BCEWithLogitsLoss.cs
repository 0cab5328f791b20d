using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>Binary cross entropy of scores x, the logits of probabilities, and targets t; stable for scores of any size.</summary>
/// <param name="weight">A factor of each element, or null for 1.</param>
/// <param name="posWeight">A factor of the positive part, which broadcasts, or null for 1: above 1 it favours recall.</param>
/// <param name="reduction">What becomes of the losses of single elements.</param>
public sealed class BCEWithLogitsLoss(Tensor? weight = null, Tensor? posWeight = null, Reduction reduction = Reduction.Mean)
    : Loss(reduction)
{
    private readonly Tensor? _weight = weight?.AsBuffer();
    private readonly Tensor? _posWeight = posWeight?.AsBuffer();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) =>
        F.BinaryCrossEntropyWithLogits(input, target, _weight, _posWeight, Reduction);
}

public static partial class F
{
    /// <summary>−p·t·ln σ(x) − (1 − t)·ln(1 − σ(x)), averaged or added up.</summary>
    /// <param name="input">x: scores.</param>
    /// <param name="target">t, of the same shape.</param>
    /// <param name="weight">A factor of each element, or null for 1.</param>
    /// <param name="posWeight">p, which broadcasts, or null for 1.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor BinaryCrossEntropyWithLogits(
        Tensor input, Tensor target, Tensor? weight = null, Tensor? posWeight = null, Reduction reduction = Reduction.Mean)
    {
        try
        {
            input.Given();
            target.Given();
            PointwiseLoss.CheckShapes("BinaryCrossEntropyWithLogits", input, target);
            if (posWeight is null) return Weighted(new BinaryCrossEntropyWithLogitsOp(), input, target, weight, reduction);
            Tensor positive = PointwiseLoss.Weighted("BinaryCrossEntropyWithLogits", target, posWeight - 1) + 1;
            Tensor each = (1 - target) * input - positive * input.LogSigmoid();
            return PointwiseLoss.Reduced(PointwiseLoss.Weighted("BinaryCrossEntropyWithLogits", each, weight), reduction);
        }
        catch (TensorException e) when (e.IsOf(nameof(BinaryCrossEntropyWithLogits)))
        {
            throw;
        }
    }
}

/// <summary>z = (1 − t)·x − ln σ(x),   ∂z/∂x = σ(x) − t,   ∂z/∂t = −x.</summary>
internal readonly struct BinaryCrossEntropyWithLogitsOp : IBinaryOp
{
    public static string Name => "binary_cross_entropy_with_logits";
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y) where V : IAlgebra<V> => (1 - y) * x - V.Inlined(default(LogSigmoidOp), x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Inlined<SigmoidOp>(x) - y;
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -x;
}
