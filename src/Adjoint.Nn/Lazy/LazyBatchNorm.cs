namespace Adjoint.Nn;

/// <summary>A <see cref="BatchNorm1d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyBatchNorm1d : BatchNorm1d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="eps">Added to the variance; at least 0.</param>
    /// <param name="momentum">How much a batch changes the averages, in [0, 1], or null to average over all batches alike.</param>
    /// <param name="affine">Whether there is a scale and a shift.</param>
    /// <param name="trackRunningStats">Whether averages are kept; without them each batch is normalised by itself, in evaluation
    /// too.</param>
    /// <param name="dtype">The dtype of parameters and averages.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public LazyBatchNorm1d(
        double eps = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true, DType dtype = DType.Float32)
        : base(0, eps, momentum, affine, trackRunningStats, dtype) => IsLazy = true;

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(BatchNorm1d);
}

/// <summary>A <see cref="BatchNorm2d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyBatchNorm2d : BatchNorm2d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="eps">Added to the variance; at least 0.</param>
    /// <param name="momentum">How much a batch changes the averages, in [0, 1], or null to average over all batches alike.</param>
    /// <param name="affine">Whether there is a scale and a shift.</param>
    /// <param name="trackRunningStats">Whether averages are kept; without them each batch is normalised by itself, in evaluation
    /// too.</param>
    /// <param name="dtype">The dtype of parameters and averages.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public LazyBatchNorm2d(
        double eps = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true, DType dtype = DType.Float32)
        : base(0, eps, momentum, affine, trackRunningStats, dtype) => IsLazy = true;

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(BatchNorm2d);
}

/// <summary>A <see cref="BatchNorm3d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyBatchNorm3d : BatchNorm3d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="eps">Added to the variance; at least 0.</param>
    /// <param name="momentum">How much a batch changes the averages, in [0, 1], or null to average over all batches alike.</param>
    /// <param name="affine">Whether there is a scale and a shift.</param>
    /// <param name="trackRunningStats">Whether averages are kept; without them each batch is normalised by itself, in evaluation
    /// too.</param>
    /// <param name="dtype">The dtype of parameters and averages.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public LazyBatchNorm3d(
        double eps = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true, DType dtype = DType.Float32)
        : base(0, eps, momentum, affine, trackRunningStats, dtype) => IsLazy = true;

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(BatchNorm3d);
}
