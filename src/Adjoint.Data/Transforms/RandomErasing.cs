namespace Adjoint.Vision;

/// <summary>A rectangle of the image is wiped out, with a probability (Zhong et al. 2017).</summary>
public sealed class RandomErasing : ImageTransform
{
    private const int Tries = 10;

    private readonly double _p, _value;
    private readonly (double Low, double High) _scale, _ratio;
    private readonly bool _noise;

    /// <summary>A rectangle of some share of the image.</summary>
    /// <param name="p">The probability; in [0, 1].</param>
    /// <param name="scale">The least and the largest share of the image; by default 0.02 and 0.33, in [0, 1].</param>
    /// <param name="ratio">The least and the largest ratio of its edges; by default 0.3 and 3.3, above 0.</param>
    /// <param name="value">What is put there; any finite number.</param>
    /// <param name="noise">Whether normally distributed numbers are put there instead; torchvision's <c>value='random'</c>.</param>
    /// <exception cref="ArgumentException">A range is empty or out of bounds.</exception>
    public RandomErasing(double p = 0.5, (double Low, double High)? scale = null, (double Low, double High)? ratio = null, double value = 0,
        bool noise = false)
    {
        (_p, _value, _noise) = (p.In(Interval.Unit), value.In(Interval.Finite), noise);
        (_scale, _ratio) = (scale ?? (0.02, 0.33), ratio ?? (0.3, 3.3));
        RandomResizedCrop.Check(_scale, Interval.Unit, nameof(scale));
        RandomResizedCrop.Check(_ratio, Interval.Positive, nameof(ratio));
    }

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        if (_noise && !image.DType.IsFloatingPoint)
            throw new DTypeException("RandomErasing: noise is of floating point, but this image is UInt8; put a ToTensor before.");
        if (!Draws.Happens(_p)) return image;
        (int rows, int columns) = PixelWork.Size(image);
        double area = (double)rows * columns;
        for (int i = 0; i < Tries; i++)
        {
            double erased = area * Draws.Between(_scale.Low, _scale.High);
            float ratio = MathF.Exp(Draws.Between(MathF.Log((float)_ratio.Low), MathF.Log((float)_ratio.High)));
            double height = Math.Round(Math.Sqrt(erased * ratio)), width = Math.Round(Math.Sqrt(erased / ratio));
            if (!(height < rows && width < columns)) continue;
            (int h, int w) = ((int)height, (int)width);
            Tensor? noise = _noise ? Tensor.Empty(image.Shape[^3], h, w).NormalInPlace() : null;
            int top = Draws.Below(rows - h + 1), left = Draws.Below(columns - w + 1);
            Tensor wiped = image.Detach().Clone();
            Tensor place = PixelWork.Crop(wiped, top, left, h, w);
            if (noise is null) place.FillInPlace(!image.DType.IsFloatingPoint ? (Number)(long)Math.Clamp(_value, 0, 255) : (Number)_value);
            else place.CopyInPlace(noise.To(image.DType).Expand(place.Shape));
            return wiped;
        }
        return image;
    }
}
