using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The mean of each window; the gradient is shared out among its elements.</summary>
internal static class AvgPool
{
    /// <summary>Over windows that slide.</summary>
    internal static Tensor Of(
        string operation, Tensor x, int dims, Sizes kernelSize, Sizes stride, Sizes padding, bool ceilMode, bool countIncludePad,
        int? divisorOverride)
    {
        int[] k = kernelSize.Over(dims, 1, operation, nameof(kernelSize));
        int[] s = stride.Or(kernelSize).Over(dims, 1, operation, nameof(stride));
        int[] p = padding.Or(0).Over(dims, 0, operation, nameof(padding));
        if (divisorOverride < 1)
            throw new ArgumentOutOfRangeException(
                nameof(divisorOverride), divisorOverride, $"{operation}: divisorOverride must be at least 1, but is {divisorOverride}.");
        Window.Check(operation, x, dims);
        Taps[] axes = [.. Enumerable.Range(0, dims).Select(i => Window.Sliding(
            operation, x.Shape[i - dims], Window.Count(operation, x, i - dims, k[i], s[i], p[i], 1, ceilMode), k[i], s[i], p[i], 1))];
        double[] divisors = divisorOverride is { } divisor ? [divisor] : Window.Products([.. axes.Select((axis, i) =>
            countIncludePad ? Padded(axis, k[i], s[i], p[i]) : Window.Sizes(axis))]);
        return TapsOp.Apply($"AvgPool{dims}DBackward0", x, axes, divisors, ("kernel_size", k), ("stride", s), ("padding", p),
            ("ceil_mode", ceilMode), ("count_include_pad", countIncludePad), ("divisor_override", divisorOverride));
    }

    /// <summary>Over windows that share out each dimension.</summary>
    internal static Tensor Adaptive(string operation, Tensor x, int dims, Sizes outputSize)
    {
        int[] sizes = outputSize.Over(dims, 0, operation, nameof(outputSize));
        Window.Check(operation, x, dims, mayLackChannels: dims < 3);
        Taps[] axes = [.. Enumerable.Range(0, dims).Select(i => Window.Shared(operation, x.Shape[i - dims], sizes[i]))];
        return TapsOp.Apply(
            $"AdaptiveAvgPool{dims}DBackward0", x, axes, Window.Products([.. axes.Select(Window.Sizes)]), ("output_size", sizes));
    }

    // With the padding, but not with what ceil mode lets a window reach beyond it.
    private static int[] Padded(Taps axis, int kernel, int stride, int padding) => [.. Enumerable.Range(0, axis.Outputs)
        .Select(i => (int)Math.Min(kernel, axis.Inputs + 2L * padding - (long)i * stride))];
}

public static partial class OpTable
{
    private static Op AvgPool1d => Op.Of(OpKind.Linear, "avg_pool1d", x => AvgPool.Of("AvgPool1d", x, 1, 3, 2, 1, true, false, null),
        new OpInput([2, 3, 8], Domain.Reals),
        new() { Formula = "y[i] = the mean of x over window i", Torch = "F.avg_pool1d(x, 3, 2, 1, True, False)" });

    private static Op AvgPool2d => Op.Of(OpKind.Linear, "avg_pool2d", x => AvgPool.Of("AvgPool2d", x, 2, (3, 2), 2, 1, true, true, null),
        new OpInput([2, 2, 5, 6], Domain.Reals),
        new()
        {
            Formula = "y[i] = the mean of x over window i, in two dimensions",
            Torch = "F.avg_pool2d(x, (3, 2), 2, 1, True, True)",
        });

    private static Op AvgPool3d => Op.Of(OpKind.Linear, "avg_pool3d", x => AvgPool.Of("AvgPool3d", x, 3, 2, 1, 1, false, false, null),
        new OpInput([1, 2, 3, 4, 3], Domain.Reals),
        new()
        {
            Formula = "y[i] = the mean of x over window i, in three dimensions",
            Torch = "F.avg_pool3d(x, 2, 1, 1, False, False)",
        });

    private static Op AdaptiveAvgPool1d => Op.Of(OpKind.Linear, "adaptive_avg_pool1d",
        x => AvgPool.Adaptive("AdaptiveAvgPool1d", x, 1, 3), new OpInput([2, 3, 7], Domain.Reals),
        new() { Formula = "y[i] = the mean of x over share i", Torch = "F.adaptive_avg_pool1d(x, 3)" });

    private static Op AdaptiveAvgPool2d => Op.Of(OpKind.Linear, "adaptive_avg_pool2d",
        x => AvgPool.Adaptive("AdaptiveAvgPool2d", x, 2, (3, 2)), new OpInput([2, 2, 5, 4], Domain.Reals),
        new() { Formula = "y[i] = the mean of x over share i, in two dimensions", Torch = "F.adaptive_avg_pool2d(x, (3, 2))" });

    private static Op AdaptiveAvgPool3d => Op.Of(OpKind.Linear, "adaptive_avg_pool3d",
        x => AvgPool.Adaptive("AdaptiveAvgPool3d", x, 3, 2), new OpInput([2, 1, 3, 4, 3], Domain.Reals),
        new() { Formula = "y[i] = the mean of x over share i, in three dimensions", Torch = "F.adaptive_avg_pool3d(x, 2)" });
}
