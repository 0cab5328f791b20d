namespace Adjoint;

/// <summary>The elements of a pool back where they were, among zeros; the gradient is read there.</summary>
internal static class MaxUnpool
{
    internal static Tensor Of(
        string operation, Tensor x, Tensor indices, int dims, Sizes kernelSize, Sizes stride, Sizes padding, Shape? outputSize)
    {
        int[] k = kernelSize.Over(dims, 1, operation, nameof(kernelSize));
        int[] s = stride.Or(kernelSize).Over(dims, 1, operation, nameof(stride));
        int[] p = padding.Or(0).Over(dims, 0, operation, nameof(padding));
        Window.Check(operation, x, dims);
        if (!indices.DType.Row.IsIndex)
            throw new DTypeException($"{operation}: the indices must be Int64 (or Int32), but are {indices.DType}.");
        if (!indices.Shape.Equals(x.Shape))
            throw new ShapeException($"{operation}: the indices of shape {indices.Shape} must have the shape {x.Shape} of the input.");
        long[] sizes = [.. x.Shape.Sizes[..^dims].ToArray().Select(n => (long)n), .. Enumerable.Range(0, dims)
            .Select(d => (x.Shape[d - dims] - 1L) * s[d] + k[d] - 2L * p[d])];
        if (outputSize is not null) Choose(operation, sizes, s, dims, outputSize);
        for (int d = 0; d < dims; d++)
            if (sizes[x.NDim - dims + d] < 1)
                throw new ShapeException($"{operation}: nothing would be left of dimension {x.NDim - dims + d} of shape {x.Shape}.");
        Shape shape = Shape.Computed(sizes);
        Tensor places = IndexTensors.Checked(operation, indices.Detach(), Planes.Size(shape, dims), x.NDim - 1, wrap: false);
        return Linear.Apply(new PlanePutOp($"MaxUnpool{dims}DBackward0", places, dims, shape, adds: false), x);
    }

    // A pool makes one size of several: which of them it was may be said.
    private static void Choose(string operation, long[] sizes, int[] stride, int dims, Shape outputSize)
    {
        if (outputSize.NDim != dims && outputSize.NDim != sizes.Length)
            throw new ShapeException($"{operation}: outputSize must be {dims} sizes, or {sizes.Length}, but is {outputSize}.");
        for (int d = 0; d < dims; d++)
        {
            int at = sizes.Length - dims + d;
            long size = outputSize[outputSize.NDim - dims + d];
            if (size <= sizes[at] - stride[d] || size >= sizes[at] + stride[d])
                throw new ShapeException(
                    $"{operation}: outputSize {outputSize} must lie between {sizes[at] - stride[d]} and {sizes[at] + stride[d]} in dimension "
                    + $"{d}.");
            sizes[at] = size;
        }
    }
}

public static partial class OpTable
{
    private static Op MaxUnpool1d => Op.Of(OpKind.Linear, "max_unpool1d",
        x => MaxUnpool.Of("MaxUnpool1d", x, Places(0, 3, 4, 1, 2, 5).Reshape(1, 2, 3), 1, 2, default, default, null),
        new OpInput([1, 2, 3], Domain.Reals),
        new()
        {
            Formula = "x at places among zeros",
            Torch = "F.max_unpool1d(x, places(0, 3, 4, 1, 2, 5).reshape(1, 2, 3), 2)",
        });

    private static Op MaxUnpool2d => Op.Of(OpKind.Linear, "max_unpool2d",
        x => MaxUnpool.Of("MaxUnpool2d", x, Places(0, 3, 12, 15, 1, 2, 8, 9).Reshape(1, 2, 2, 2), 2, 2, default, default, null),
        new OpInput([1, 2, 2, 2], Domain.Reals),
        new()
        {
            Formula = "x at places among zeros, in two dimensions",
            Torch = "F.max_unpool2d(x, places(0, 3, 12, 15, 1, 2, 8, 9).reshape(1, 2, 2, 2), 2)",
        });

    private static Op MaxUnpool3d => Op.Of(OpKind.Linear, "max_unpool3d",
        x => MaxUnpool.Of("MaxUnpool3d", x, Places(0, 7, 9, 11).Reshape(1, 1, 1, 2, 2), 3, (1, 2, 2), default, default, null),
        new OpInput([1, 1, 1, 2, 2], Domain.Reals),
        new()
        {
            Formula = "x at places among zeros, in three dimensions",
            Torch = "F.max_unpool3d(x, places(0, 7, 9, 11).reshape(1, 1, 1, 2, 2), (1, 2, 2))",
        });
}
