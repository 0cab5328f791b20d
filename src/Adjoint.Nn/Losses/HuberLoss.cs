namespace Adjoint.Nn;

/// <summary>Half the square for differences up to δ, and a line of slope δ beyond.</summary>
/// <param name="reduction">What becomes of the losses of single elements.</param>
/// <param name="delta">δ: where the square turns into the line; above 0.</param>
public sealed class HuberLoss(Reduction reduction = Reduction.Mean, double delta = 1) : Loss(reduction)
{
    private readonly double _delta = delta.In(Interval.Positive);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.HuberLoss(input, target, Reduction, _delta);
}

public static partial class F
{
    /// <summary>d²/2 for |d| ≤ δ, otherwise δ·(|d| − δ/2), with d = x − t; averaged or added up.</summary>
    /// <param name="input">x.</param>
    /// <param name="target">t, of the same shape.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <param name="delta">δ; above 0.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">δ is not positive.</exception>
    public static Tensor HuberLoss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double delta = 1)
    {
        input.Given();
        target.Given();
        delta.In(Interval.Positive);
        return PointwiseLoss.Apply(new HuberLossOp(delta), input, target, reduction, isShort: true);
    }
}

/// <summary>With d = x − t: z = d²/2 for |d| ≤ δ, else δ(|d| − δ/2),   ∂z/∂x = d, else δ·sign d,   ∂z/∂t = −∂z/∂x.</summary>
internal readonly struct HuberLossOp(double delta) : IBinaryOp
{
    public void Describe(OpAttributes to) => to.Add("delta", delta);

    public static string Name => "huber_loss";
    public static Saves Saves => Saves.Input;
    public V Value<V>(V x, V y) where V : IAlgebra<V>
    {
        V d = (x - y).Abs();
        return V.IfLess(V.Constant(delta), d, delta * (d - 0.5 * delta), 0.5 * d * d);
    }

    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V>
    {
        V d = x - y;
        return V.IfLess(V.Constant(delta), d.Abs(), delta * d.Sign(), d);
    }

    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => SlopeX(y, x, z);
}
