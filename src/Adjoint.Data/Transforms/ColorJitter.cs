namespace Adjoint.Vision;

/// <summary>Brightness, contrast, saturation and hue changed at random, in a random order.</summary>
public sealed class ColorJitter : ImageTransform
{
    private readonly (double Low, double High)? _brightness, _contrast, _saturation, _hue;

    /// <summary>How much at most.</summary>
    /// <param name="brightness">Brightness is multiplied with a number in [max(0, 1 − b), 1 + b]; at least 0 and finite.</param>
    /// <param name="contrast">The same for the contrast; at least 0 and finite.</param>
    /// <param name="saturation">The same for the saturation; at least 0 and finite.</param>
    /// <param name="hue">Hue is turned by a part of the circle in [−hue, hue]; in [0, 0.5].</param>
    public ColorJitter(double brightness = 0, double contrast = 0, double saturation = 0, double hue = 0)
    {
        _brightness = AboutOne(brightness.In(Interval.NotNegative));
        _contrast = AboutOne(contrast.In(Interval.NotNegative));
        _saturation = AboutOne(saturation.In(Interval.NotNegative));
        _hue = hue.In(new Interval(0, 0.5, true, true)) == 0 ? null : (-hue, hue);
    }

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        Colours.Checked(image, nameof(ColorJitter));
        long[] order = Draws.Order(4);
        float? brightness = Drawn(_brightness), contrast = Drawn(_contrast), saturation = Drawn(_saturation), hue = Drawn(_hue);
        foreach (long step in order)
        {
            image = step switch
            {
                0 when brightness is { } factor => Colours.Brightness(image, factor),
                1 when contrast is { } factor => Colours.Contrast(image, factor),
                2 when saturation is { } factor => Colours.Saturation(image, factor),
                3 when hue is { } factor => Colours.Hue(image, factor),
                _ => image,
            };
        }
        return image;
    }

    private static (double, double)? AboutOne(double most) => most == 0 ? null : (Math.Max(0, 1 - most), 1 + most);

    private static float? Drawn((double Low, double High)? range) => range is { } r ? Draws.Between(r.Low, r.High) : null;
}
