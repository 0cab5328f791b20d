namespace Adjoint.Vision;

/// <summary>A random part of random size and shape, resized: how networks for ImageNet are trained (Szegedy et al. 2014).</summary>
public sealed class RandomResizedCrop : ImageTransform
{
    private const int Tries = 10;

    private readonly int _height, _width;
    private readonly (double Low, double High) _scale, _ratio;
    private readonly InterpolateMode _mode;
    private readonly bool _antialias;

    /// <summary>A square result.</summary>
    /// <param name="size">Rows and columns of the result; at least 1.</param>
    /// <param name="scale">The least and the largest share of the image; by default 0.08 and 1, in [0, 1].</param>
    /// <param name="ratio">The least and the largest ratio of its edges; by default 3/4 and 4/3, above 0.</param>
    /// <param name="mode">How numbers between pixels are found: nearest, bilinear or bicubic.</param>
    /// <param name="antialias">Whether all pixels under a wider kernel count where the part becomes smaller.</param>
    /// <exception cref="ArgumentException">A range is empty or out of bounds.</exception>
    public RandomResizedCrop(int size, (double Low, double High)? scale = null, (double Low, double High)? ratio = null,
        InterpolateMode mode = InterpolateMode.Bilinear, bool antialias = true)
    {
        _height = _width = size.AtLeast(1);
        (_scale, _ratio) = (scale ?? (0.08, 1.0), ratio ?? (3.0 / 4, 4.0 / 3));
        Check(_scale, Interval.Unit, nameof(scale));
        Check(_ratio, Interval.Positive, nameof(ratio));
        (_mode, _antialias) = (Resize.OfImages(mode), antialias);
    }

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        (int top, int left, int height, int width) = Part(image);
        return PixelWork.Resize(PixelWork.Crop(image, top, left, height, width), _height, _width, _mode, _antialias);
    }

    /// <summary>Throws if a range is none.</summary>
    internal static void Check((double Low, double High) range, Interval within, string name)
    {
        if (!within.Contains(range.Low) || !within.Contains(range.High) || range.Low > range.High)
            throw new ArgumentException(
                $"{name} must be two numbers {within}, the smaller one first, but is ({range.Low}, {range.High}).", name);
    }

    private (int Top, int Left, int Height, int Width) Part(Tensor image)
    {
        (int height, int width) = PixelWork.Size(image);
        double area = (double)height * width;
        for (int i = 0; i < Tries; i++)
        {
            double wanted = area * Draws.Between(_scale.Low, _scale.High);
            float ratio = MathF.Exp(Draws.Between(MathF.Log((float)_ratio.Low), MathF.Log((float)_ratio.High)));
            double w = Math.Round(Math.Sqrt(wanted * ratio)), h = Math.Round(Math.Sqrt(wanted / ratio));
            if (!(w > 0 && w <= width && h > 0 && h <= height)) continue;
            int top = Draws.Below(height - (int)h + 1), left = Draws.Below(width - (int)w + 1);
            return (top, left, (int)h, (int)w);
        }
        // The middle, as near to the ratio as can be.
        double present = (double)width / height;
        int middleHeight = height, middleWidth = width;
        if (present < _ratio.Low) middleHeight = Math.Clamp((int)Math.Round(width / _ratio.Low), 1, height);
        else if (present > _ratio.High) middleWidth = Math.Clamp((int)Math.Round(height * _ratio.High), 1, width);
        return ((height - middleHeight) / 2, (width - middleWidth) / 2, middleHeight, middleWidth);
    }
}
