namespace Adjoint.Vision;

/// <summary>What transforms do to images.</summary>
internal static class PixelWork
{
    /// <summary>Rows and columns.</summary>
    public static (int Height, int Width) Size(Tensor image) => (image.Shape[^2], image.Shape[^1]);

    /// <summary>A part of it.</summary>
    public static Tensor Crop(Tensor image, int top, int left, int height, int width) =>
        image.Narrow(-2, top, height).Narrow(-1, left, width);

    /// <summary>With places at its edges.</summary>
    public static Tensor Pad(Tensor image, int left, int top, int right, int bottom, double fill, PadMode mode)
    {
        if (left == 0 && top == 0 && right == 0 && bottom == 0) return image;
        Number value = !image.DType.IsFloatingPoint ? (Number)(long)fill : (Number)fill;
        return image.Pad([left, right, top, bottom], mode, mode == PadMode.Constant ? value : null);
    }

    /// <summary>
    /// Something done to numbers of floating point; bytes are numbers from 0 to 255 meanwhile, and rounded afterwards.
    /// </summary>
    public static Tensor AsNumbers(Tensor image, Func<Tensor, Tensor> work)
    {
        if (image.DType.IsFloatingPoint) return work(image);
        return work(image.To(DType.Float32)).Round().Clamp(0, 255).To(DType.UInt8);
    }

    /// <summary>Resized, as torch's interpolate does it.</summary>
    public static Tensor Resize(Tensor image, int height, int width, InterpolateMode mode, bool antialias)
    {
        if (Size(image) == (height, width)) return image;
        if (mode == InterpolateMode.Nearest) return AsNumbers(image, x => Interpolated(x, height, width, mode, null, false));
        return AsNumbers(image, x => Interpolated(x, height, width, mode, false, antialias));
    }

    private static Tensor Interpolated(Tensor x, int height, int width, InterpolateMode mode, bool? alignCorners, bool antialias)
    {
        Tensor batch = x.NDim == 3 ? x.Unsqueeze(0) : x;
        Tensor y = Nn.F.Interpolate(batch, (height, width), mode: mode, alignCorners: alignCorners, antialias: antialias);
        return x.NDim == 3 ? y.Squeeze(0) : y;
    }

    /// <summary>The largest value of a dtype of images.</summary>
    public static double Most(DType dtype) => dtype.IsFloatingPoint ? 1 : 255;

    /// <summary>A fill that images of that dtype can have.</summary>
    public static double Fill(double fill) => fill.In(new Interval(0, 255, true, true));
}
