using Adjoint.Nn;

namespace Adjoint.Vision;

/// <summary>Turned about its middle by a random angle, counter-clockwise; what comes in at the corners is filled.</summary>
public sealed class RandomRotation : ImageTransform
{
    private readonly double _low, _high, _fill;
    private readonly GridSampleMode _mode;

    /// <summary>An angle in (−degrees, degrees).</summary>
    /// <param name="degrees">The largest angle; at least 0 and finite.</param>
    /// <param name="mode">How numbers between pixels are found: nearest or bilinear.</param>
    /// <param name="fill">The value of what comes in; in [0, 255].</param>
    public RandomRotation(double degrees, GridSampleMode mode = GridSampleMode.Nearest, double fill = 0)
        : this(-degrees.In(Interval.NotNegative), degrees, mode, fill)
    {
    }

    /// <summary>An angle between two.</summary>
    /// <param name="low">The smallest angle, in degrees: any finite number.</param>
    /// <param name="high">The largest; any finite number, at least <paramref name="low"/>.</param>
    /// <param name="mode">How numbers between pixels are found: nearest or bilinear.</param>
    /// <param name="fill">The value of what comes in; in [0, 255].</param>
    public RandomRotation(double low, double high, GridSampleMode mode = GridSampleMode.Nearest, double fill = 0)
    {
        (_low, _high) = (low.In(Interval.Finite), high.In(Interval.Finite));
        if (low > high)
            throw new ArgumentException($"RandomRotation: the angle is between low and high, but {low} is above {high}.", nameof(high));
        if (mode.Known() is not (GridSampleMode.Nearest or GridSampleMode.Bilinear))
            throw new ArgumentException($"RandomRotation: an image is turned by Nearest or Bilinear, not by {mode}.", nameof(mode));
        (_mode, _fill) = (mode, PixelWork.Fill(fill));
    }

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        double angle = Draws.Between(_low, _high);
        return PixelWork.AsNumbers(image, x => Turned(x, angle));
    }

    private Tensor Turned(Tensor x, double angle)
    {
        (int height, int width) = PixelWork.Size(x);
        Tensor batch = x.NDim == 3 ? x.Unsqueeze(0) : x;
        Tensor grid = Grid(angle, height, width, x.DType).Expand(batch.Shape[0], height, width, 2);
        Tensor turned = F.GridSample(batch, grid, _mode);
        if (_fill != 0)
        {
            // What is of the image, and how much, is seen by turning ones with it.
            Tensor inside = F.GridSample(Tensor.OnesLike(batch.Narrow(1, 0, 1)), grid, _mode);
            turned = _mode == GridSampleMode.Nearest ? Tensor.Where(inside < 0.5, Tensor.Full(turned.Shape, _fill, x.DType), turned)
                : turned * inside + (1 - inside) * _fill;
        }
        return x.NDim == 3 ? turned.Squeeze(0) : turned;
    }

    // Where each pixel comes from, in torchvision's steps and so with its roundings: middles of pixels, turned, in halves of the image.
    private static Tensor Grid(double angle, int height, int width, DType dtype)
    {
        double turn = angle * Math.PI / 180, cos = Math.Cos(turn), sin = Math.Sin(turn);
        Tensor theta = Tensor.From([cos, -sin, 0, sin, cos, 0]).To(dtype).Reshape(1, 2, 3);
        Tensor x = (Tensor.Arange(width).To(dtype) + (0.5 - width * 0.5)).Expand(height, width);
        Tensor y = (Tensor.Arange(height).To(dtype) + (0.5 - height * 0.5)).Unsqueeze(-1).Expand(height, width);
        Tensor places = Tensor.Stack([x, y, Tensor.OnesLike(x)], -1).Reshape(1, height * width, 3);
        Tensor halves = Tensor.From([0.5 * width, 0.5 * height]).To(dtype);
        return places.Bmm(theta.Transpose(1, 2) / halves).Reshape(1, height, width, 2);
    }
}
