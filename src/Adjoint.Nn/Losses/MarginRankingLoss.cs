namespace Adjoint.Nn;

/// <summary>Of two scores with a target t: how much the one that should be larger lacks to be so by a margin.</summary>
/// <param name="margin">The margin m; any finite number.</param>
/// <param name="reduction">What becomes of the losses of single elements.</param>
public sealed class MarginRankingLoss(double margin = 0, Reduction reduction = Reduction.Mean) : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly double _margin = margin.In(Interval.Finite);

    /// <summary>What becomes of the losses of single elements.</summary>
    public Reduction Reduction { get; } = reduction.Known();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input1, Tensor input2, Tensor input3) =>
        F.MarginRankingLoss(input1, input2, input3, _margin, Reduction);
}

public static partial class F
{
    /// <summary>max(0, m − t·(x₁ − x₂)), averaged or added up.</summary>
    /// <param name="input1">x₁.</param>
    /// <param name="input2">x₂; the shapes broadcast.</param>
    /// <param name="target">t: 1 if x₁ should be the larger, −1 if x₂; of as many dimensions.</param>
    /// <param name="margin">m.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast, or have not as many dimensions as each other.</exception>
    /// <exception cref="DTypeException">An input is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not finite.</exception>
    public static Tensor MarginRankingLoss(
        Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
    {
        try
        {
            input1.Given();
            input2.Given();
            target.Given();
            margin.In(Interval.Finite);
            if (input1.NDim != input2.NDim || input1.NDim != target.NDim)
                throw new ShapeException(
                    $"MarginRankingLoss: inputs and target must have as many dimensions as each other, but have the shapes {input1.Shape}, "
                    + $"{input2.Shape} and {target.Shape}.");
            MarginLosses.CheckFloat("MarginRankingLoss", input1, nameof(input1));
            MarginLosses.CheckFloat("MarginRankingLoss", input2, nameof(input2));
            return PointwiseLoss.Reduced(MarginLosses.Hinge(-target * (input1 - input2) + margin), reduction);
        }
        catch (TensorException e) when (e.IsOf(nameof(MarginRankingLoss)))
        {
            throw;
        }
    }
}
