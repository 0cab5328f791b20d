namespace Adjoint.Nn;

/// <summary>The negative log likelihood of targets under normal distributions of given means and variances.</summary>
/// <param name="full">Whether ½·ln 2π is added, which depends on nothing.</param>
/// <param name="eps">The least variance, for stability; above 0.</param>
/// <param name="reduction">What becomes of the losses of single elements.</param>
public sealed class GaussianNLLLoss(bool full = false, double eps = 1e-6, Reduction reduction = Reduction.Mean)
    : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly double _eps = eps.In(Interval.Positive);

    /// <summary>What becomes of the losses of single elements.</summary>
    public Reduction Reduction { get; } = reduction.Known();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input1, Tensor input2, Tensor input3) =>
        F.GaussianNllLoss(input1, input2, input3, full, _eps, Reduction);
}

public static partial class F
{
    /// <summary>½·(ln v + (x − t)²/v), averaged or added up, with variances v of at least ε.</summary>
    /// <param name="input">x: the means.</param>
    /// <param name="target">t, of the same shape.</param>
    /// <param name="variance">v: of the same shape, or with 1 as its last size, or without the last dimension. Where it is held at ε its
    /// gradient is that at ε.</param>
    /// <param name="full">Whether ½·ln 2π is added.</param>
    /// <param name="eps">ε; above 0.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">A tensor is not of floating point.</exception>
    /// <exception cref="ArgumentException">A variance is below 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0.</exception>
    public static Tensor GaussianNllLoss(
        Tensor input, Tensor target, Tensor variance, bool full = false, double eps = 1e-6, Reduction reduction = Reduction.Mean)
    {
        try
        {
            input.Given();
            target.Given();
            variance.Given();
            PointwiseLoss.CheckShapes("GaussianNllLoss", input, target);
            MarginLosses.CheckFloat("GaussianNllLoss", input, nameof(input));
            MarginLosses.CheckFloat("GaussianNllLoss", variance, nameof(variance));
            eps.In(Interval.Positive);
            Tensor v = Beside(input, variance);
            MarginLosses.CheckRange("GaussianNllLoss", v, nameof(variance));
            // Held, and differentiated as if it were not.
            v = Tensor.Where(v.Detach() < eps, v - v.Detach() + eps, v);
            Tensor difference = input - target, each = 0.5 * (v.Log() + difference * difference / v);
            return PointwiseLoss.Reduced(full ? each + 0.5 * Math.Log(2 * Math.PI) : each, reduction);
        }
        catch (TensorException e) when (e.IsOf(nameof(GaussianNllLoss)))
        {
            throw;
        }
    }

    private static Tensor Beside(Tensor input, Tensor variance)
    {
        if (variance.Shape.Equals(input.Shape)) return variance;
        if (input.NDim > 0 && variance.Shape.Sizes.SequenceEqual(input.Shape.Sizes[..^1])) return variance.Unsqueeze(-1);
        if (input.NDim > 0 && variance.NDim == input.NDim && variance.Shape[-1] == 1
            && variance.Shape.Sizes[..^1].SequenceEqual(input.Shape.Sizes[..^1]))
            return variance;
        throw new ShapeException(
            $"GaussianNllLoss: variances of shape {variance.Shape} fit no input of shape {input.Shape}: they need that shape, with 1 as "
            + "the last size or without it.");
    }
}
