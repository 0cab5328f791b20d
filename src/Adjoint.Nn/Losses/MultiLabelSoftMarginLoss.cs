namespace Adjoint.Nn;

/// <summary>Binary cross entropy of the scores of all classes, averaged over the classes: several may be right.</summary>
/// <param name="weight">What each class weighs, or null for 1.</param>
/// <param name="reduction">What becomes of the losses of single rows.</param>
public sealed class MultiLabelSoftMarginLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    private readonly Tensor? _weight = weight?.AsBuffer();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.MultilabelSoftMarginLoss(input, target, _weight, Reduction);
}

public static partial class F
{
    /// <summary>−Σ w·(t·ln σ(x) + (1 − t)·ln σ(−x))/C over the last dimension, averaged or added up.</summary>
    /// <param name="input">x: scores [*, C].</param>
    /// <param name="target">t: 1 for each class that is right, else 0; of the same shape.</param>
    /// <param name="weight">w, which broadcasts, or null for 1.</param>
    /// <param name="reduction">What becomes of the losses of single rows.</param>
    /// <exception cref="ShapeException">The shapes differ, or there is no dimension of classes.</exception>
    public static Tensor MultilabelSoftMarginLoss(
        Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
    {
        try
        {
            input.Given();
            target.Given();
            PointwiseLoss.CheckShapes("MultilabelSoftMarginLoss", input, target);
            Tensor each = PointwiseLoss.Apply(new BinaryCrossEntropyWithLogitsOp(), input, target, Reduction.None);
            each = PointwiseLoss.Weighted("MultilabelSoftMarginLoss", each, weight);
            return PointwiseLoss.Reduced(each.NDim == 0 ? each : each.Mean(-1), reduction);
        }
        catch (TensorException e) when (e.IsOf(nameof(MultilabelSoftMarginLoss)))
        {
            throw;
        }
    }
}
