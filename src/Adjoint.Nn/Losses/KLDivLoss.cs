namespace Adjoint.Nn;

/// <summary>The Kullback–Leibler divergence of a distribution t from one given by its logarithms x: t·(ln t − x).</summary>
/// <param name="reduction">What becomes of the losses of single elements.</param>
/// <param name="logTarget">Whether the target holds logarithms too.</param>
/// <param name="batchMean">Divides the sum by the size of the first dimension, which is the divergence by its definition.</param>
public sealed class KLDivLoss(Reduction reduction = Reduction.Mean, bool logTarget = false, bool batchMean = false) : Loss(reduction)
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.KlDiv(input, target, Reduction, logTarget, batchMean);
}

public static partial class F
{
    /// <summary>t·(ln t − x), averaged or added up.</summary>
    /// <param name="input">x: logarithms of probabilities.</param>
    /// <param name="target">t: probabilities, or their logarithms with <paramref name="logTarget"/>.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <param name="logTarget">Whether the target holds logarithms.</param>
    /// <param name="batchMean">Divides the sum by the size of the first dimension; <paramref name="reduction"/> is not looked at
    /// then.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor KlDiv(
        Tensor input, Tensor target, Reduction reduction = Reduction.Mean, bool logTarget = false, bool batchMean = false)
    {
        try
        {
            input.Given();
            target.Given();
            PointwiseLoss.CheckShapes("KlDiv", input, target);
            Tensor each = logTarget ? target.Exp() * (target - input) : target.Xlogy(target) - target * input;
            if (!batchMean) return reduction == Reduction.Mean ? each.Mean().After(each) : PointwiseLoss.Reduced(each, reduction);
            return each.Sum().After(each) / (each.NDim == 0 ? 1 : each.Shape[0]);
        }
        catch (TensorException e) when (e.IsOf(nameof(KlDiv)))
        {
            throw;
        }
    }
}
