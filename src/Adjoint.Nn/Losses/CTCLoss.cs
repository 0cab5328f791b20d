namespace Adjoint.Nn;

/// <summary>
/// The negative log likelihood of sequences of labels under the probabilities of each step, over all ways to place them, with blanks
/// between: connectionist temporal classification (Graves et al., ICML 2006).
/// </summary>
/// <param name="blank">The number of the blank label; at least 0.</param>
/// <param name="reduction">What becomes of the losses of single sequences; the mean divides each by the length of its target first.</param>
/// <param name="zeroInfinity">Whether the loss of a target that is too long for its steps is 0 instead of ∞.</param>
public sealed class CTCLoss(int blank = 0, Reduction reduction = Reduction.Mean, bool zeroInfinity = false)
    : Module<Tensor, Tensor, Tensor, Tensor, Tensor>
{
    private readonly int _blank = blank.AtLeast(0);

    /// <summary>What becomes of the losses of single sequences.</summary>
    public Reduction Reduction { get; } = reduction.Known();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input1, Tensor input2, Tensor input3, Tensor input4) =>
        F.CtcLoss(input1, input2, input3, input4, _blank, Reduction, zeroInfinity);
}

public static partial class F
{
    /// <summary>−ln Σ Π p over all ways to place the labels of a target on the steps, averaged or added up.</summary>
    /// <param name="logProbs">The logarithms of probabilities: [T, N, C], or [T, C] of one sequence.</param>
    /// <param name="targets">Labels: [N, S], or all one after the other; of an integer dtype.</param>
    /// <param name="inputLengths">How many steps each sequence has: [N], at most T.</param>
    /// <param name="targetLengths">How many labels each target has: [N].</param>
    /// <param name="blank">The number of the blank label.</param>
    /// <param name="reduction">What becomes of the losses of single sequences; the mean divides each by the length of its target, or 1,
    /// first.</param>
    /// <param name="zeroInfinity">Whether the loss of a target that is too long for its steps is 0 instead of ∞. Its gradient is 0.</param>
    /// <exception cref="ShapeException">The shapes or the lengths do not fit.</exception>
    /// <exception cref="DTypeException">The probabilities are not of floating point, or labels or lengths not of integers.</exception>
    /// <exception cref="TensorIndexException">A label is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The blank is no class.</exception>
    public static Tensor CtcLoss(
        Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths, int blank = 0, Reduction reduction = Reduction.Mean,
        bool zeroInfinity = false)
    {
        try
        {
            logProbs.Given();
            targets.Given();
            inputLengths.Given();
            targetLengths.Given();
            reduction.Known();
            CtcAlignment alignment = CtcAlignment.Of(logProbs, targets, inputLengths, targetLengths, blank);
            Tensor each = alignment.Loss(logProbs.NDim == 2 ? logProbs.Unsqueeze(1) : logProbs, zeroInfinity);
            if (reduction == Reduction.Mean) each /= targetLengths.Reshape(each.Shape).To(each.DType).ClampMin(1);
            return logProbs.NDim == 2 && reduction == Reduction.None ? each.Squeeze(0) : PointwiseLoss.Reduced(each, reduction);
        }
        catch (TensorException e) when (e.IsOf(nameof(CtcLoss)))
        {
            throw;
        }
    }
}
