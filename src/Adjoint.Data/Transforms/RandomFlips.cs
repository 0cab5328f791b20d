namespace Adjoint.Vision;

/// <summary>Left and right exchanged, with a probability.</summary>
/// <param name="p">The probability; in [0, 1].</param>
public sealed class RandomHorizontalFlip(double p = 0.5) : ImageTransform
{
    private readonly double _p = p.In(Interval.Unit);

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image) => Draws.Happens(_p) ? image.Flip(-1) : image;
}

/// <summary>Above and below exchanged, with a probability.</summary>
/// <param name="p">The probability; in [0, 1].</param>
public sealed class RandomVerticalFlip(double p = 0.5) : ImageTransform
{
    private readonly double _p = p.In(Interval.Unit);

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image) => Draws.Happens(_p) ? image.Flip(-2) : image;
}
