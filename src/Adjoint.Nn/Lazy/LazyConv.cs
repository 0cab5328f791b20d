namespace Adjoint.Nn;

/// <summary>A <see cref="Conv1d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyConv1d : Conv1d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="outChannels">The channels of the output; at least 1.</param>
    /// <param name="kernelSize">The taps of the kernel along each dimension; at least 1.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <param name="padding">The padding at both ends of each dimension, at least 0; "same" or "valid"; by default 0.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="groups">In how many groups the channels are cut; divides both numbers of channels; at least 1.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="paddingMode">What the padding holds: zeros (Constant), or what <see cref="Tensor.Pad"/> makes of the input.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels, or "same" goes with another stride than 1.</exception>
    public LazyConv1d(
        int outChannels, Sizes kernelSize, Sizes stride = default, ConvPadding padding = default, Sizes dilation = default, int groups = 1,
        bool bias = true, PadMode paddingMode = PadMode.Constant, DType dtype = DType.Float32, Generator? generator = null)
        : base(0, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode, dtype, generator)
    {
        LazyGenerator = generator;
        IsLazy = true;
    }

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(Conv1d);
}

/// <summary>A <see cref="Conv2d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyConv2d : Conv2d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="outChannels">The channels of the output; at least 1.</param>
    /// <param name="kernelSize">The taps of the kernel along each dimension; at least 1.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <param name="padding">The padding at both ends of each dimension, at least 0; "same" or "valid"; by default 0.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="groups">In how many groups the channels are cut; divides both numbers of channels; at least 1.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="paddingMode">What the padding holds: zeros (Constant), or what <see cref="Tensor.Pad"/> makes of the input.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels, or "same" goes with another stride than 1.</exception>
    public LazyConv2d(
        int outChannels, Sizes kernelSize, Sizes stride = default, ConvPadding padding = default, Sizes dilation = default, int groups = 1,
        bool bias = true, PadMode paddingMode = PadMode.Constant, DType dtype = DType.Float32, Generator? generator = null)
        : base(0, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode, dtype, generator)
    {
        LazyGenerator = generator;
        IsLazy = true;
    }

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(Conv2d);
}

/// <summary>A <see cref="Conv3d"/> whose first input says how many channels it has. See <see cref="LazyLinear"/>.</summary>
public sealed class LazyConv3d : Conv3d
{
    /// <summary>Makes the layer.</summary>
    /// <param name="outChannels">The channels of the output; at least 1.</param>
    /// <param name="kernelSize">The taps of the kernel along each dimension; at least 1.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <param name="padding">The padding at both ends of each dimension, at least 0; "same" or "valid"; by default 0.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="groups">In how many groups the channels are cut; divides both numbers of channels; at least 1.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="paddingMode">What the padding holds: zeros (Constant), or what <see cref="Tensor.Pad"/> makes of the input.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels, or "same" goes with another stride than 1.</exception>
    public LazyConv3d(
        int outChannels, Sizes kernelSize, Sizes stride = default, ConvPadding padding = default, Sizes dilation = default, int groups = 1,
        bool bias = true, PadMode paddingMode = PadMode.Constant, DType dtype = DType.Float32, Generator? generator = null)
        : base(0, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode, dtype, generator)
    {
        LazyGenerator = generator;
        IsLazy = true;
    }

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(Conv3d);
}
