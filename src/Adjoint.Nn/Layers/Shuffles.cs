namespace Adjoint.Nn;

/// <summary>[*, C·r², H, W] as [*, C, H·r, W·r] (Shi et al. 2016), see <see cref="Tensor.PixelShuffle"/>.</summary>
/// <param name="upscaleFactor">r; at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">r is below 1.</exception>
public sealed class PixelShuffle(int upscaleFactor) : Module
{
    /// <summary>r.</summary>
    public int UpscaleFactor { get; } = upscaleFactor.AtLeast(1);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.PixelShuffle(UpscaleFactor);

    /// <inheritdoc/>
    protected override string ExtraText => $"upscale_factor={UpscaleFactor}";
}

/// <summary>[*, C, H·r, W·r] as [*, C·r², H, W], see <see cref="Tensor.PixelUnshuffle"/>.</summary>
/// <param name="downscaleFactor">r; at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">r is below 1.</exception>
public sealed class PixelUnshuffle(int downscaleFactor) : Module
{
    /// <summary>r.</summary>
    public int DownscaleFactor { get; } = downscaleFactor.AtLeast(1);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.PixelUnshuffle(DownscaleFactor);

    /// <inheritdoc/>
    protected override string ExtraText => $"downscale_factor={DownscaleFactor}";
}

/// <summary>Channels dealt out to groups in turn (Zhang et al. 2018), see <see cref="Tensor.ChannelShuffle"/>.</summary>
/// <param name="groups">How many groups; at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">There are fewer than 1.</exception>
public sealed class ChannelShuffle(int groups) : Module
{
    /// <summary>How many groups.</summary>
    public int Groups { get; } = groups.AtLeast(1);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.ChannelShuffle(Groups);

    /// <inheritdoc/>
    protected override string ExtraText => $"groups={Groups}";
}

/// <summary>A dimension becomes several: the inverse of <see cref="Flatten"/>.</summary>
/// <param name="dim">The dimension; any dimension.</param>
/// <param name="unflattenedSize">What it becomes; one size may be −1.</param>
public sealed class Unflatten(int dim, Sizes unflattenedSize) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Unflatten(dim, [.. unflattenedSize]);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"dim={dim}, unflattened_size={(unflattenedSize.Count == 1 ? Sizes.Of([.. unflattenedSize]) : unflattenedSize)}";
}

/// <summary>A softmax over the channels of images [N, C, H, W] or [C, H, W], at each place by itself.</summary>
public sealed class Softmax2d : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.NDim is 3 or 4 ? input.Softmax(-3)
        : throw new ShapeException($"Softmax2d: needs a tensor [N, C, H, W] or [C, H, W], but the shape is {input.Shape}.");
}
