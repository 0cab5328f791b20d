using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The elements in order along a dimension, and where they were. Equal ones keep their order; NaN counts as largest.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="descending">Largest first.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public (Tensor Values, Tensor Indices) Sort(int dim = -1, bool descending = false) => Sorting.Sort(this, dim, descending);

    /// <summary>Where the elements of each place in order were, see <see cref="Sort"/>.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor ArgSort(int dim = -1, bool descending = false) => Sorting.Order(this, dim, descending);

    /// <summary>The k largest elements along a dimension, largest first, and where they were.</summary>
    /// <param name="k">How many.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="largest">False for the smallest ones, smallest first.</param>
    /// <exception cref="ShapeException">The dimension is smaller than k.</exception>
    public (Tensor Values, Tensor Indices) TopK(int k, int dim = -1, bool largest = true) => Sorting.TopK(this, k, dim, largest);

    /// <summary>The k-th smallest element along a dimension (the first is k = 1), and where it was.</summary>
    /// <exception cref="ShapeException">There are not so many.</exception>
    public (Tensor Values, Tensor Indices) KthValue(int k, int dim = -1, bool keepDim = false) => Sorting.KthValue(this, k, dim, keepDim);

    /// <summary>The middle element along a dimension (of an even number the lower one; NaN if any is), and where it was.</summary>
    /// <exception cref="ShapeException">The dimension is empty.</exception>
    public (Tensor Values, Tensor Indices) Median(int dim, bool keepDim = false) => Sorting.Median(this, dim, keepDim);

    /// <summary>The most frequent element along a dimension (of several the smallest), and where it stands last.</summary>
    /// <exception cref="ShapeException">The dimension is empty.</exception>
    public (Tensor Values, Tensor Indices) Mode(int dim = -1, bool keepDim = false) => Sorting.Mode(this, dim, keepDim);

    /// <summary>The middle one of all elements (of an even number the lower one; NaN if any is or there are none); equal ones share the gradient.</summary>
    /// <exception cref="ShapeException">The tensor is of integers and has no elements.</exception>
    public Tensor Median() => SlopedReduction.Apply(new MedianOp(), this, [], false);
}

internal readonly struct SortName : INodeName
{
    public static string Value => "SortBackward0";
}

internal readonly struct TopKName : INodeName
{
    public static string Value => "TopkBackward0";
}

internal readonly struct KthValueName : INodeName
{
    public static string Value => "KthvalueBackward0";
}

internal readonly struct ModeName : INodeName
{
    public static string Value => "ModeBackward0";
}

internal readonly struct MedianName : INodeName
{
    public static string Value => "MedianBackward1";
}

/// <summary>y = the median of x,   ∂y/∂xᵢ = 1/k for the k elements equal to it, else 0.</summary>
internal readonly struct MedianOp : IReductionOp
{
    public static string NodeName => "MedianBackward0";

    public static Saves Saves => Saves.Both;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim)
    {
        if (x.NumEl == 0)
        {
            return x.DType.IsFloatingPoint ? Tensor.Full(Shape.Scalar, double.NaN, x.DType)
                : throw new ShapeException($"Median: the {x.DType} tensor of shape {x.Shape} has no elements, and no integer says so.");
        }
        return Elements.Copy(Elements.Copy(x).Alias([x.NumEl], null, 0).Median(0).Values);
    }

    public Tensor Slope(Tensor x, Tensor y, int[] dims) => ExtremeOp<MaxKernel, MaxAllName>.EqualShares(x, y, dims);
}

/// <summary>Orders of elements along a dimension, and the elements in them.</summary>
internal static class Sorting
{
    internal static (Tensor Values, Tensor Indices) Sort(Tensor x, int dim, bool descending)
    {
        Tensor order = Order(x, dim, descending);
        return (Linear.Apply(new PickOp<SortName>(x.Shape.Wrap(dim), order, drops: false), x), order);
    }

    internal static (Tensor Values, Tensor Indices) TopK(Tensor x, int k, int dim, bool largest)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (k < 0 || k > size) throw new ShapeException($"TopK: {k} elements were asked for along dimension {d} of size {size} (shape {x.Shape}).");
        Tensor order = Places(x, d, x.NDim == 0 ? 1 : k, new FirstOrder(largest));
        return (Linear.Apply(new PickOp<TopKName>(d, order, drops: false), x), order);
    }

    internal static (Tensor Values, Tensor Indices) KthValue(Tensor x, int k, int dim, bool keepDim)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (k < 1 || k > size) throw new ShapeException($"KthValue: element number {k} was asked for along dimension {d} of size {size} (shape {x.Shape}).");
        return ArgExtreme.Picked<KthValueName>(x, d, Places(x, d, 1, new OrderAt(k - 1)), keepDim);
    }

    internal static (Tensor Values, Tensor Indices) Median(Tensor x, int dim, bool keepDim)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (size == 0) throw new ShapeException($"Median: dimension {d} of shape {x.Shape} is empty.");
        return ArgExtreme.Picked<MedianName>(x, d, Places(x, d, 1, new MiddleOrder()), keepDim);
    }

    internal static (Tensor Values, Tensor Indices) Mode(Tensor x, int dim, bool keepDim)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (size == 0) throw new ShapeException($"Mode: dimension {d} of shape {x.Shape} is empty.");
        if (x.NDim == 0) return ArgExtreme.Picked<ModeName>(x, d, Order(x, d, false), keepDim);
        Tensor moved = Elements.ToContiguous(PermuteOp.Move(x.Detach(), d, -1)), order = Elements.ToContiguous(PermuteOp.Move(Order(x, d, false), d, -1));
        Tensor index = Tensor.Uninitialized([.. moved.Shape.Sizes[..^1], 1], DType.Int64);
        var work = new ModeWork(moved, size, order, index);
        Dispatch.Number(x.DType, ref work);
        return ArgExtreme.Picked<ModeName>(x, d, Elements.ToContiguous(PermuteOp.Move(index, -1, d)), keepDim);
    }

    internal static Tensor Order(Tensor x, int dim, bool descending)
    {
        int d = x.Shape.Wrap(dim);
        return Places(x, d, x.NDim == 0 ? 1 : x.Shape[d], new FirstOrder(descending));
    }

    /// <summary>So many places along a dimension, as an order says.</summary>
    private static Tensor Places<TOrder>(Tensor x, int dim, int count, TOrder order) where TOrder : struct, IRowOrder
    {
        Tensor moved = x.NDim == 0 ? x : PermuteOp.Move(x.Detach(), dim, -1);
        Tensor places = Tensor.Uninitialized(x.NDim == 0 ? moved.Shape : Shape.Of([.. moved.Shape.Sizes[..^1], count]), DType.Int64);
        var work = new Work<TOrder>(Elements.ToContiguous(moved), x.NDim == 0 ? 1 : x.Shape[dim], count, order, places);
        Dispatch.Number(x.DType, ref work);
        return x.NDim == 0 ? places : Elements.ToContiguous(PermuteOp.Move(places, -1, dim));
    }

    /// <summary>Which places of a row are wanted.</summary>
    private interface IRowOrder
    {
        /// <summary>Writes them for every row of n elements.</summary>
        void Run<T>(ReadOnlySpan<T> x, int n, int count, Span<long> places) where T : unmanaged, INumber<T>;
    }

    private readonly struct FirstOrder(bool descending) : IRowOrder
    {
        public void Run<T>(ReadOnlySpan<T> x, int n, int count, Span<long> places) where T : unmanaged, INumber<T> =>
            RowOrder.First(x, n, count, descending, places);
    }

    private readonly struct OrderAt(int k) : IRowOrder
    {
        public void Run<T>(ReadOnlySpan<T> x, int n, int count, Span<long> places) where T : unmanaged, INumber<T> => RowOrder.At(x, n, k, places);
    }

    private readonly struct MiddleOrder : IRowOrder
    {
        public void Run<T>(ReadOnlySpan<T> x, int n, int count, Span<long> places) where T : unmanaged, INumber<T> => RowOrder.Middle(x, n, places);
    }

    private readonly struct Work<TOrder>(Tensor x, int n, int count, TOrder order, Tensor places) : INumberWork where TOrder : struct, IRowOrder
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            order.Run<T>(x.Span<T>(), n, count, places.Span<long>());
            GC.KeepAlive(x);
            GC.KeepAlive(places);
        }
    }

    private readonly struct ModeWork(Tensor x, int n, Tensor order, Tensor index) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            RowMode.Of<T>(x.Span<T>(), n, order.Span<long>(), index.Span<long>());
            GC.KeepAlive(x);
            GC.KeepAlive(order);
            GC.KeepAlive(index);
        }
    }
}
