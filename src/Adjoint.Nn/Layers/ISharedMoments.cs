namespace Adjoint.Nn;

/// <summary>Normalises a batch by the mean and variance of it and the batches of other processes.</summary>
internal interface ISharedMoments
{
    /// <summary>The batch with mean 0 and variance 1 in each channel over all processes, scaled and shifted.</summary>
    /// <param name="name">The layer, for errors.</param>
    /// <param name="x">[N, C] or [N, C, L].</param>
    /// <param name="weight">[C], or null for 1.</param>
    /// <param name="bias">[C], or null for 0.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="mean">The mean of each channel.</param>
    /// <param name="variance">The (biased) variance of each channel.</param>
    /// <param name="count">How many values each channel has in all processes.</param>
    /// <exception cref="ShapeException">Each channel has one value in all.</exception>
    Tensor Normalized(
        string name, Tensor x, Tensor? weight, Tensor? bias, double eps, out Tensor mean, out Tensor variance, out int count);
}
