using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Where the windows of pooling lie along a dimension.</summary>
internal static class Window
{
    // Tables of taps are small beside what they are used for; where they would not be, they are refused.
    private const long MostTaps = 1 << 27;

    /// <summary>A tensor with so many spatial dimensions behind those of batch and channels.</summary>
    /// <exception cref="ShapeException">It has others, or one of them, the batch apart, is empty.</exception>
    /// <exception cref="DTypeException">It is not of floating point.</exception>
    internal static void Check(string operation, Tensor x, int dims, bool mayLackChannels = false)
    {
        if (x.NDim != dims + 1 && x.NDim != dims + 2)
            throw new ShapeException(
                $"{operation}: needs a tensor of {dims + 1} dimensions, or of {dims + 2} with a batch, but the shape is {x.Shape}.");
        if (x.Shape.Sizes[^(mayLackChannels ? dims : dims + 1)..].Contains(0))
            throw new ShapeException($"{operation}: only the batch {(mayLackChannels ? "and the channels " : "")}may be empty, but the shape is {x.Shape}.");
        if (!x.DType.IsFloatingPoint)
            throw new DTypeException($"{operation}: needs a floating-point tensor, but got {x.DType}.");
    }

    /// <summary>The shape with other spatial dimensions.</summary>
    internal static Shape With(Shape shape, Taps[] axes) =>
        Shape.Computed([.. shape.Sizes[..^axes.Length].ToArray().Select(n => (long)n), .. axes.Select(axis => (long)axis.Outputs)]);

    /// <summary>Throws where a window would have more padding than elements: a layer does when it is made.</summary>
    internal static void CheckPadding(string operation, ReadOnlySpan<int> padding, ReadOnlySpan<int> kernel)
    {
        for (int i = 0; i < kernel.Length; i++) CheckPadding(operation, padding[i], kernel[i]);
    }

    private static void CheckPadding(string operation, int padding, int kernel)
    {
        if (padding > kernel / 2)
            throw new ArgumentException(
                $"{operation}: padding must be at most half of the kernel size, but is {padding} for a kernel size of {kernel}.",
                nameof(padding));
    }

    /// <summary>How many windows there are: PyTorch's <c>pooling_output_shape</c>.</summary>
    internal static int Count(string operation, Tensor x, int dim, int kernel, int stride, int padding, int dilation, bool ceilMode)
    {
        long n = x.Shape[dim], reach = (long)dilation * (kernel - 1) + 1;
        CheckPadding(operation, padding, kernel);
        long over = n + 2L * padding - reach;
        long count = Floor(over + (ceilMode ? stride - 1 : 0), stride) + 1;
        // The last window begins inside of the tensor or before it.
        if (ceilMode && (count - 1) * stride >= n + padding) count--;
        if (count < 1)
            throw new ShapeException(
                $"{operation}: dimension {x.NDim + dim} of shape {x.Shape} is too small for windows of {reach}: nothing would be left.");
        return checked((int)count);
    }

    /// <summary>The places of each window that are in the tensor.</summary>
    internal static Taps Sliding(string operation, int n, int count, int kernel, int stride, int padding, int dilation)
    {
        Limit(operation, (long)count * Math.Min(kernel, n) + count);
        var starts = new int[count + 1];
        var places = new List<int>(count * Math.Min(kernel, n));
        for (int i = 0; i < count; i++)
        {
            long start = (long)i * stride - padding;
            for (int k = start < 0 ? (int)((-start + dilation - 1) / dilation) : 0; k < kernel; k++)
            {
                long place = start + (long)k * dilation;
                if (place >= n) break;
                places.Add((int)place);
            }
            starts[i + 1] = places.Count;
        }
        return new Taps(n, starts, [.. places], null);
    }

    /// <summary>Windows that share out n elements: from ⌊i·n/count⌋ to ⌈(i + 1)·n/count⌉.</summary>
    internal static Taps Shared(string operation, int n, int count)
    {
        Limit(operation, n + 2L * count);
        var starts = new int[count + 1];
        var places = new List<int>(n + count);
        for (long i = 0; i < count; i++)
        {
            for (long place = i * n / count, end = ((i + 1) * n + count - 1) / count; place < end; place++) places.Add((int)place);
            starts[i + 1] = places.Count;
        }
        return new Taps(n, starts, [.. places], null);
    }

    /// <summary>Refuses tables that would take more memory than most tensors.</summary>
    /// <exception cref="ShapeException">There would be too many taps.</exception>
    internal static void Limit(string operation, long taps)
    {
        if (taps > MostTaps)
            throw new ShapeException($"{operation}: windows of {taps:N0} elements in all along one dimension are more than {MostTaps:N0}.");
    }

    /// <summary>How many elements each window has.</summary>
    internal static int[] Sizes(Taps axis) => [.. Enumerable.Range(0, axis.Outputs).Select(i => axis.Starts[i + 1] - axis.Starts[i])];

    /// <summary>A product for each element of a block: of one number for each dimension; a single one where all are the same.</summary>
    internal static double[] Products(int[][] sizes)
    {
        if (sizes.All(n => n.Length > 0 && n.All(one => one == n[0]))) return [sizes.Aggregate(1.0, (product, n) => product * n[0])];
        double[] all = [1];
        foreach (int[] size in sizes) all = [.. all.SelectMany(product => size.Select(n => product * n))];
        return all;
    }

    private static long Floor(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);
}
