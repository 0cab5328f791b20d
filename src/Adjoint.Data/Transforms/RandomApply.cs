namespace Adjoint.Vision;

/// <summary>Some transforms one after the other, or none of them.</summary>
/// <param name="transform">What is done; <see cref="Compose"/> for several.</param>
/// <param name="p">The probability that it is; in [0, 1].</param>
public sealed class RandomApply(ImageTransform transform, double p = 0.5) : ImageTransform
{
    private readonly ImageTransform _transform = transform.Given();
    private readonly double _p = p.In(Interval.Unit);

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image) => Draws.Happens(_p) ? _transform.Call(image) : image;
}
