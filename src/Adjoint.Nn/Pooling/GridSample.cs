namespace Adjoint.Nn;

public static partial class F
{
    /// <summary>The input at the places of a grid, between its elements interpolated (Jaderberg et al. 2015).</summary>
    /// <param name="input">[N, C, H, W] or [N, C, D, H, W].</param>
    /// <param name="grid">[N, H', W', 2] or [N, D', H', W', 3], the places: x, y(, z), −1 and 1 at the edges.</param>
    /// <param name="mode">How numbers between elements are found.</param>
    /// <param name="paddingMode">What is outside of the input.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the middles of the outermost elements, and not their outer edges.</param>
    /// <returns>[N, C, H', W'] or [N, C, D', H', W'].</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The tensors are not of one floating-point dtype.</exception>
    /// <exception cref="ArgumentException">Cubics are asked for of what is no image.</exception>
    /// <example><code>
    /// Tensor turned = Tensor.From([0.0, -1, 0, 1, 0, 0]).Reshape(1, 2, 3);
    /// Tensor x = Tensor.Rand([1, 3, 8, 8], DType.Float64);
    /// Tensor y = F.GridSample(x, F.AffineGrid(turned, x.Shape));
    /// </code></example>
    public static Tensor GridSample(
        Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePadding paddingMode = GridSamplePadding.Zeros,
        bool alignCorners = false) =>
        GridSampling.Of(nameof(GridSample), input.Given(), grid.Given(), mode.Known(), paddingMode.Known(), alignCorners);

    /// <summary>The grid of an affine map: θ·(x, y, 1) for the places of an image, for <see cref="GridSample"/>.</summary>
    /// <param name="theta">[N, 2, 3] for images, [N, 3, 4] for volumes.</param>
    /// <param name="size">[N, C, H, W] or [N, C, D, H, W], the shape of what is sampled.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the middles of the outermost elements, and not their outer edges.</param>
    /// <returns>[N, H, W, 2] or [N, D, H, W, 3].</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">θ is not of floating point.</exception>
    public static Tensor AffineGrid(Tensor theta, Shape size, bool alignCorners = false) =>
        AffineGrids.Of(nameof(AffineGrid), theta.Given(), size.Given(), alignCorners);
}
