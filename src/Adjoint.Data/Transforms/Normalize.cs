namespace Adjoint.Vision;

/// <summary>(x − mean)/std, for each channel with numbers of its own. Of images of floating point: <see cref="ToTensor"/> comes before.</summary>
public sealed class Normalize : ImageTransform
{
    private readonly double[] _mean, _std;

    /// <summary>A normalization.</summary>
    /// <param name="mean">What is subtracted, for each channel or for all: any finite numbers.</param>
    /// <param name="std">What is then divided by, for each channel or for all: above 0.</param>
    /// <exception cref="ArgumentException">There are no numbers, or not equally many of both.</exception>
    public Normalize(IReadOnlyList<double> mean, IReadOnlyList<double> std)
    {
        _mean = [.. mean.Given().Select(m => m.In(Interval.Finite, nameof(mean)))];
        _std = [.. std.Given().Select(s => s.In(Interval.Positive, nameof(std)))];
        if (_mean.Length == 0 || _mean.Length != _std.Length)
            throw new ArgumentException(
                $"Normalize: mean and std have a number for each channel, but there are {_mean.Length} and {_std.Length}.", nameof(std));
    }

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        if (!image.DType.IsFloatingPoint)
            throw new DTypeException("Normalize: an image of floating point is needed, but this one is UInt8; put a ToTensor before.");
        if (_mean.Length != 1 && _mean.Length != image.Shape[^3])
            throw new ShapeException($"Normalize: there are {_mean.Length} means, but the image has {image.Shape[^3]} channels.");
        return (image - OfChannels(_mean, image.DType)) / OfChannels(_std, image.DType);
    }

    private static Tensor OfChannels(double[] numbers, DType dtype) => Tensor.From(numbers).To(dtype).Reshape(numbers.Length, 1, 1);
}
