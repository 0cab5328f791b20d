using Adjoint.Kernels;

namespace Adjoint;

/// <summary>A grid of elements with more or fewer places: each new one is a mean, with weights, of old ones near it.</summary>
internal static class Interpolation
{
    internal static Tensor Of(
        string operation, Tensor x, Sizes size, ReadOnlySpan<double> scaleFactor, InterpolateMode mode, bool? alignCorners,
        bool recomputeScaleFactor, bool antialias)
    {
        int dims = x.NDim - 2;
        if (dims is < 1 or > 3)
            throw new ShapeException(
                $"{operation}: needs a tensor of 3, 4 or 5 dimensions, batch and channels first, but the shape is {x.Shape}.");
        if (size.IsGiven == scaleFactor.Length > 0)
            throw new ArgumentException($"{operation}: exactly one of size and scaleFactor must be given.", nameof(size));
        bool isNearest = mode is InterpolateMode.Nearest or InterpolateMode.NearestExact;
        if (alignCorners is not null && (isNearest || mode == InterpolateMode.Area))
            throw new ArgumentException($"{operation}: alignCorners is for linear and cubic modes, not for {mode}.", nameof(alignCorners));
        int expected = mode switch
        {
            InterpolateMode.Linear => 1,
            InterpolateMode.Bilinear or InterpolateMode.Bicubic => 2,
            InterpolateMode.Trilinear => 3,
            _ => dims,
        };
        if (expected != dims)
            throw new ShapeException(
                $"{operation}: {mode} needs a tensor of {expected + 2} dimensions, batch and channels first, but the shape is {x.Shape}.");
        if (antialias && mode is not (InterpolateMode.Bilinear or InterpolateMode.Bicubic))
            throw new ArgumentException(
                $"{operation}: antialias is for {InterpolateMode.Bilinear} and {InterpolateMode.Bicubic}, not for {mode}.",
                nameof(antialias));
        if (recomputeScaleFactor && size.IsGiven)
            throw new ArgumentException(
                $"{operation}: recomputeScaleFactor is for scaleFactor, not for size.", nameof(recomputeScaleFactor));
        int[] sizes = Sizes(operation, x, dims, size, scaleFactor, out double?[] scales);
        Window.Check(operation, x, dims);
        if (recomputeScaleFactor) Array.Clear(scales);
        if (mode == InterpolateMode.Area) return AvgPool.Adaptive(operation, x, dims, Adjoint.Sizes.Of(sizes));
        bool aligned = alignCorners ?? false;
        for (int d = 0; d < dims; d++)
            Window.Limit(operation, antialias ? 8L * Math.Max(x.Shape[d + 2], sizes[d]) : 4L * sizes[d]);
        Taps[] axes = [.. Enumerable.Range(0, dims).Select(d => Along(x.Shape[d + 2], sizes[d], scales[d], mode, aligned, antialias))];
        return TapsOp.Apply(Name(mode, dims, antialias), x, axes, [],
            ("output_size", sizes), ("scales", scales.All(s => s is null) ? null : scales.Select(s => s ?? 1).ToArray()),
            ("align_corners", isNearest ? null : aligned));
    }

    private static Taps Along(int n, int count, double? scale, InterpolateMode mode, bool aligned, bool antialias) => mode switch
    {
        InterpolateMode.Nearest => InterpolateTaps.Nearest(n, count, scale, isExact: false),
        InterpolateMode.NearestExact => InterpolateTaps.Nearest(n, count, scale, isExact: true),
        _ when antialias => InterpolateTaps.Smooth(n, count, scale, aligned, mode == InterpolateMode.Bicubic),
        InterpolateMode.Bicubic => InterpolateTaps.Cubic(n, count, scale, aligned),
        _ => InterpolateTaps.Linear(n, count, scale, aligned),
    };

    private static int[] Sizes(
        string operation, Tensor x, int dims, Sizes size, ReadOnlySpan<double> scaleFactor, out double?[] scales)
    {
        scales = new double?[dims];
        if (size.IsGiven) return size.Over(dims, 1, operation, nameof(size));
        if (scaleFactor.Length != 1 && scaleFactor.Length != dims)
            throw new ArgumentException(
                $"{operation}: scaleFactor must be one number or {dims}, but there are {scaleFactor.Length}.", nameof(scaleFactor));
        var sizes = new int[dims];
        for (int d = 0; d < dims; d++)
        {
            double scale = scaleFactor[scaleFactor.Length == 1 ? 0 : d], wanted = Math.Floor(x.Shape[d + 2] * scale);
            if (!(scale > 0 && wanted <= int.MaxValue))
                throw new ArgumentOutOfRangeException(
                    nameof(scaleFactor), scale, $"{operation}: scaleFactor must be above 0 and not too large.");
            if (wanted < 1 && x.Shape[d + 2] > 0)
                throw new ShapeException($"{operation}: a scale of {scale} leaves nothing of dimension {d + 2} of shape {x.Shape}.");
            (sizes[d], scales[d]) = ((int)wanted, scale);
        }
        return sizes;
    }

    private static string Name(InterpolateMode mode, int dims, bool antialias) => mode switch
    {
        InterpolateMode.Nearest => $"UpsampleNearest{dims}DBackward0",
        InterpolateMode.NearestExact => $"UpsampleNearestExact{dims}DBackward0",
        InterpolateMode.Linear => "UpsampleLinear1DBackward0",
        InterpolateMode.Trilinear => "UpsampleTrilinear3DBackward0",
        _ => $"Upsample{mode}2D{(antialias ? "Aa" : "")}Backward0",
    };
}

public static partial class OpTable
{
    private static OpInput Image => new([2, 2, 3, 4], Domain.Reals);

    private static Op UpsampleNearest => Op.Of(OpKind.Linear, "upsample_nearest2d",
        x => Interpolation.Of("Interpolate", x, (5, 3), [], InterpolateMode.Nearest, null, false, false), Image,
        new() { Formula = "y[i] = x[⌊i·in/out⌋]", Torch = "F.interpolate(x, (5, 3))", Onnx = "Resize" });

    private static Op UpsampleNearestExact => Op.Of(OpKind.Linear, "upsample_nearest_exact1d",
        x => Interpolation.Of("Interpolate", x, default, [1.7], InterpolateMode.NearestExact, null, false, false),
        new OpInput([2, 2, 5], Domain.Reals),
        new() { Formula = "y[i] = x[⌊(i + ½)·in/out⌋]", Torch = "F.interpolate(x, scale_factor=1.7, mode='nearest-exact')" });

    private static Op UpsampleLinear => Op.Of(OpKind.Linear, "upsample_linear1d",
        x => Interpolation.Of("Interpolate", x, 7, [], InterpolateMode.Linear, true, false, false), new OpInput([2, 2, 4], Domain.Reals),
        new() { Formula = "y[i] on the line between two x", Torch = "F.interpolate(x, 7, mode='linear', align_corners=True)" });

    private static Op UpsampleBilinear => Op.Of(OpKind.Linear, "upsample_bilinear2d",
        x => Interpolation.Of("Interpolate", x, default, [2, 1.3], InterpolateMode.Bilinear, null, false, false), Image,
        new() { Formula = "y[i, j] between four x", Torch = "F.interpolate(x, scale_factor=(2, 1.3), mode='bilinear')" });

    private static Op UpsampleTrilinear => Op.Of(OpKind.Linear, "upsample_trilinear3d",
        x => Interpolation.Of("Interpolate", x, (3, 2, 4), [], InterpolateMode.Trilinear, null, false, false),
        new OpInput([1, 2, 2, 3, 2], Domain.Reals),
        new() { Formula = "y[i, j, k] between eight x", Torch = "F.interpolate(x, (3, 2, 4), mode='trilinear')" });

    private static Op UpsampleBicubic => Op.Of(OpKind.Linear, "upsample_bicubic2d",
        x => Interpolation.Of("Interpolate", x, (6, 5), [], InterpolateMode.Bicubic, false, false, false), Image,
        new()
        {
            Formula = "y[i, j] on a cubic through 16 x",
            Torch = "F.interpolate(x, (6, 5), mode='bicubic', align_corners=False)",
        });

    private static Op UpsampleAntialias => Op.Of(OpKind.Linear, "upsample_bilinear2d_aa",
        x => Interpolation.Of("Interpolate", x, (2, 3), [], InterpolateMode.Bilinear, false, false, true), Image,
        new()
        {
            Formula = "y[i, j] = the mean of x under a pyramid",
            Torch = "F.interpolate(x, (2, 3), mode='bilinear', align_corners=False, antialias=True)",
        });
}
