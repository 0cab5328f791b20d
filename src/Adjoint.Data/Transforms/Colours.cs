namespace Adjoint.Vision;

/// <summary>Red, green and blue, in torchvision's steps.</summary>
internal static class Colours
{
    /// <summary>An image of one or three channels.</summary>
    public static Tensor Checked(Tensor image, string transform) => image.Shape[^3] is 1 or 3 ? image
        : throw new ShapeException($"{transform}: an image has 1 or 3 channels, but this one has {image.Shape[^3]}: {image.Shape}.");

    /// <summary>One channel of grey; bytes are rounded down.</summary>
    public static Tensor Grey(Tensor image)
    {
        if (image.Shape[^3] == 1) return image;
        Tensor x = !image.DType.IsFloatingPoint ? image.To(DType.Float32) : image;
        Tensor grey = 0.2989 * x.Narrow(-3, 0, 1) + 0.587 * x.Narrow(-3, 1, 1) + 0.114 * x.Narrow(-3, 2, 1);
        return grey.To(image.DType);
    }

    /// <summary>ratio·image + (1 − ratio)·other, in the range of the dtype; bytes are rounded down.</summary>
    public static Tensor Blend(Tensor image, Tensor other, double ratio)
    {
        Tensor x = AsFloat(image), y = AsFloat(other);
        return (ratio * x + (1.0 - ratio) * y).Clamp(0, PixelWork.Most(image.DType)).To(image.DType);
    }

    public static Tensor Brightness(Tensor image, double factor) => Blend(image, Tensor.ZerosLike(image), factor);

    public static Tensor Contrast(Tensor image, double factor)
    {
        Tensor mean = AsFloat(Grey(image)).Mean([-3, -2, -1], keepDim: true);
        return Blend(image, mean, factor);
    }

    public static Tensor Saturation(Tensor image, double factor) =>
        image.Shape[^3] == 1 ? image : Blend(image, Grey(image), factor);

    /// <summary>All colours turned by a part of the circle, from −0.5 to 0.5.</summary>
    public static Tensor Hue(Tensor image, double factor)
    {
        if (image.Shape[^3] == 1) return image;
        Tensor x = !image.DType.IsFloatingPoint ? image.To(DType.Float32) / 255f : image;
        (Tensor h, Tensor s, Tensor v) = ToHsv(x);
        Tensor turned = ToRgb((h + factor).Remainder(1.0), s, v);
        // As torchvision makes bytes of numbers: each of the 256 has as long a stretch.
        return !image.DType.IsFloatingPoint ? (turned * (255 + 1.0 - 1e-3)).To(DType.UInt8) : turned;
    }

    private static Tensor AsFloat(Tensor x) => !x.DType.IsFloatingPoint ? x.To(DType.Float32) : x;

    private static (Tensor Hue, Tensor Saturation, Tensor Value) ToHsv(Tensor x)
    {
        Tensor r = x.Select(-3, 0), g = x.Select(-3, 1), b = x.Select(-3, 2);
        Tensor most = r.Maximum(g).Maximum(b), least = r.Minimum(g).Minimum(b), ones = Tensor.OnesLike(most);
        Tensor isGrey = most.Eq(least), range = most - least;
        Tensor saturation = range / Tensor.Where(isGrey, ones, most);
        Tensor divisor = Tensor.Where(isGrey, ones, range);
        Tensor rc = (most - r) / divisor, gc = (most - g) / divisor, bc = (most - b) / divisor;
        Tensor isRed = most.Eq(r), isGreen = most.Eq(g) & most.Ne(r), isBlue = most.Ne(g) & most.Ne(r);
        Tensor hue = isRed.To(x.DType) * (bc - gc) + isGreen.To(x.DType) * (2.0 + rc - bc) + isBlue.To(x.DType) * (4.0 + gc - rc);
        return ((hue / 6.0 + 1.0).Fmod(1.0), saturation, most);
    }

    private static Tensor ToRgb(Tensor h, Tensor s, Tensor v)
    {
        Tensor sector = (h * 6.0).Floor(), f = h * 6.0 - sector;
        Tensor p = (v * (1.0 - s)).Clamp(0, 1), q = (v * (1.0 - s * f)).Clamp(0, 1), t = (v * (1.0 - s * (1.0 - f))).Clamp(0, 1);
        sector = sector.Remainder(6.0);
        return Tensor.Stack([Chosen(sector, v, q, p, p, t, v), Chosen(sector, t, v, v, q, p, p), Chosen(sector, p, p, t, v, v, q)], -3);
    }

    private static Tensor Chosen(Tensor sector, params Tensor[] ofSectors)
    {
        Tensor chosen = ofSectors[^1];
        for (int i = 0; i < ofSectors.Length - 1; i++) chosen = Tensor.Where(sector.Eq(i), ofSectors[i], chosen);
        return chosen;
    }
}
