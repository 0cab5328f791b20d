namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// [*, C·r², H, W] as [*, C, H·r, W·r]: the r² channels of a group become the pixels of a square.
    /// </summary>
    /// <param name="upscaleFactor">r; at least 1.</param>
    /// <exception cref="ShapeException">There are fewer than 3 dimensions, or the channels do not divide by r².</exception>
    /// <exception cref="ArgumentOutOfRangeException">r is below 1.</exception>
    public Tensor PixelShuffle(int upscaleFactor)
    {
        try
        {
            return PixelChannels.Shuffle(this, upscaleFactor.AtLeast(1));
        }
        catch (TensorException e) when (e.IsOf(nameof(PixelShuffle)))
        {
            throw;
        }
    }

    /// <summary>[*, C, H·r, W·r] as [*, C·r², H, W]: the inverse of <see cref="PixelShuffle"/>.</summary>
    /// <param name="downscaleFactor">r; at least 1.</param>
    /// <exception cref="ShapeException">There are fewer than 3 dimensions, or the last two do not divide by r.</exception>
    /// <exception cref="ArgumentOutOfRangeException">r is below 1.</exception>
    public Tensor PixelUnshuffle(int downscaleFactor)
    {
        try
        {
            return PixelChannels.Unshuffle(this, downscaleFactor.AtLeast(1));
        }
        catch (TensorException e) when (e.IsOf(nameof(PixelUnshuffle)))
        {
            throw;
        }
    }

    /// <summary>The channels, the second dimension, in the order in which they stand when g groups are dealt out in turn.</summary>
    /// <param name="groups">g; divides the number of channels.</param>
    /// <exception cref="ShapeException">There are fewer than 3 dimensions, or the channels do not divide by g.</exception>
    /// <exception cref="ArgumentOutOfRangeException">g is below 1.</exception>
    public Tensor ChannelShuffle(int groups)
    {
        try
        {
            return PixelChannels.ShuffleChannels(this, groups.AtLeast(1));
        }
        catch (TensorException e) when (e.IsOf(nameof(ChannelShuffle)))
        {
            throw;
        }
    }
}

/// <summary>Channels and pixels in each other's place.</summary>
internal static class PixelChannels
{
    internal static Tensor Shuffle(Tensor x, int r)
    {
        int lead = Lead("PixelShuffle", x), channels = x.Shape[-3], height = x.Shape[-2], width = x.Shape[-1];
        if (channels % ((long)r * r) != 0)
            throw new ShapeException($"PixelShuffle: the {channels} channels of shape {x.Shape} do not divide by {r}².");
        int[] before = x.Shape.Sizes[..lead].ToArray();
        Tensor parts = x.Reshape([.. before, (int)(channels / ((long)r * r)), r, r, height, width]);
        return parts.Permute([.. Enumerable.Range(0, lead), lead, lead + 3, lead + 1, lead + 4, lead + 2])
            .Reshape(Shape.Computed([.. before.Select(size => (long)size), channels / ((long)r * r), (long)height * r, (long)width * r]));
    }

    internal static Tensor Unshuffle(Tensor x, int r)
    {
        int lead = Lead("PixelUnshuffle", x), channels = x.Shape[-3], height = x.Shape[-2], width = x.Shape[-1];
        if (height % r != 0 || width % r != 0)
            throw new ShapeException($"PixelUnshuffle: the pixels {height} × {width} of shape {x.Shape} do not divide by {r}.");
        int[] before = x.Shape.Sizes[..lead].ToArray();
        Tensor parts = x.Reshape([.. before, channels, height / r, r, width / r, r]);
        return parts.Permute([.. Enumerable.Range(0, lead), lead, lead + 2, lead + 4, lead + 1, lead + 3])
            .Reshape(Shape.Computed([.. before.Select(size => (long)size), (long)channels * r * r, height / r, width / r]));
    }

    internal static Tensor ShuffleChannels(Tensor x, int groups)
    {
        Lead("ChannelShuffle", x);
        int channels = x.Shape[1];
        if (channels % groups != 0)
            throw new ShapeException($"ChannelShuffle: the {channels} channels of shape {x.Shape} do not divide into {groups} groups.");
        return x.Reshape([x.Shape[0], groups, channels / groups, .. x.Shape.Sizes[2..]]).Transpose(1, 2).Reshape(x.Shape);
    }

    private static int Lead(string operation, Tensor x) => x.NDim >= 3 ? x.NDim - 3
        : throw new ShapeException($"{operation}: needs at least 3 dimensions, but got shape {x.Shape}.");
}

public static partial class OpTable
{
    private static Op PixelShuffle => Op.Of(OpKind.Composite, "pixel_shuffle", x => x.PixelShuffle(2), new OpInput([2, 8, 2, 3],
        Domain.Reals),
        new() { Formula = "channels of x as pixels", Torch = "F.pixel_shuffle(x, 2)", Onnx = "DepthToSpace" });

    private static Op PixelUnshuffle => Op.Of(OpKind.Composite, "pixel_unshuffle", x => x.PixelUnshuffle(2), new OpInput([3, 4, 6],
        Domain.Reals),
        new() { Formula = "pixels of x as channels", Torch = "F.pixel_unshuffle(x, 2)", Onnx = "SpaceToDepth" });

    private static Op ChannelShuffle => Op.Of(OpKind.Composite, "channel_shuffle", x => x.ChannelShuffle(2), new OpInput([2, 6, 2],
        Domain.Reals),
        new()
        {
            Formula = "the channels of x dealt out",
            Torch = "x.reshape(x.shape[0], 2, x.shape[1] // 2, x.shape[2]).transpose(1, 2).reshape(x.shape)"
        });
}
