namespace Adjoint.Vision;

/// <summary>Grey with a probability, in as many channels as before.</summary>
/// <param name="p">The probability; in [0, 1].</param>
public sealed class RandomGrayscale(double p = 0.1) : ImageTransform
{
    private readonly double _p = p.In(Interval.Unit);

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        Colours.Checked(image, nameof(RandomGrayscale));
        return Draws.Happens(_p) ? Colours.Grey(image).Expand(image.Shape) : image;
    }
}
