namespace Adjoint.Vision;

/// <summary>
/// Another size. The kernel is torch's <c>interpolate</c>, which with <c>antialias</c>, the default, is Pillow's <c>resize</c>: where the
/// image becomes smaller, all pixels under a wider kernel count.
/// </summary>
public sealed class Resize : ImageTransform
{
    private readonly int? _shorter;
    private readonly int _height, _width;
    private readonly InterpolateMode _mode;
    private readonly bool _antialias;

    /// <summary>The shorter edge gets a size, and the other follows in proportion.</summary>
    /// <param name="size">Pixels of the shorter edge; at least 1.</param>
    /// <param name="mode">How numbers between pixels are found: nearest, bilinear or bicubic.</param>
    /// <param name="antialias">Whether all pixels under a wider kernel count where the image becomes smaller.</param>
    public Resize(int size, InterpolateMode mode = InterpolateMode.Bilinear, bool antialias = true)
    {
        (_shorter, _mode, _antialias) = (size.AtLeast(1), OfImages(mode), antialias);
    }

    /// <summary>Both edges get a size.</summary>
    /// <param name="height">Rows; at least 1.</param>
    /// <param name="width">Columns; at least 1.</param>
    /// <param name="mode">How numbers between pixels are found: nearest, bilinear or bicubic.</param>
    /// <param name="antialias">Whether all pixels under a wider kernel count where the image becomes smaller.</param>
    public Resize(int height, int width, InterpolateMode mode = InterpolateMode.Bilinear, bool antialias = true)
    {
        (_height, _width) = (height.AtLeast(1), width.AtLeast(1));
        (_mode, _antialias) = (OfImages(mode), antialias);
    }

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        (int height, int width) = _shorter is { } shorter ? InProportion(image, shorter) : (_height, _width);
        return PixelWork.Resize(image, height, width, _mode, _antialias);
    }

    /// <summary>The mode, which is one of images.</summary>
    internal static InterpolateMode OfImages(InterpolateMode mode) => mode.Known() switch
    {
        InterpolateMode.Nearest or InterpolateMode.Bilinear or InterpolateMode.Bicubic => mode,
        _ => throw new ArgumentException($"An image is resized by Nearest, Bilinear or Bicubic, not by {mode}.", nameof(mode)),
    };

    private static (int Height, int Width) InProportion(Tensor image, int shorter)
    {
        (int height, int width) = PixelWork.Size(image);
        long longer = (long)shorter * Math.Max(height, width) / Math.Min(height, width);
        if (longer > int.MaxValue)
            throw new ShapeException($"Resize: the longer edge of the image {image.Shape} would have {longer} pixels.");
        return height <= width ? (shorter, (int)longer) : ((int)longer, shorter);
    }
}
