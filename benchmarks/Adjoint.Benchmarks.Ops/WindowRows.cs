using Adjoint.Nn;

namespace Adjoint.Benchmarks.Ops;

/// <summary>Rows of convolutions, pools, interpolation and norms: images of 10 channels, 25 by 40, as many as there are elements
/// for.</summary>
internal static class WindowRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new("conv1d", a => F.Conv1d(a.X.Reshape(-1, 10, 1000), Kernel(a, 10, 10, 3), padding: 1)),
        new("conv2d", a => F.Conv2d(Images(a), Kernel(a, 10, 10, 3, 3), a.B[..10], padding: 1)),
        new("conv2d_depthwise", a => F.Conv2d(Images(a), Kernel(a, 10, 1, 3, 3), a.B[..10], padding: 1, groups: 10)),
        new("conv3d", a => F.Conv3d(Volumes(a), Kernel(a, 3, 10, 3, 3, 3), padding: 1)),
        new("conv_transpose2d", a => F.ConvTranspose2d(Images(a), Kernel(a, 10, 10, 3, 3), a.B[..10], stride: 2, padding: 1)),
        new("im2col", a => F.Unfold(Images(a), 3, padding: 1)),
        new("col2im", a => F.Fold(a.X.Reshape(-1, 40, 250), (20, 50), 2, stride: 2)),
        new("max_pool2d", a => F.MaxPool2d(Images(a), 2)),
        new("max_pool2d_overlapping", a => F.MaxPool2d(Images(a), 3, stride: 2, padding: 1)),
        new("avg_pool2d", a => F.AvgPool2d(Images(a), 2)),
        new("adaptive_max_pool2d", a => F.AdaptiveMaxPool2d(Images(a), (7, 9))),
        new("adaptive_avg_pool2d", a => F.AdaptiveAvgPool2d(Images(a), (7, 9))),
        new("max_unpool2d", a => Unpooled(Images(a))),
        new("fractional_max_pool2d", a => F.FractionalMaxPool2d(Images(a), 2, outputSize: (12, 20))),
        new("lp_pool2d", a => F.LpPool2d(Images(a), 2, 2)),
        new("upsample_nearest2d", a => F.Interpolate(Images(a), scaleFactor: [2])),
        new("upsample_bilinear2d", a => F.Interpolate(Images(a), scaleFactor: [2], mode: InterpolateMode.Bilinear)),
        new("upsample_bicubic2d", a => F.Interpolate(Images(a), scaleFactor: [2], mode: InterpolateMode.Bicubic)),
        new("upsample_bilinear2d_aa", a => F.Interpolate(Images(a), (10, 15), mode: InterpolateMode.Bilinear, antialias: true)),
        new("upsample_trilinear3d", a => F.Interpolate(Volumes(a), scaleFactor: [2], mode: InterpolateMode.Trilinear)),
        new("local_response_norm", a => F.LocalResponseNorm(Images(a), 5)),
        new("affine_grid", a => F.AffineGrid(a.X[..60, 0].Reshape(10, 2, 3), [10, 1, 100, 100])),
        new("grid_sample", a => F.GridSample(Images(a), Grid(a))),
        new("grid_sample_bicubic", a => F.GridSample(Images(a), Grid(a), GridSampleMode.Bicubic)),
        new("grid_sample3d", a => F.GridSample(Volumes(a), a.Y[.., ..999].Reshape(-1, 9, 37, 1, 3)[..(a.X.NumEl / 10_000)])),
        new("group_norm", a => F.GroupNorm(Images(a), 5, a.W[..10], a.B[..10])),
        new("instance_norm", a => F.InstanceNorm(Images(a), weight: a.W[..10], bias: a.B[..10])),
        new("dropout2d", a => F.Dropout2d(Images(a), 0.3)),
        new("alpha_dropout", a => F.AlphaDropout(a.X, 0.3, training: true)),
    ];

    private static Tensor Images(Arguments a) => a.X.Reshape(-1, 10, 25, 40);

    private static Tensor Volumes(Arguments a) => a.X.Reshape(-1, 10, 10, 10, 10);

    // The first elements of a tensor.
    private static Tensor Kernel(Arguments a, params ReadOnlySpan<int> shape) => a.Y.Reshape(-1)[..(int)Shape.Of(shape).NumEl].Reshape(shape);

    private static Tensor Grid(Arguments a) => a.Y[.., ..500].Reshape(a.X.NumEl / 10_000, -1, 50, 2);

    private static Tensor Unpooled(Tensor images)
    {
        (Tensor values, Tensor indices) = F.MaxPool2dWithIndices(images, 5);
        return F.MaxUnpool2d(values, indices, 5);
    }
}
