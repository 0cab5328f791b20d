namespace Adjoint.Vision;

/// <summary>Grey: 0.2989 red + 0.587 green + 0.114 blue, as ITU-R BT.601 weighs them.</summary>
/// <param name="channels">Channels of the result, 1 or 3, all alike.</param>
public sealed class Grayscale(int channels = 1) : ImageTransform
{
    private readonly int _channels = channels is 1 or 3 ? channels
        : throw new ArgumentOutOfRangeException(nameof(channels), channels, $"Grayscale: channels must be 1 or 3, but is {channels}.");

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        Tensor grey = Colours.Grey(Colours.Checked(image, nameof(Grayscale)));
        if (_channels == 1) return grey;
        return image.NDim == 3 ? grey.Expand(3, grey.Shape[1], grey.Shape[2])
            : grey.Expand(grey.Shape[0], 3, grey.Shape[2], grey.Shape[3]);
    }
}
