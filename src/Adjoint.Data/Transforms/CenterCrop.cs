namespace Adjoint.Vision;

/// <summary>The middle of an image; where the image is smaller, zeros around it.</summary>
public sealed class CenterCrop : ImageTransform
{
    private readonly int _height, _width;

    /// <summary>A square.</summary>
    /// <param name="size">Rows and columns; at least 1.</param>
    public CenterCrop(int size) => _height = _width = size.AtLeast(1);

    /// <summary>A rectangle.</summary>
    /// <param name="height">Rows; at least 1.</param>
    /// <param name="width">Columns; at least 1.</param>
    public CenterCrop(int height, int width) => (_height, _width) = (height.AtLeast(1), width.AtLeast(1));

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        (int height, int width) = PixelWork.Size(image);
        int above = Math.Max(0, _height - height), beside = Math.Max(0, _width - width);
        image = PixelWork.Pad(image, beside / 2, above / 2, (beside + 1) / 2, (above + 1) / 2, 0, PadMode.Constant);
        (height, width) = PixelWork.Size(image);
        // To even, as Python rounds.
        return PixelWork.Crop(image, (int)Math.Round((height - _height) / 2.0), (int)Math.Round((width - _width) / 2.0), _height, _width);
    }
}
