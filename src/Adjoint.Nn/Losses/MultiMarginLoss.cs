namespace Adjoint.Nn;

/// <summary>How much the scores of other classes come nearer than a margin to that of the right one.</summary>
/// <param name="p">The power of what they lack; in [1, 2].</param>
/// <param name="margin">The margin m; any finite number.</param>
/// <param name="weight">What each class weighs, or null for 1.</param>
/// <param name="reduction">What becomes of the losses of single rows.</param>
public sealed class MultiMarginLoss(int p = 1, double margin = 1, Tensor? weight = null, Reduction reduction = Reduction.Mean)
    : Loss(reduction)
{
    private readonly Tensor? _weight = weight?.AsBuffer();
    private readonly int _p = MultiMargin.Power(p);
    private readonly double _margin = margin.In(Interval.Finite);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.MultiMarginLoss(input, target, _p, _margin, _weight, Reduction);
}

public static partial class F
{
    /// <summary>Σ w[t]·max(0, m − x[t] + x[i])ᵖ/C over the classes i ≠ t, averaged or added up.</summary>
    /// <param name="input">x: scores [N, C] or [C].</param>
    /// <param name="target">t: classes [N], or one number; of an integer dtype.</param>
    /// <param name="p">The power; 1 or 2.</param>
    /// <param name="margin">m.</param>
    /// <param name="weight">w [C], or null for 1.</param>
    /// <param name="reduction">What becomes of the losses of single rows.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The input is not of floating point, or the target not of integers.</exception>
    /// <exception cref="TensorIndexException">A target is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p is neither 1 nor 2, or the margin is not finite.</exception>
    public static Tensor MultiMarginLoss(
        Tensor input, Tensor target, int p = 1, double margin = 1, Tensor? weight = null, Reduction reduction = Reduction.Mean)
    {
        try
        {
            input.Given();
            target.Given();
            MultiMargin.Power(p);
            margin.In(Interval.Finite);
            MarginLosses.CheckFloat("MultiMarginLoss", input, nameof(input));
            if (input.NDim is not (1 or 2))
                throw new ShapeException($"MultiMarginLoss: needs scores [N, C] or [C], but the input has shape {input.Shape}.");
            // Every number is a class here, and none is ignored.
            ClassTargets targets = ClassTargets.Of("MultiMarginLoss", input, target, weight, long.MinValue);
            Tensor classes = targets.Classes(), place = classes.Unsqueeze(-1);
            // At the margin itself nothing counts, as in PyTorch; its other hinges count there.
            Tensor lack = (margin - input.Gather(-1, place) + input).Relu();
            lack = lack.Scatter(-1, place, 0);
            if (p == 2) lack = lack.Square();
            if (weight is not null) lack *= weight.IndexSelect(0, classes.Flatten()).Reshape(classes.Shape).Unsqueeze(-1);
            return PointwiseLoss.Reduced(lack.Sum(-1) / input.Shape[-1], reduction);
        }
        catch (TensorException e) when (e.IsOf(nameof(MultiMarginLoss)))
        {
            throw;
        }
    }
}

/// <summary>The powers of a multi-margin loss.</summary>
internal static class MultiMargin
{
    internal static int Power(int p) => p is 1 or 2 ? p
        : throw new ArgumentOutOfRangeException(nameof(p), p, "The power of a multi-margin loss is 1 or 2.");
}
