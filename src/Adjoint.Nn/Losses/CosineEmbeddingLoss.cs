namespace Adjoint.Nn;

/// <summary>Of pairs of vectors: what the cosine of their angle lacks to 1 for t = 1, and has above a margin for t = −1.</summary>
/// <param name="margin">The margin m; any finite number.</param>
/// <param name="reduction">What becomes of the losses of single pairs.</param>
public sealed class CosineEmbeddingLoss(double margin = 0, Reduction reduction = Reduction.Mean) : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly double _margin = margin.In(Interval.Finite);

    /// <summary>What becomes of the losses of single pairs.</summary>
    public Reduction Reduction { get; } = reduction.Known();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input1, Tensor input2, Tensor input3) =>
        F.CosineEmbeddingLoss(input1, input2, input3, _margin, Reduction);
}

public static partial class F
{
    /// <summary>1 − cos(x₁, x₂) for t = 1, max(0, cos(x₁, x₂) − m) for t = −1, averaged or added up.</summary>
    /// <param name="input1">x₁: [N, D], or one vector [D].</param>
    /// <param name="input2">x₂; of the same shape.</param>
    /// <param name="target">t: −1 or 1 for each pair, [N], or one number.</param>
    /// <param name="margin">m.</param>
    /// <param name="reduction">What becomes of the losses of single pairs.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">An input is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not finite.</exception>
    public static Tensor CosineEmbeddingLoss(
        Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
    {
        try
        {
            input1.Given();
            input2.Given();
            target.Given();
            margin.In(Interval.Finite);
            bool fits = input1.Shape.Equals(input2.Shape) && input1.NDim is 1 or 2 && target.NDim == input1.NDim - 1
                && (target.NDim == 0 || target.Shape[0] == input1.Shape[0]);
            if (!fits)
                throw new ShapeException(
                    $"CosineEmbeddingLoss: needs vectors [N, D] and targets [N], or [D] and a number, but got {input1.Shape}, "
                    + $"{input2.Shape} and {target.Shape}.");
            MarginLosses.CheckFloat("CosineEmbeddingLoss", input1, nameof(input1));
            MarginLosses.CheckFloat("CosineEmbeddingLoss", input2, nameof(input2));
            // As PyTorch's: 1e-12 keeps vectors of zeros from 0/0.
            Tensor squares = ((input1 * input1).Sum(-1) + 1e-12) * ((input2 * input2).Sum(-1) + 1e-12);
            Tensor cosine = (input1 * input2).Sum(-1) / squares.Sqrt();
            return PointwiseLoss.Reduced(MarginLosses.BySign(target, 1 - cosine, MarginLosses.Hinge(cosine - margin)), reduction);
        }
        catch (TensorException e) when (e.IsOf(nameof(CosineEmbeddingLoss)))
        {
            throw;
        }
    }
}
