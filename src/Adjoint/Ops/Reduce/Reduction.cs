using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Which dimensions a reduction takes, the shapes before and after, and the memory in the order kernels want it.</summary>
internal static class Reduction
{
    /// <summary>The dimensions counted from the start, sorted; none means all.</summary>
    /// <exception cref="ShapeException">A dimension does not exist or is named twice.</exception>
    internal static int[] Dims(Tensor x, ReadOnlySpan<int> dims)
    {
        if (dims.Length == 0) return [.. Enumerable.Range(0, x.NDim)];
        var wrapped = new int[dims.Length];
        for (int i = 0; i < dims.Length; i++)
        {
            wrapped[i] = x.Shape.Wrap(dims[i]);
            if (wrapped.AsSpan(0, i).Contains(wrapped[i]))
                throw new ShapeException($"Dimension {wrapped[i]} appears more than once among {Shape.Text(dims)}.");
        }
        Array.Sort(wrapped);
        return x.NDim == 0 ? [] : wrapped;
    }

    /// <summary>The shape that is left.</summary>
    internal static Shape Result(Shape shape, ReadOnlySpan<int> dims, bool keepDim)
    {
        var sizes = new List<int>(shape.NDim);
        for (int d = 0; d < shape.NDim; d++)
        {
            if (!dims.Contains(d)) sizes.Add(shape[d]);
            else if (keepDim) sizes.Add(1);
        }
        return Shape.Of([.. sizes]);
    }

    /// <summary>Gives a reduced tensor its dimensions of size 1 back.</summary>
    internal static Tensor Restore(Tensor y, Shape shape, ReadOnlySpan<int> dims, bool keepDim) =>
        keepDim ? y : y.Reshape(Result(shape, dims, keepDim: true));

    /// <summary>
    /// The tensor as [outer, n, inner] with the reduced dimensions as n, contiguous (dimensions are moved if they are not neighbours).
    /// </summary>
    internal static (Tensor X, int Outer, int N, int Inner) AsBlock(Tensor x, ReadOnlySpan<int> dims)
    {
        int first = dims.Length == 0 ? x.NDim : dims[0];
        bool neighbours = dims.Length == 0 || dims[^1] - dims[0] == dims.Length - 1;
        if (!neighbours)
        {
            var order = new List<int>();
            for (int d = 0; d < x.NDim; d++)
                if (!dims.Contains(d)) order.Add(d);
            first = order.Count;
            order.AddRange(dims);
            var sizes = new int[x.NDim];
            var strides = new int[x.NDim];
            for (int d = 0; d < x.NDim; d++) (sizes[d], strides[d]) = (x.Shape[order[d]], x.Strides[order[d]]);
            x = x.Alias(Shape.Of(sizes), strides, x.Offset);
        }
        int outer = 1, n = 1, inner = 1;
        for (int d = 0; d < x.NDim; d++)
        {
            if (d < first) outer *= x.Shape[d];
            else if (d < first + dims.Length) n *= x.Shape[d];
            else inner *= x.Shape[d];
        }
        return (Elements.ToContiguous(x), outer, n, inner);
    }

    /// <summary>Combines the elements along the dimensions, without history.</summary>
    internal static Tensor Run<TKernel>(Tensor x, int[] dims, bool keepDim) where TKernel : struct, IReductionKernel
    {
        if (!x.IsContiguous && InMemoryOrder(x) is { } order) return RunReordered<TKernel>(x, dims, keepDim, order);
        Tensor y = Tensor.Uninitialized(Result(x.Shape, dims, keepDim), x.DType);
        (Tensor block, int outer, int n, int inner) = AsBlock(x, dims);
        var work = new Work<TKernel>(block, outer, n, inner, y);
        Dispatch.Number(x.DType, ref work);
        return y;
    }

    /// <summary>Whether <see cref="SumInto"/> serves the call.</summary>
    internal static bool GoesInto(GraphOperation call) => call.Inputs[0] is { IsContiguous: true, Shape.NumEl: > 0 };

    /// <summary>The sum of a contiguous tensor of floating point over dimensions, to memory that is there.</summary>
    internal static void SumInto(Tensor x, int[] dims, Tensor y)
    {
        (Tensor block, int outer, int n, int inner) = AsBlock(x, dims);
        var work = new Work<SumKernel>(block, outer, n, inner, y);
        Dispatch.Number(x.DType, ref work);
    }

    /// <summary>The same over all dimensions.</summary>
    internal static void SumAllInto(Tensor x, Tensor y)
    {
        var work = new Work<SumKernel>(x, 1, x.NumEl, 1, y);
        Dispatch.Number(x.DType, ref work);
    }

    /// <summary>
    /// The dimensions as they lie in memory, where a contiguous tensor lies there in another order (transposed, permuted), or null.
    /// </summary>
    private static int[]? InMemoryOrder(Tensor x)
    {
        int[] order = [.. Enumerable.Range(0, x.NDim).OrderByDescending(d => x.Strides[d])];
        long stride = 1;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            int d = order[i];
            if (x.Shape[d] != 1 && x.Strides[d] != stride) return null;
            stride *= x.Shape[d];
        }
        return order;
    }

    /// <summary>The same without a copy of x: its dimensions are combined where they lie, and only the result is put in order.</summary>
    private static Tensor RunReordered<TKernel>(Tensor x, int[] dims, bool keepDim, int[] order) where TKernel : struct, IReductionKernel
    {
        int[] sizes = [.. order.Select(d => x.Shape[d])], strides = [.. order.Select(d => x.Strides[d])];
        int[] places = [.. Enumerable.Range(0, order.Length).Where(i => dims.Contains(order[i]))];
        Tensor sums = Run<TKernel>(Elements.ToContiguous(x.Detach().Alias(Shape.Of(sizes), strides, x.Offset)), places, keepDim: true);
        var back = new int[order.Length];
        for (int i = 0; i < order.Length; i++) back[i] = sums.Strides[Array.IndexOf(order, i)];
        Shape shape = Result(x.Shape, dims, keepDim: true);
        return Elements.ToContiguous(sums.Alias(shape, back, sums.Offset)).Alias(Result(x.Shape, dims, keepDim), null, 0);
    }

    /// <summary>In which order <see cref="Sum"/>, and what runs as it does, combines the elements of this layout.</summary>
    internal static ReductionOrder OrderOf(Tensor x, int[] dims, bool isSum = true)
    {
        if (isSum && dims.Length == x.NDim && RowsOf(x) is not null) return new(dims, 1, true);
        int[] order = !x.IsContiguous && InMemoryOrder(x) is { } lies ? lies : [.. Enumerable.Range(0, x.NDim)];
        int[] places = [.. Enumerable.Range(0, order.Length).Where(i => dims.Contains(order[i]))];
        bool neighbours = places.Length == 0 || places[^1] - places[0] == places.Length - 1;
        int first = places.Length == 0 ? x.NDim : places[0], inner = 1, outer = 1;
        for (int i = 0; i < order.Length; i++)
        {
            if (places.Contains(i)) continue;
            if (neighbours && i > first) inner *= x.Shape[order[i]];
            else outer *= x.Shape[order[i]];
        }
        return new([.. places.Select(i => order[i])], inner, outer == 1 && inner == 1);
    }

    internal static Tensor Sum(Tensor x, int[] dims, bool keepDim)
    {
        if (dims.Length == x.NDim && RowsOf(x) is { } rows) return SumOfRows(x, rows, keepDim);
        if (x.DType.IsFloatingPoint || Repeated(x) is not { } once) return Run<SumKernel>(x, dims, keepDim);
        // Whole numbers: n times x is x + … + x, also where it wraps; and nothing is repeated in memory to be added up.
        long times = 1;
        var sizes = new int[x.NDim];
        for (int d = 0; d < x.NDim; d++)
        {
            sizes[d] = dims.Contains(d) ? once.Shape[d] : x.Shape[d];
            if (dims.Contains(d)) times *= x.Shape[d] / Math.Max(1, once.Shape[d]);
        }
        return Run<SumKernel>(once.Expand(Shape.Of(sizes)), dims, keepDim) * times;
    }

    /// <summary>
    /// How many elements stand side by side, and how far apart rows of so many are, if x is nothing else; what it repeats are such rows,
    /// too.
    /// </summary>
    private static (int Columns, int Stride)? RowsOf(Tensor x)
    {
        if (x.IsContiguous || x.NumEl == 0 || !x.DType.IsFloatingPoint) return null;
        int columns = 1, last = x.NDim - 1;
        for (; last >= 0 && (x.Shape[last] == 1 || x.Strides[last] == columns); last--) columns *= x.Shape[last];
        if (last < 0 || columns == 1) return null;
        long stride = x.Strides[last], next = stride * x.Shape[last];
        for (int d = last - 1; d >= 0; d--)
        {
            if (x.Shape[d] == 1) continue;
            if (x.Strides[d] != next) return null;
            next *= x.Shape[d];
        }
        return stride < 0 ? null : (columns, (int)stride);
    }

    private static Tensor SumOfRows(Tensor x, (int Columns, int Stride) rows, bool keepDim)
    {
        Tensor y = Tensor.Uninitialized(keepDim ? Result(x.Shape, [.. Enumerable.Range(0, x.NDim)], true) : Shape.Scalar, x.DType);
        var work = new RowsWork(x, rows.Columns, rows.Stride, y);
        Dispatch.Floating(x.DType, "Sum", ref work);
        return y;
    }

    /// <summary>What an expanded tensor repeats, with size 1 in the dimensions along which it does; null if nothing is repeated.</summary>
    internal static Tensor? Repeated(Tensor x)
    {
        int[] sizes = [.. Enumerable.Range(0, x.NDim).Select(d => x.Strides[d] == 0 && x.Shape[d] > 1 ? 1 : x.Shape[d])];
        return sizes.AsSpan().SequenceEqual([.. Enumerable.Range(0, x.NDim).Select(d => x.Shape[d])])
            ? null : x.Detach().Alias(Shape.Of(sizes), [.. Enumerable.Range(0, x.NDim).Select(d => x.Strides[d])], x.Offset);
    }

    /// <summary>How many elements are combined into one.</summary>
    internal static int Count(Shape shape, ReadOnlySpan<int> dims)
    {
        int n = 1;
        foreach (int d in dims) n *= shape[d];
        return n;
    }

    internal static void RequireElements(string operation, Tensor x, ReadOnlySpan<int> dims)
    {
        foreach (int d in dims)
            if (x.Shape[d] == 0)
                throw new ShapeException($"{operation}: has no value for no elements, but dimension {d} of shape {x.Shape} has size 0.");
    }

    internal static void RequireFloat(string operation, Tensor x)
    {
        if (!x.DType.IsFloatingPoint)
            throw new DTypeException($"{operation}: needs a floating-point tensor, but got {x.DType}. Convert with To(DType.Float32).");
    }

    private readonly struct RowsWork(Tensor x, int columns, int stride, Tensor y) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            y.SetFirst(Reduce.SumOfRows<T>(memory.From<T>(x), x.NumEl / columns, columns, stride));
        }
    }

    private readonly struct Work<TKernel>(Tensor block, int outer, int n, int inner, Tensor y) : INumberWork
        where TKernel : struct, IReductionKernel
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            TKernel.Run(memory.Of<T>(block), outer, n, inner, memory.Of<T>(y));
        }
    }
}

/// <summary>The order in which a reduction combines elements.</summary>
/// <param name="Dims">The reduced dimensions, in the order in which their elements are numbered.</param>
/// <param name="Inner">How many columns stand side by side; 1 where elements stand in rows.</param>
/// <param name="InPieces">Whether one sum is cut into pieces for several threads.</param>
internal readonly record struct ReductionOrder(int[] Dims, int Inner, bool InPieces)
{
    /// <summary>From how many rows on columns are cut into bands.</summary>
    internal int Band => Columns.BandOf(Inner);
}

/// <summary>A loop over [outer, n, inner] that combines the n.</summary>
internal interface IReductionKernel
{
    /// <summary>Runs it.</summary>
    static abstract void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged;
}

internal readonly struct SumKernel : IReductionKernel
{
    public static void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged =>
        Reduce.Sum(x, outer, n, inner, y);
}

/// <summary>The sum of the squares.</summary>
internal readonly struct SquaresKernel : IReductionKernel
{
    public static void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged =>
        Reduce.Squares(x, outer, n, inner, y);
}

internal readonly struct ProdKernel : IReductionKernel
{
    public static void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged =>
        Reduce.Prod(x, outer, n, inner, y);
}

internal readonly struct MaxKernel : IReductionKernel
{
    public static void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged =>
        Reduce.Max(x, outer, n, inner, y);
}

internal readonly struct MinKernel : IReductionKernel
{
    public static void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged =>
        Reduce.Min(x, outer, n, inner, y);
}

internal readonly struct LogSumExpKernel : IReductionKernel
{
    public static void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged =>
        Reduce.LogSumExp(x, outer, n, inner, y);
}
