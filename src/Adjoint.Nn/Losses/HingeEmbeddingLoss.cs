namespace Adjoint.Nn;

/// <summary>Of distances x with targets t: x for t = 1, what x lacks to a margin for t = −1.</summary>
/// <param name="margin">The margin m; any finite number.</param>
/// <param name="reduction">What becomes of the losses of single elements.</param>
public sealed class HingeEmbeddingLoss(double margin = 1, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    private readonly double _margin = margin.In(Interval.Finite);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.HingeEmbeddingLoss(input, target, _margin, Reduction);
}

public static partial class F
{
    /// <summary>x for t = 1, max(0, m − x) for t = −1, averaged or added up.</summary>
    /// <param name="input">x.</param>
    /// <param name="target">t: −1 or 1, of the same shape. For any other number it is the sum of both.</param>
    /// <param name="margin">m.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not finite.</exception>
    public static Tensor HingeEmbeddingLoss(Tensor input, Tensor target, double margin = 1, Reduction reduction = Reduction.Mean)
    {
        input.Given();
        target.Given();
        return PointwiseLoss.Apply(new HingeEmbeddingLossOp(margin.In(Interval.Finite)), input, target, reduction);
    }
}

/// <summary>z = x unless t = −1, plus max(0, m − x) unless t = 1,   ∂z/∂x = 1 and −1 where x ≤ m,   ∂z/∂t = 0.</summary>
internal readonly struct HingeEmbeddingLossOp(double margin) : IBinaryOp
{
    public void Describe(OpAttributes to) => to.Add("margin", margin);

    public static string Name => "hinge_embedding_loss";
    public static Saves Saves => Saves.Input;

    public V Value<V>(V x, V y) where V : IAlgebra<V>
    {
        V zero = V.Constant(0), rest = margin - x;
        return V.IfEqual(y, V.Constant(1), zero, V.IfLess(rest, zero, zero, rest)) + V.IfEqual(y, V.Constant(-1), zero, x);
    }

    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V>
    {
        V zero = V.Constant(0), one = V.Constant(1);
        return V.IfEqual(y, V.Constant(-1), zero, one) - V.IfEqual(y, one, zero, V.IfLess(V.Constant(margin), x, zero, one));
    }

    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
}
