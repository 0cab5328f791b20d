namespace Adjoint.Nn;

/// <summary>
/// Cross entropy of scores (logits) and classes or probabilities: <see cref="NLLLoss"/> of the log-softmax over dimension 1.
/// </summary>
/// <param name="weight">What each class weighs, or null for 1.</param>
/// <param name="ignoreIndex">A target that counts for nothing; any whole number.</param>
/// <param name="reduction">What becomes of the losses of single places.</param>
/// <param name="labelSmoothing">How much of each target is spread evenly over all classes, in [0, 1].</param>
public sealed class CrossEntropyLoss(
    Tensor? weight = null, long ignoreIndex = -100, Reduction reduction = Reduction.Mean, double labelSmoothing = 0) : Loss(reduction)
{
    private readonly Tensor? _weight = weight?.AsBuffer();
    private readonly double _labelSmoothing = labelSmoothing.In(Interval.Unit);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) =>
        F.CrossEntropy(input, target, _weight, ignoreIndex, Reduction, _labelSmoothing);
}

public static partial class F
{
    /// <summary>−Σ p·ln softmax(x) over the classes, where p is 1 at the target's class, or the target itself.</summary>
    /// <param name="input">x: scores [N, C, …] or [C].</param>
    /// <param name="target">Classes [N, …] of an integer dtype, or probabilities in the shape of the input.</param>
    /// <param name="weight">What each class weighs [C], or null for 1. The mean over classes divides by the sum of the targets' weights,
    /// that over probabilities by the size of the batch.</param>
    /// <param name="ignoreIndex">A target class that counts for nothing.</param>
    /// <param name="reduction">What becomes of the losses of single places.</param>
    /// <param name="labelSmoothing">ε: p becomes (1 − ε)·p + ε/C.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="TensorIndexException">A target is no class.</exception>
    /// <exception cref="ArgumentException">ignoreIndex is given with probability targets, or ε is not in [0, 1].</exception>
    public static Tensor CrossEntropy(
        Tensor input, Tensor target, Tensor? weight = null, long ignoreIndex = -100, Reduction reduction = Reduction.Mean,
        double labelSmoothing = 0)
    {
        try
        {
            input.Given();
            target.Given();
            labelSmoothing.In(Interval.Unit);
            if (target.DType.IsFloatingPoint && target.Shape.Equals(input.Shape))
            {
                if (ignoreIndex >= 0)
                    throw new ArgumentException("CrossEntropy: ignoreIndex is not supported for probability targets.", nameof(ignoreIndex));
                return WithProbabilities(input, target, weight, reduction, labelSmoothing);
            }
            ClassTargets targets = ClassTargets.Of("CrossEntropy", input, target, weight, ignoreIndex);
            Tensor logs = input.LogSoftmax(ClassTargets.ClassDim(input));
            WeightedTargets? weighted = weight is not null && History.IsWanted(weight) ? new WeightedTargets(targets, weight) : null;
            Tensor loss = weighted?.Nll(logs, reduction) ?? NllLossOp.Apply(logs, targets, reduction);
            if (labelSmoothing == 0) return loss;
            Tensor total = weighted?.Total ?? targets.Total(logs.DType);
            return loss * (1 - labelSmoothing) + Smooth(logs, targets, weight, total, reduction) * (labelSmoothing / targets.Count);
        }
        catch (TensorException e) when (e.IsOf(nameof(CrossEntropy)))
        {
            throw;
        }
    }

    /// <summary>The loss of a target that is spread evenly over the classes, times their number.</summary>
    private static Tensor Smooth(Tensor logs, ClassTargets targets, Tensor? weight, Tensor total, Reduction reduction)
    {
        int dim = ClassTargets.ClassDim(logs);
        Tensor each = -PerClass(logs, weight, dim).Sum(dim) * targets.Counted(logs.DType);
        return reduction switch
        {
            Reduction.None => each,
            Reduction.Sum => each.Sum(),
            _ => each.Sum() / total,
        };
    }

    private static Tensor WithProbabilities(Tensor input, Tensor target, Tensor? weight, Reduction reduction, double smoothing)
    {
        int dim = ClassTargets.ClassDim(input), count = input.Shape[dim];
        if (smoothing > 0) target = target * (1 - smoothing) + smoothing / count;
        Tensor parts = PerClass(input.LogSoftmax(dim) * target, weight, dim);
        return reduction switch
        {
            Reduction.None => -parts.Sum(dim),
            Reduction.Sum => -parts.Sum().After(parts),
            Reduction.Mean => -parts.Sum().After(parts) / (count == 0 ? 0 : parts.NumEl / count),
            _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "A loss has the reductions None, Mean and Sum."),
        };
    }

    private static Tensor PerClass(Tensor x, Tensor? weight, int dim)
    {
        if (weight is null) return x;
        if (weight.NDim != 1 || weight.NumEl != x.Shape[dim])
            throw new ShapeException(
                $"CrossEntropy: the weight of shape {weight.Shape} must have one element for each of the {x.Shape[dim]} classes.");
        var sizes = new int[x.NDim];
        Array.Fill(sizes, 1);
        sizes[dim] = x.Shape[dim];
        return x * weight.View(sizes);
    }
}
