namespace Adjoint.Nn;

/// <summary>How much an anchor is nearer to what is like it than to what is not, less than a margin.</summary>
/// <param name="margin">The margin m; above 0.</param>
/// <param name="p">Which norm of the differences, see <see cref="Tensor.PairwiseDistance"/>; any number.</param>
/// <param name="eps">Added to each difference, so that none is 0; any finite number.</param>
/// <param name="swap">Whether the distance of the positive from the negative counts, where it is less.</param>
/// <param name="reduction">What becomes of the losses of single triples.</param>
public sealed class TripletMarginLoss(
    double margin = 1, double p = 2, double eps = 1e-6, bool swap = false, Reduction reduction = Reduction.Mean)
    : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly double _margin = margin.In(Interval.Positive), _p = p.In(Interval.Numbers), _eps = eps.In(Interval.Finite);

    /// <summary>What becomes of the losses of single triples.</summary>
    public Reduction Reduction { get; } = reduction.Known();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input1, Tensor input2, Tensor input3) =>
        F.TripletMarginLoss(input1, input2, input3, _margin, _p, _eps, swap, Reduction);
}

/// <summary>As <see cref="TripletMarginLoss"/>, with any distance.</summary>
/// <param name="distanceFunction">The distances of two tensors, or null for the Euclidean, <see cref="Tensor.PairwiseDistance"/>.</param>
/// <param name="margin">The margin m; above 0.</param>
/// <param name="swap">Whether the distance of the positive from the negative counts, where it is less.</param>
/// <param name="reduction">What becomes of the losses of single triples.</param>
public sealed class TripletMarginWithDistanceLoss(
    Func<Tensor, Tensor, Tensor>? distanceFunction = null, double margin = 1, bool swap = false, Reduction reduction = Reduction.Mean)
    : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly double _margin = margin.In(Interval.Positive);

    /// <summary>What becomes of the losses of single triples.</summary>
    public Reduction Reduction { get; } = reduction.Known();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input1, Tensor input2, Tensor input3) =>
        F.TripletMarginWithDistanceLoss(input1, input2, input3, distanceFunction, _margin, swap, Reduction);
}

public static partial class F
{
    /// <summary>max(0, m + ‖a − p‖ − ‖a − n‖), averaged or added up.</summary>
    /// <param name="anchor">a: [*, D].</param>
    /// <param name="positive">p; the shapes broadcast.</param>
    /// <param name="negative">n; the shapes broadcast.</param>
    /// <param name="margin">m; above 0.</param>
    /// <param name="p">Which norm, see <see cref="Tensor.PairwiseDistance"/>; any number.</param>
    /// <param name="eps">Added to each difference, so that none is 0; any finite number.</param>
    /// <param name="swap">Whether ‖p − n‖ counts in place of ‖a − n‖, where it is less.</param>
    /// <param name="reduction">What becomes of the losses of single triples.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast, or have not as many dimensions as each other.</exception>
    /// <exception cref="DTypeException">A tensor is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not above 0, p is NaN, or eps is not finite.</exception>
    public static Tensor TripletMarginLoss(
        Tensor anchor, Tensor positive, Tensor negative, double margin = 1, double p = 2, double eps = 1e-6, bool swap = false,
        Reduction reduction = Reduction.Mean) =>
        Triplet("TripletMarginLoss", anchor.Given(), positive.Given(), negative.Given(),
            (x, y) => x.PairwiseDistance(y, p, eps), margin.In(Interval.Positive), swap, reduction);

    /// <summary>max(0, m + d(a, p) − d(a, n)), averaged or added up.</summary>
    /// <param name="anchor">a.</param>
    /// <param name="positive">p.</param>
    /// <param name="negative">n.</param>
    /// <param name="distanceFunction">d, or null for the Euclidean distance, <see cref="Tensor.PairwiseDistance"/>.</param>
    /// <param name="margin">m; above 0.</param>
    /// <param name="swap">Whether d(p, n) counts in place of d(a, n), where it is less.</param>
    /// <param name="reduction">What becomes of the losses of single triples.</param>
    /// <exception cref="ShapeException">The shapes have not as many dimensions as each other.</exception>
    /// <exception cref="DTypeException">A tensor is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not above 0.</exception>
    public static Tensor TripletMarginWithDistanceLoss(
        Tensor anchor, Tensor positive, Tensor negative, Func<Tensor, Tensor, Tensor>? distanceFunction = null, double margin = 1,
        bool swap = false, Reduction reduction = Reduction.Mean) =>
        Triplet("TripletMarginWithDistanceLoss", anchor.Given(), positive.Given(), negative.Given(),
            distanceFunction is null ? (x, y) => x.PairwiseDistance(y)
                : (x, y) => distanceFunction(x, y) ?? throw new InvalidOperationException(
                    "TripletMarginWithDistanceLoss: distanceFunction must return a tensor, but returned null."),
            margin.In(Interval.Positive), swap, reduction);

    private static Tensor Triplet(
        string operation, Tensor anchor, Tensor positive, Tensor negative, Func<Tensor, Tensor, Tensor> distance, double margin, bool swap,
        Reduction reduction)
    {
        try
        {
            if (anchor.NDim != positive.NDim || anchor.NDim != negative.NDim)
                throw new ShapeException(
                    $"{operation}: anchor, positive and negative must have as many dimensions as each other, but have the shapes "
                    + $"{anchor.Shape}, {positive.Shape} and {negative.Shape}.");
            MarginLosses.CheckFloat(operation, anchor, nameof(anchor));
            MarginLosses.CheckFloat(operation, positive, nameof(positive));
            MarginLosses.CheckFloat(operation, negative, nameof(negative));
            Tensor near = distance(anchor, positive), far = distance(anchor, negative);
            if (swap) far = far.Minimum(distance(positive, negative));
            return PointwiseLoss.Reduced(MarginLosses.Hinge(margin + near - far), reduction);
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }
}
