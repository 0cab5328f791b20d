namespace Adjoint.Nn;

/// <summary>The cosine of the angle between vectors along a dimension: <see cref="Tensor.CosineSimilarity"/>.</summary>
/// <param name="dim">The dimension; any dimension.</param>
/// <param name="eps">The least length of a vector; above 0.</param>
public sealed class CosineSimilarity(int dim = 1, double eps = 1e-8) : Module
{
    private readonly double _eps = eps.In(Interval.Positive);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor other) => input.CosineSimilarity(other, dim, _eps);
}

/// <summary>The norm of the difference over the last dimension: <see cref="Tensor.PairwiseDistance"/>.</summary>
/// <param name="p">Which norm, see <see cref="Tensor.Norm(double)"/>; any number.</param>
/// <param name="eps">Added to each difference, so that none is 0; any finite number.</param>
/// <param name="keepDim">Whether the dimension stays, with size 1.</param>
public sealed class PairwiseDistance(double p = 2, double eps = 1e-6, bool keepDim = false) : Module
{
    private readonly double _p = p.In(Interval.Numbers), _eps = eps.In(Interval.Finite);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor other) => input.PairwiseDistance(other, _p, _eps, keepDim);
}

public static partial class F
{
    /// <summary>The cosine of the angle between vectors along a dimension: <see cref="Tensor.CosineSimilarity"/>.</summary>
    /// <param name="input">x.</param>
    /// <param name="other">y; the shapes broadcast.</param>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="eps">The least length of a vector; above 0.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast, or there is no such dimension.</exception>
    /// <exception cref="DTypeException">A tensor is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">eps is not above 0.</exception>
    public static Tensor CosineSimilarity(Tensor input, Tensor other, int dim = 1, double eps = 1e-8) =>
        input.Given().CosineSimilarity(other, dim, eps);

    /// <summary>‖x − y + ε‖ over the last dimension: <see cref="Tensor.PairwiseDistance"/>.</summary>
    /// <param name="input">x.</param>
    /// <param name="other">y; the shapes broadcast.</param>
    /// <param name="p">Which norm, see <see cref="Tensor.Norm(double)"/>; any number.</param>
    /// <param name="eps">ε: added to each difference; any finite number.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The tensors are not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p is NaN, or eps is not finite.</exception>
    public static Tensor PairwiseDistance(Tensor input, Tensor other, double p = 2, double eps = 1e-6, bool keepDim = false) =>
        input.Given().PairwiseDistance(other, p, eps, keepDim);
}
