namespace Adjoint.Nn;

/// <summary>The mean (or sum) of the absolute differences: |x − t|.</summary>
/// <param name="reduction">What becomes of the losses of single elements.</param>
public sealed class L1Loss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.L1Loss(input, target, Reduction);
}

public static partial class F
{
    /// <summary>|x − t|, averaged or added up; the gradient is 0 where both are equal.</summary>
    /// <inheritdoc cref="MseLoss"/>
    public static Tensor L1Loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
        PointwiseLoss.Apply(new L1LossOp(), input.Given(), target.Given(), reduction, isShort: true);
}

/// <summary>z = |x − t|,   ∂z/∂x = sign(x − t),   ∂z/∂t = −sign(x − t).</summary>
internal readonly struct L1LossOp : IBinaryOp
{
    public static string Name => "l1_loss";
    public static Saves Saves => Saves.Input;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => (x - y).Abs();
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => (x - y).Sign();
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => (y - x).Sign();
}
