namespace Adjoint.Nn;

/// <summary>A <see cref="InstanceNorm1d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyInstanceNorm1d : InstanceNorm1d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="eps">Added to the variance; at least 0.</param>
    /// <param name="momentum">How much a batch changes the averages, in [0, 1].</param>
    /// <param name="affine">Whether there is a scale and a shift.</param>
    /// <param name="trackRunningStats">Whether averages are kept, and used in evaluation.</param>
    /// <param name="dtype">The dtype of parameters and averages.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public LazyInstanceNorm1d(
        double eps = 1e-5, double momentum = 0.1, bool affine = false, bool trackRunningStats = false, DType dtype = DType.Float32)
        : base(0, eps, momentum, affine, trackRunningStats, dtype) => IsLazy = true;

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(InstanceNorm1d);
}

/// <summary>A <see cref="InstanceNorm2d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyInstanceNorm2d : InstanceNorm2d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="eps">Added to the variance; at least 0.</param>
    /// <param name="momentum">How much a batch changes the averages, in [0, 1].</param>
    /// <param name="affine">Whether there is a scale and a shift.</param>
    /// <param name="trackRunningStats">Whether averages are kept, and used in evaluation.</param>
    /// <param name="dtype">The dtype of parameters and averages.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public LazyInstanceNorm2d(
        double eps = 1e-5, double momentum = 0.1, bool affine = false, bool trackRunningStats = false, DType dtype = DType.Float32)
        : base(0, eps, momentum, affine, trackRunningStats, dtype) => IsLazy = true;

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(InstanceNorm2d);
}

/// <summary>A <see cref="InstanceNorm3d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyInstanceNorm3d : InstanceNorm3d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="eps">Added to the variance; at least 0.</param>
    /// <param name="momentum">How much a batch changes the averages, in [0, 1].</param>
    /// <param name="affine">Whether there is a scale and a shift.</param>
    /// <param name="trackRunningStats">Whether averages are kept, and used in evaluation.</param>
    /// <param name="dtype">The dtype of parameters and averages.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public LazyInstanceNorm3d(
        double eps = 1e-5, double momentum = 0.1, bool affine = false, bool trackRunningStats = false, DType dtype = DType.Float32)
        : base(0, eps, momentum, affine, trackRunningStats, dtype) => IsLazy = true;

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(InstanceNorm3d);
}
