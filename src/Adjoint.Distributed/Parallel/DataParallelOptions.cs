namespace Adjoint.Distributed;

/// <summary>How <see cref="DistributedDataParallel"/> sends gradients.</summary>
public sealed record DataParallelOptions
{
    /// <summary>
    /// How many megabytes of gradients are sent at once; above 0. The first bucket has at most one, so that sending begins early.
    /// PyTorch's <c>bucket_cap_mb</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0.</exception>
    public double BucketCapMb
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, $"BucketCapMb: must be above 0 and finite, but is {value}.");
    } = 25;

    /// <summary>
    /// Whether the buffers of rank 0, running means for example, are those of all ranks after each forward call in training. PyTorch's
    /// <c>broadcast_buffers</c>.
    /// </summary>
    public bool BroadcastBuffers { get; init; } = true;

    /// <summary>
    /// Whether gradients stay where they were received, which saves a copy: who keeps a <see cref="Tensor.Grad"/> beyond the step sees
    /// those of later steps in it. PyTorch's <c>gradient_as_bucket_view</c>.
    /// </summary>
    public bool GradientAsBucketView { get; init; }

    /// <summary>
    /// Whether buckets are sent while the backward pass goes on; otherwise all at its end, as is needed where a parameter gets
    /// gradients in several passes within one.
    /// </summary>
    public bool Overlap { get; init; } = true;

    /// <summary>
    /// After so many backward passes it is checked that the parameters are the same on all ranks, to the bit; at least 0, which is never.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int CheckEvery
    {
        get;
        init => field = value >= 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"CheckEvery: must be at least 0, but is {value}.");
    }
}
