namespace Adjoint.Nn;

/// <summary>A <see cref="ConvTranspose1d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyConvTranspose1d : ConvTranspose1d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="outChannels">The channels of the output; at least 1.</param>
    /// <param name="kernelSize">The taps of the kernel along each dimension; at least 1.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <param name="padding">Places taken away at both ends of each dimension; at least 0, and 0 by default.</param>
    /// <param name="outputPadding">Places added at the end; at least 0, below stride or dilation, and 0 by default.</param>
    /// <param name="groups">In how many groups the channels are cut; divides both numbers of channels; at least 1.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public LazyConvTranspose1d(
        int outChannels, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes outputPadding = default, int groups = 1,
        bool bias = true, Sizes dilation = default, DType dtype = DType.Float32, Generator? generator = null)
        : base(0, outChannels, kernelSize, stride, padding, outputPadding, groups, bias, dilation, dtype, generator)
    {
        LazyGenerator = generator;
        IsLazy = true;
    }

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(ConvTranspose1d);
}

/// <summary>A <see cref="ConvTranspose2d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyConvTranspose2d : ConvTranspose2d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="outChannels">The channels of the output; at least 1.</param>
    /// <param name="kernelSize">The taps of the kernel along each dimension; at least 1.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <param name="padding">Places taken away at both ends of each dimension; at least 0, and 0 by default.</param>
    /// <param name="outputPadding">Places added at the end; at least 0, below stride or dilation, and 0 by default.</param>
    /// <param name="groups">In how many groups the channels are cut; divides both numbers of channels; at least 1.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public LazyConvTranspose2d(
        int outChannels, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes outputPadding = default, int groups = 1,
        bool bias = true, Sizes dilation = default, DType dtype = DType.Float32, Generator? generator = null)
        : base(0, outChannels, kernelSize, stride, padding, outputPadding, groups, bias, dilation, dtype, generator)
    {
        LazyGenerator = generator;
        IsLazy = true;
    }

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(ConvTranspose2d);
}

/// <summary>A <see cref="ConvTranspose3d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyConvTranspose3d : ConvTranspose3d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="outChannels">The channels of the output; at least 1.</param>
    /// <param name="kernelSize">The taps of the kernel along each dimension; at least 1.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <param name="padding">Places taken away at both ends of each dimension; at least 0, and 0 by default.</param>
    /// <param name="outputPadding">Places added at the end; at least 0, below stride or dilation, and 0 by default.</param>
    /// <param name="groups">In how many groups the channels are cut; divides both numbers of channels; at least 1.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public LazyConvTranspose3d(
        int outChannels, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes outputPadding = default, int groups = 1,
        bool bias = true, Sizes dilation = default, DType dtype = DType.Float32, Generator? generator = null)
        : base(0, outChannels, kernelSize, stride, padding, outputPadding, groups, bias, dilation, dtype, generator)
    {
        LazyGenerator = generator;
        IsLazy = true;
    }

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(ConvTranspose3d);
}
