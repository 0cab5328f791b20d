namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// The covariances of variables that stand in rows, an observation in each column: Σ w·(x − x̄)·(y − ȳ)/norm, with
    /// norm = Σw − correction·Σ(w·a)/Σw. A vector is one variable.
    /// </summary>
    /// <param name="correction">1 for the unbiased estimate, 0 for the mean.</param>
    /// <param name="fweights">How often each observation was made: integers, not negative.</param>
    /// <param name="aweights">The weight a of each observation, not negative.</param>
    /// <returns>A matrix, or of one variable a number.</returns>
    /// <exception cref="ShapeException">There are more than two dimensions, or not as many weights as observations.</exception>
    /// <exception cref="ArgumentException">A weight is negative, or they add up to 0.</exception>
    /// <exception cref="DTypeException">The frequencies are not integers, or the weights not of floating point.</exception>
    public Tensor Cov(int correction = 1, Tensor? fweights = null, Tensor? aweights = null)
    {
        try
        {
            return Covariance.Of("Cov", this, correction, fweights, aweights);
        }
        catch (TensorException e) when (e.IsOf(nameof(Cov)))
        {
            throw;
        }
    }

    /// <summary>
    /// The correlations of variables that stand in rows: covariances divided by both standard deviations, within [−1, 1].
    /// </summary>
    /// <returns>A matrix, or of one variable a number.</returns>
    /// <exception cref="ShapeException">There are more than two dimensions.</exception>
    public Tensor CorrCoef()
    {
        try
        {
            return Covariance.Correlation(this);
        }
        catch (TensorException e) when (e.IsOf(nameof(CorrCoef)))
        {
            throw;
        }
    }
}

/// <summary>Products of deviations.</summary>
internal static class Covariance
{
    internal static Tensor Of(string operation, Tensor x, int correction, Tensor? frequencies, Tensor? weights)
    {
        if (x.NDim > 2) throw new ShapeException($"{operation}: needs a matrix of variables and observations, but got shape {x.Shape}.");
        if (x.DType.IsBool) throw new DTypeException($"{operation}: is not defined for Bool tensors. Convert with To(DType.Float32).");
        Tensor rows = x.NDim < 2 ? x.Reshape(1, -1) : x;
        if (!rows.DType.IsFloatingPoint) rows = rows.To(DType.Float32);
        int count = rows.Shape[1];
        if (frequencies is not null && !frequencies.DType.Row.IsIndex)
            throw new DTypeException($"{operation}: fweights must be integers, but are {frequencies.DType}.");
        if (weights is not null && !weights.DType.IsFloatingPoint)
            throw new DTypeException($"{operation}: aweights must be of floating point, but are {weights.DType}.");
        foreach ((string name, Tensor? given) in new[] { ("fweights", frequencies), ("aweights", weights) })
            if (given is not null && (given.NDim > 1 || given.NumEl != count))
                throw new ShapeException($"{operation}: {name} of shape {given.Shape} must be one for each of {count} observations.");
        foreach ((string name, Tensor? given) in new[] { ("fweights", frequencies), ("aweights", weights) })
            if (given is not null && !GraphCapture.IsCapturing && (bool)(given.Detach() < 0).Any())
                throw new ArgumentException($"{operation}: {name} must not be negative, but one is.", name);
        Tensor? w = frequencies is null ? weights
            : weights is null ? frequencies.To(rows.DType) : frequencies.To(weights.DType) * weights;
        Tensor total = w is null ? Tensor.Full(Shape.Scalar, count, rows.DType) : w.Sum();
        if (w is not null && !GraphCapture.IsCapturing && (bool)total.Detach().Eq(0))
            throw new ArgumentException(
                $"{operation}: the weights add up to 0, by which nothing can be divided.", weights is null ? "fweights" : "aweights");
        Tensor mean = (w is null ? rows.Sum(1) : (rows * w).Sum(1)) / total;
        Tensor norm = w is not null && weights is not null && correction != 0
            ? total - (w * weights).Sum() / total * correction : total - correction;
        norm = norm.ClampMin(0);
        Tensor deviations = rows - mean.Unsqueeze(1), weighted = w is null ? deviations : deviations * w;
        return (deviations.MatMul(weighted.T) / norm).Squeeze();
    }

    internal static Tensor Correlation(Tensor x)
    {
        Tensor c = Of("CorrCoef", x, 1, null, null);
        if (c.NDim == 0) return c / c;
        Tensor deviation = c.Diagonal().Sqrt();
        return (c / deviation.Unsqueeze(1) / deviation.Unsqueeze(0)).Clamp(-1, 1);
    }
}

public static partial class OpTable
{
    private static Op Cov => Op.Of(OpKind.Composite, "cov", x => x[..3].Cov(0), Matrix,
        new() { Formula = "the covariances of the rows of x", Torch = "torch.cov(x[:3], correction=0)" });

    private static Op CovWeights => Op.Of(OpKind.Composite, "cov_weights",
        (x, y) => x[..3].Cov(1, Places(1, 2, 1, 3), y), Matrix, new OpInput([4], Domain.Positive),
        new()
        {
            Formula = "the covariances with weights",
            Torch = "torch.cov(x[:3], correction=1, fweights=places(1, 2, 1, 3), aweights=y)"
        });

    // A correlation with itself is 1 and cannot be moved, so those of others are taken.
    private static Op CorrCoef => Op.Of(OpKind.Composite, "corrcoef", x => (x * x)[..3].CorrCoef()[0, 1..], Matrix,
        new() { Formula = "the correlations of the rows of x", Torch = "torch.corrcoef((x * x)[:3])[0, 1:]" });
}
