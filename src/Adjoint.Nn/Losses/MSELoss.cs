namespace Adjoint.Nn;

/// <summary>The mean (or sum) of the squared differences: (x − t)².</summary>
/// <param name="reduction">What becomes of the losses of single elements.</param>
public sealed class MSELoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.MseLoss(input, target, Reduction);
}

public static partial class F
{
    /// <summary>(x − t)², averaged or added up.</summary>
    /// <param name="input">x.</param>
    /// <param name="target">t, of the same shape.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor MseLoss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
        PointwiseLoss.Apply(new MseLossOp(), input.Given(), target.Given(), reduction, isShort: true);
}

/// <summary>z = (x − t)²,   ∂z/∂x = 2(x − t),   ∂z/∂t = −2(x − t).</summary>
internal readonly struct MseLossOp : IBinaryOp
{
    public static string Name => "mse_loss";
    public static Saves Saves => Saves.Input;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => (x - y) * (x - y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => 2 * (x - y);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => 2 * (y - x);
}
