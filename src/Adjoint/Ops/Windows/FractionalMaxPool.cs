namespace Adjoint;

/// <summary>
/// The largest element of each window, of windows that begin at places drawn for each channel: Graham, Fractional max-pooling (2014), with
/// the pseudo-random sequence of PyTorch. The gradient goes there.
/// </summary>
internal static class FractionalMaxPool
{
    /// <summary>The elements, and their numbers among those of the channel.</summary>
    /// <param name="operation">Who asks.</param>
    /// <param name="x">[N, C, *] or [C, *].</param>
    /// <param name="dims">How many spatial dimensions there are: 2 or 3.</param>
    /// <param name="kernelSize">How large a window is.</param>
    /// <param name="outputSize">How many windows there are along each dimension; or</param>
    /// <param name="outputRatio">which part of each size; one number for all or one for each.</param>
    /// <param name="samples">A number in [0, 1) for each example, channel and dimension, or null to draw them.</param>
    /// <param name="generator">Where they are drawn from.</param>
    internal static (Tensor Values, Tensor Indices) Of(
        string operation, Tensor x, int dims, Sizes kernelSize, Sizes outputSize, IReadOnlyList<double>? outputRatio, Tensor? samples,
        Generator? generator)
    {
        int[] kernel = kernelSize.Over(dims, 1, operation, nameof(kernelSize));
        CheckGiven(operation, dims, outputSize, outputRatio);
        Window.Check(operation, x, dims);
        int[] sizes = x.Shape.Sizes[^dims..].ToArray();
        int[] counts = outputSize.IsGiven ? outputSize.Over(dims, 1, operation, nameof(outputSize))
            : [.. sizes.Select((size, d) => (int)(size * outputRatio![outputRatio.Count == 1 ? 0 : d]))];
        for (int d = 0; d < dims; d++)
            if (counts[d] < 1 || (long)counts[d] + kernel[d] - 1 > sizes[d])
                throw new ShapeException(
                    $"{operation}: {counts[d]} windows of {kernel[d]} have no places of their own in dimension {x.NDim - dims + d} of "
                    + $"shape {x.Shape}.");
        bool isBatch = x.NDim == dims + 2;
        int examples = isBatch ? x.Shape[0] : 1, channels = x.Shape[^(dims + 1)];
        samples = Samples(operation, samples, x.DType, [examples, channels, dims], generator);
        Tensor plane = (isBatch ? x : x.Unsqueeze(0)).Detach().Flatten(2);
        Tensor index = Largest(plane, Places(samples, sizes, counts, kernel), examples, channels, counts, kernel);
        if (!isBatch) index = index.Squeeze(0);
        return (Linear.Apply(new PlanePickOp($"FractionalMaxPool{dims}DBackward0", index, dims), x), index);
    }

    /// <summary>Refuses ratios that are none, and both or neither of the ways to say how large the result is.</summary>
    internal static void CheckGiven(string operation, int dims, Sizes outputSize, IReadOnlyList<double>? outputRatio)
    {
        if (outputSize.IsGiven == outputRatio is not null)
            throw new ArgumentException($"{operation}: give either outputSize or outputRatio.", nameof(outputSize));
        if (outputRatio is null) return;
        if (outputRatio.Count != 1 && outputRatio.Count != dims)
            throw new ArgumentException(
                $"{operation}: outputRatio must be one number or {dims}, but there are {outputRatio.Count}.", nameof(outputRatio));
        foreach (double ratio in outputRatio) ratio.In(Interval.Inside, nameof(outputRatio));
    }

    private static Tensor Samples(string operation, Tensor? samples, DType dtype, Shape shape, Generator? generator)
    {
        if (samples is null) return Tensor.Rand(shape, dtype, generator: generator);
        if (samples.DType != dtype)
            throw new DTypeException(
                $"{operation}: the samples must have the dtype of the input, {dtype}, but are {samples.DType}. Convert with To.");
        if (!samples.Shape.Equals(shape))
            throw new ShapeException($"{operation}: the samples must have the shape {shape}, but have {samples.Shape}.");
        return samples.Detach();
    }

    /// <summary>The numbers of the elements of each window, [N, C, windows…, taps…], where elements of a channel are counted
    /// through.</summary>
    private static Tensor Places(Tensor samples, int[] sizes, int[] counts, int[] kernel)
    {
        int dims = sizes.Length;
        Tensor? all = null;
        for (int d = 0, step = 1; d < dims; d++, step = 1)
        {
            // PyTorch's samples of planes are those of the width and then of the height.
            Tensor sample = samples.Select(2, dims == 2 ? 1 - d : d).Unsqueeze(-1);
            Tensor starts = Starts(sample, sizes[d], counts[d], kernel[d]);
            for (int inner = d + 1; inner < dims; inner++) step *= sizes[inner];
            var shape = new int[2 + 2 * dims];
            Array.Fill(shape, 1);
            (shape[0], shape[1], shape[2 + d], shape[2 + dims + d]) = (starts.Shape[0], starts.Shape[1], counts[d], kernel[d]);
            Tensor places = (starts.Unsqueeze(-1) + Tensor.Arange(kernel[d]).To(DType.Int64)) * (Tensor)(long)step;
            places = places.Reshape(shape);
            all = all is null ? places : all + places;
        }
        return all!;
    }

    // ⌊(i + u)·α⌋ − ⌊u·α⌋ in the dtype of u, and the last one at the end.
    private static Tensor Starts(Tensor sample, int size, int count, int kernel)
    {
        Tensor last = Tensor.Full([sample.Shape[0], sample.Shape[1], 1], size - kernel, DType.Int64);
        if (count == 1) return last;
        double alpha = (size - kernel) / (double)(count - 1);
        Tensor first = (Tensor.Arange(count - 1).To(sample.DType) + sample) * alpha;
        return Tensor.Cat([(first.Trunc() - (sample * alpha).Trunc()).To(DType.Int64), last], -1);
    }

    private static Tensor Largest(Tensor plane, Tensor places, int examples, int channels, int[] counts, int[] kernel)
    {
        int windows = 1, taps = 1;
        foreach (int count in counts) windows = checked(windows * count);
        foreach (int size in kernel) taps = checked(taps * size);
        Tensor index = places.Reshape(examples, channels, checked(windows * taps));
        Tensor tap = plane.Gather(2, index).Reshape(examples, channels, windows, taps).Max(-1).Indices;
        return index.Reshape(examples, channels, windows, taps).Gather(-1, tap.Unsqueeze(-1)).Reshape([examples, channels, .. counts]);
    }
}

public static partial class OpTable
{
    private static Op FractionalMaxPool2d => Op.Of(OpKind.Composite, "fractional_max_pool2d",
        x => FractionalMaxPool.Of(
            "FractionalMaxPool2d", x, 2, (2, 3), (3, 2), null, Tensor.Full([x.Shape[0], 2, 2], 0.3, x.DType), null).Values,
        new OpInput([2, 2, 5, 7], Domain.Reals),
        new()
        {
            Formula = "y[i] = the largest x[j] of window i, which begins at a place that is drawn",
            Torch = "F.fractional_max_pool2d(x, (2, 3), (3, 2), _random_samples=torch.full((len(x), 2, 2), 0.3, dtype=x.dtype))",
        });

    private static Op FractionalMaxPool3d => Op.Of(OpKind.Composite, "fractional_max_pool3d",
        x => FractionalMaxPool.Of(
            "FractionalMaxPool3d", x, 3, 2, default, [0.5, 0.6, 0.4], Tensor.Full([x.Shape[0], 2, 3], 0.7, x.DType), null).Values,
        new OpInput([1, 2, 4, 5, 6], Domain.Reals),
        new()
        {
            Formula = "y[i] = the largest x[j] of window i, which begins at a place that is drawn, in three dimensions",
            Torch = "F.fractional_max_pool3d(x, 2, output_ratio=(0.5, 0.6, 0.4), _random_samples=torch.full((len(x), 2, 3), 0.7, dtype=x.dtype))",
        });
}
