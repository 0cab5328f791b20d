namespace Adjoint.Nn;

/// <summary>Squared for differences below β, absolute above: less moved by outliers than <see cref="MSELoss"/>.</summary>
/// <param name="reduction">What becomes of the losses of single elements.</param>
/// <param name="beta">β: where the square turns into the line, at least 0; 0 gives <see cref="L1Loss"/>.</param>
public sealed class SmoothL1Loss(Reduction reduction = Reduction.Mean, double beta = 1) : Loss(reduction)
{
    private readonly double _beta = beta.In(Interval.NotNegative);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.SmoothL1Loss(input, target, Reduction, _beta);
}

public static partial class F
{
    /// <summary>d²/(2β) for |d| &lt; β, otherwise |d| − β/2, with d = x − t; averaged or added up.</summary>
    /// <param name="input">x.</param>
    /// <param name="target">t, of the same shape.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <param name="beta">β, at least 0; with 0 it is <see cref="L1Loss"/>.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">β is negative.</exception>
    public static Tensor SmoothL1Loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1)
    {
        try
        {
            input.Given();
            target.Given();
            beta.In(Interval.NotNegative);
            return beta == 0
                ? L1Loss(input, target, reduction) : PointwiseLoss.Apply(new SmoothL1LossOp(beta), input, target, reduction, isShort: true);
        }
        catch (TensorException e) when (e.IsOf(nameof(SmoothL1Loss)))
        {
            throw;
        }
    }
}

/// <summary>With d = x − t: z = d²/(2β) for |d| &lt; β, else |d| − β/2,   ∂z/∂x = d/β, else sign d,   ∂z/∂t = −∂z/∂x.</summary>
internal readonly struct SmoothL1LossOp(double beta) : IBinaryOp
{
    public void Describe(OpAttributes to) => to.Add("beta", beta);

    public static string Name => "smooth_l1_loss";
    public static Saves Saves => Saves.Input;
    public V Value<V>(V x, V y) where V : IAlgebra<V>
    {
        V d = (x - y).Abs();
        return V.IfLess(d, V.Constant(beta), d * d * (0.5 / beta), d - 0.5 * beta);
    }

    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V>
    {
        V d = x - y;
        return V.IfLess(d.Abs(), V.Constant(beta), d / beta, V.IfEqual(d, d, d.Sign(), d));
    }

    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => SlopeX(y, x, z);
}
