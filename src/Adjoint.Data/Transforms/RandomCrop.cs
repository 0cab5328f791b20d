namespace Adjoint.Vision;

/// <summary>A part of an image at a random place, perhaps after something was put around the image.</summary>
public sealed class RandomCrop : ImageTransform
{
    private readonly int _height, _width, _padding;
    private readonly double _fill;
    private readonly bool _padIfNeeded;
    private readonly PadMode _padMode;

    /// <summary>A square.</summary>
    /// <param name="size">Rows and columns; at least 1.</param>
    /// <param name="padding">Pixels that are put at each edge before; at least 0.</param>
    /// <param name="padIfNeeded">Whether an image that is too small is padded until it is not; otherwise it is an error.</param>
    /// <param name="fill">The value of what is put there; in [0, 255].</param>
    /// <param name="padMode">What is put there.</param>
    public RandomCrop(int size, int padding = 0, bool padIfNeeded = false, double fill = 0, PadMode padMode = PadMode.Constant)
        : this(size.AtLeast(1), size, padding, padIfNeeded, fill, padMode)
    {
    }

    /// <summary>A rectangle.</summary>
    /// <param name="height">Rows; at least 1.</param>
    /// <param name="width">Columns; at least 1.</param>
    /// <param name="padding">Pixels that are put at each edge before; at least 0.</param>
    /// <param name="padIfNeeded">Whether an image that is too small is padded until it is not; otherwise it is an error.</param>
    /// <param name="fill">The value of what is put there; in [0, 255].</param>
    /// <param name="padMode">What is put there.</param>
    public RandomCrop(int height, int width, int padding, bool padIfNeeded = false, double fill = 0, PadMode padMode = PadMode.Constant)
    {
        (_height, _width, _padding) = (height.AtLeast(1), width.AtLeast(1), padding.AtLeast(0));
        (_padIfNeeded, _fill, _padMode) = (padIfNeeded, PixelWork.Fill(fill), padMode.Known());
    }

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        image = Padded(image, _padding, _padding);
        (int height, int width) = PixelWork.Size(image);
        if (_padIfNeeded)
        {
            image = Padded(image, Math.Max(0, _width - width), Math.Max(0, _height - height));
            (height, width) = PixelWork.Size(image);
        }
        if (height < _height || width < _width)
            throw new ShapeException(
                $"RandomCrop: a part of {_height} x {_width} pixels was asked for, but the image has {height} x {width}; see padIfNeeded.");
        if (height == _height && width == _width) return image;
        int top = Draws.Below(height - _height + 1), left = Draws.Below(width - _width + 1);
        return PixelWork.Crop(image, top, left, _height, _width);
    }

    private Tensor Padded(Tensor image, int beside, int above)
    {
        (int height, int width) = PixelWork.Size(image);
        if (_padMode == PadMode.Reflect && (beside >= width || above >= height))
            throw new ShapeException($"RandomCrop: {height} x {width} pixels cannot be mirrored {above} and {beside} times.");
        return PixelWork.Pad(image, beside, above, beside, above, _fill, _padMode);
    }
}
