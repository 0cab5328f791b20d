using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The elements in order along a dimension, and where they were. Equal ones keep their order; NaN counts as
    /// largest.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="descending">Largest first.</param>
    /// <param name="stable">Whether equal elements must keep their order; they do in either case.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public (Tensor Values, Tensor Indices) Sort(int dim = -1, bool descending = false, bool stable = false) =>
        Sorting.Sort(this, dim, descending);

    /// <summary>The elements in order along the first dimension, see <see cref="Sort"/>.</summary>
    public Tensor MSort() => Sorting.Sort(this, 0, false).Values;

    /// <summary>Where the elements of each place in order were, see <see cref="Sort"/>.</summary>
    /// <inheritdoc cref="Sort"/>
    public Tensor ArgSort(int dim = -1, bool descending = false, bool stable = false) => Sorting.Order(this, dim, descending);

    /// <summary>The k largest elements along a dimension, largest first, and where they were.</summary>
    /// <param name="k">How many.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="largest">False for the smallest ones, smallest first.</param>
    /// <param name="sorted">Whether they must be in order; they are in either case.</param>
    /// <exception cref="ShapeException">The dimension is smaller than k.</exception>
    public (Tensor Values, Tensor Indices) TopK(int k, int dim = -1, bool largest = true, bool sorted = true) =>
        Sorting.TopK(this, k, dim, largest);

    /// <summary>The k-th smallest element along a dimension (the first is k = 1), and where it was.</summary>
    /// <exception cref="ShapeException">There are not so many.</exception>
    public (Tensor Values, Tensor Indices) KthValue(int k, int dim = -1, bool keepDim = false) => Sorting.KthValue(this, k, dim, keepDim);

    /// <summary>The middle element along a dimension (of an even number the lower one; NaN if any is), and where it was.</summary>
    /// <exception cref="ShapeException">The dimension is empty.</exception>
    public (Tensor Values, Tensor Indices) Median(int dim, bool keepDim = false) => Sorting.Median(this, dim, keepDim);

    /// <summary>The most frequent element along a dimension (of several the smallest), and where it stands last.</summary>
    /// <exception cref="ShapeException">The dimension is empty.</exception>
    public (Tensor Values, Tensor Indices) Mode(int dim = -1, bool keepDim = false) => Sorting.Mode(this, dim, keepDim);

    /// <summary>
    /// The middle one of all elements (of an even number the lower one; NaN if any is or there are none); equal ones share the gradient.
    /// </summary>
    /// <exception cref="ShapeException">The tensor is of integers and has no elements.</exception>
    public Tensor Median() => SlopedReduction.Apply(new MedianOp(), this, [], false);
}

/// <summary>y = the median of x,   ∂y/∂xᵢ = 1/k for the k elements equal to it, else 0.</summary>
internal readonly struct MedianOp : IReductionOp
{
    public string NodeName => "MedianBackward0";

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

    public Tensor Slope(Tensor x, Tensor y, int[] dims) => ExtremeOp<MaxKernel>.EqualShares(x, y, dims);

    public void Write(Hand hand, int[] dims)
    {
        HandTensor x = hand.Input(0);
        if (x.Shape.NumEl == 0)
        {
            hand.Store(hand.Result, $"{x.Word}.NaN");
            return;
        }
        x = hand.Ordered(x);
        hand.Needs(HandOrderText.Middle, x.Word);
        HandTensor all = hand.New("all", x.Shape, x.DType);
        hand.Copy(x, all);
        string name = hand.Whole(all);
        hand.Store(hand.Result, Hand.Converted($"{name}[Middle({name}, 0, 1, {x.Shape.NumEl})]", x.Word, hand.Result.Word));
    }
}

/// <summary>Orders of elements along a dimension, and the elements in them.</summary>
internal static class Sorting
{
    internal static (Tensor Values, Tensor Indices) Sort(Tensor x, int dim, bool descending)
    {
        Tensor order = Order(x, dim, descending);
        return (Linear.Apply(new PickOp("SortBackward0", x.Shape.Wrap(dim), order, drops: false), x), order);
    }

    internal static (Tensor Values, Tensor Indices) TopK(Tensor x, int k, int dim, bool largest)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (k < 0 || k > size)
            throw new ShapeException($"TopK: {k} elements were asked for along dimension {d} of size {size} (shape {x.Shape}).");
        Tensor order = Places("topk", x, d, x.NDim == 0 ? 1 : k, new FirstOrder(largest));
        return (Linear.Apply(new PickOp("TopkBackward0", d, order, drops: false), x), order);
    }

    internal static (Tensor Values, Tensor Indices) KthValue(Tensor x, int k, int dim, bool keepDim)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (k < 1 || k > size)
            throw new ShapeException($"KthValue: element number {k} was asked for along dimension {d} of size {size} (shape {x.Shape}).");
        return ArgExtreme.Picked("KthvalueBackward0", x, d, Places("kthvalue", x, d, 1, new OrderAt(k - 1)), keepDim);
    }

    internal static (Tensor Values, Tensor Indices) Median(Tensor x, int dim, bool keepDim)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (size == 0) throw new ShapeException($"Median: dimension {d} of shape {x.Shape} is empty.");
        return ArgExtreme.Picked("MedianBackward1", x, d, Places("median", x, d, 1, new MiddleOrder()), keepDim);
    }

    internal static (Tensor Values, Tensor Indices) Mode(Tensor x, int dim, bool keepDim)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (size == 0) throw new ShapeException($"Mode: dimension {d} of shape {x.Shape} is empty.");
        if (x.NDim == 0) return ArgExtreme.Picked("ModeBackward0", x, d, Order(x, d, false), keepDim);
        return ArgExtreme.Picked("ModeBackward0", x, d, Door.Run(new ModeOp(d), x), keepDim);
    }

    internal static Tensor Order(Tensor x, int dim, bool descending)
    {
        int d = x.Shape.Wrap(dim);
        return Places("argsort", x, d, x.NDim == 0 ? 1 : x.Shape[d], new FirstOrder(descending));
    }

    /// <summary>So many places along a dimension, as an order says.</summary>
    private static Tensor Places<TOrder>(string name, Tensor x, int dim, int count, TOrder order) where TOrder : struct, IRowOrder =>
        Door.Run(new PlacesOp<TOrder>(name, dim, count, order), x);

    /// <summary>The places of so many elements along a dimension, in an order.</summary>
    private readonly struct PlacesOp<TOrder>(string name, int dim, int count, TOrder order) : ITensorOperation, IByHand
        where TOrder : struct, IRowOrder
    {
        public string Name => name;

        public void Describe(OpAttributes to)
        {
            to.Add("dim", dim);
            to.Add("k", count);
            order.Describe(to);
        }

        public void Write(Hand hand)
        {
            HandTensor x = hand.Ordered(hand.Input(0));
            int n = x.Shape.NDim == 0 ? 1 : x.Shape[dim];
            (int first, bool descending, bool prefersNaN) = order.Chosen(n);
            if (prefersNaN) hand.Needs(HandOrderText.Middle, x.Word);
            hand.Rows(dim, e =>
            {
                string row = $"{hand.Whole(e[0])}, {e[0].Place}, {e[0].Strides[0]}, {n}";
                if (prefersNaN)
                {
                    hand.Store(e[1].At("0"), $"Middle({row})");
                    return;
                }
                hand.Line($"int[] order = InOrder({row}, {(descending ? "true" : "false")});");
                hand.For($"{e[1].Shape[0]}", k => hand.Store(e[1].At(k), $"order[{(first == 0 ? k : $"{k} + {first}")}]"));
            }, x, hand.Result);
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!, moved = x.NDim == 0 ? x : PermuteOp.Move(x.Detach(), dim, -1);
            Tensor places =
                Tensor.Uninitialized(here, x.NDim == 0 ? moved.Shape : Shape.Of([.. moved.Shape.Sizes[..^1], count]), DType.Int64);
            var work = new Work<TOrder>(Elements.ToContiguous(moved), x.NDim == 0 ? 1 : x.Shape[dim], count, order, places);
            Dispatch.Number(x.DType, ref work);
            return x.NDim == 0 ? places : Elements.ToContiguous(PermuteOp.Move(places, -1, dim));
        }
    }

    /// <summary>The places of the most frequent elements along a dimension.</summary>
    private readonly struct ModeOp(int dim) : ITensorOperation, IByHand
    {
        public string Name => "mode";

        public void Describe(OpAttributes to) => to.Add("dim", dim);

        public void Write(Hand hand)
        {
            HandTensor x = hand.Ordered(hand.Input(0));
            int n = x.Shape[dim];
            hand.Needs(HandOrderText.MostFrequent, x.Word);
            hand.Rows(dim, e => hand.Store(e[1].At("0"), $"MostFrequent({hand.Whole(e[0])}, {e[0].Place}, {e[0].Strides[0]}, {n})"),
                x, hand.Result);
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!, moved = Elements.ToContiguous(PermuteOp.Move(x.Detach(), dim, -1));
            Tensor order = Elements.ToContiguous(PermuteOp.Move(Order(x, dim, false), dim, -1));
            Tensor index = Tensor.Uninitialized(here, [.. moved.Shape.Sizes[..^1], 1], DType.Int64);
            var work = new ModeWork(moved, x.Shape[dim], order, index);
            Dispatch.Number(x.DType, ref work);
            return Elements.ToContiguous(PermuteOp.Move(index, -1, dim));
        }
    }

    private interface IRowOrder
    {
        /// <summary>Tells what they are.</summary>
        void Describe(OpAttributes to);

        /// <summary>From which place in the order on, in which order, and whether a NaN goes before.</summary>
        (int First, bool Descending, bool PrefersNaN) Chosen(int n);

        /// <summary>Writes them for every row of n elements.</summary>
        void Run<T>(ReadOnlySpan<T> x, int n, int count, Span<long> places) where T : unmanaged, INumber<T>;
    }

    private readonly struct FirstOrder(bool descending) : IRowOrder
    {
        public void Describe(OpAttributes to) => to.Add("descending", descending);

        public (int First, bool Descending, bool PrefersNaN) Chosen(int n) => (0, descending, false);

        public void Run<T>(ReadOnlySpan<T> x, int n, int count, Span<long> places) where T : unmanaged, INumber<T> =>
            RowOrder.First(x, n, count, descending, places);
    }

    private readonly struct OrderAt(int k) : IRowOrder
    {
        public void Describe(OpAttributes to) => to.Add("at", k);

        public (int First, bool Descending, bool PrefersNaN) Chosen(int n) => (k, false, false);

        public void Run<T>(ReadOnlySpan<T> x, int n, int count, Span<long> places)
            where T : unmanaged, INumber<T> =>
            RowOrder.At(x, n, k, places);
    }

    private readonly struct MiddleOrder : IRowOrder
    {
        public void Describe(OpAttributes to)
        {
        }

        public (int First, bool Descending, bool PrefersNaN) Chosen(int n) => ((n - 1) / 2, false, true);

        public void Run<T>(ReadOnlySpan<T> x, int n, int count, Span<long> places)
            where T : unmanaged, INumber<T> =>
            RowOrder.Middle(x, n, places);
    }

    private readonly struct Work<TOrder>(Tensor x, int n, int count, TOrder order, Tensor places) : INumberWork
        where TOrder : struct, IRowOrder
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            order.Run<T>(memory.Of<T>(x), n, count, memory.Of<long>(places));
        }
    }

    private readonly struct ModeWork(Tensor x, int n, Tensor order, Tensor index) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            RowMode.Of<T>(memory.Of<T>(x), n, memory.Of<long>(order), memory.Of<long>(index));
        }
    }
}

public static partial class OpTable
{
    private static Op Median => Op.Of(OpKind.Other, "median", x => x.Median(), Matrix,
        new()
        {
            Formula = "the lower of the middle elements of x",
            Torch = "x.median()",
            Gradient = "g at that element, elsewhere 0",
        });

    private static Op MedianDim => Op.Of(OpKind.Other, "median_dim", x => x.Median(1).Values, Cube,
        new()
        {
            Formula = "the lower of the middle elements of x over a dimension",
            Torch = "x.median(1).values",
            Gradient = "g at that element, elsewhere 0",
        });

    private static Op KthValue => Op.Of(OpKind.Other, "kthvalue", x => x.KthValue(2, 1).Values, Cube,
        new()
        {
            Formula = "the k-th smallest element of x over a dimension",
            Torch = "x.kthvalue(2, 1).values",
            Gradient = "g at that element, elsewhere 0",
        });

    private static Op Sort => Op.Of(OpKind.Other, "sort", x => x.Sort(1, descending: true).Values, Cube,
        new()
        {
            Formula = "x in order along a dimension",
            Torch = "x.sort(1, descending=True).values",
            Gradient = "g at the places where the elements were",
        });

    private static Op TopK => Op.Of(OpKind.Other, "topk", x => x.TopK(2, 1).Values, Cube,
        new()
        {
            Formula = "the k largest elements of x over a dimension",
            Torch = "x.topk(2, 1).values",
            Gradient = "g at the places where the elements were",
            Onnx = "TopK",
        });

    private static Op MSort => Op.Of(OpKind.Composite, "msort", x => x.MSort(), Matrix,
        new() { Formula = "x in order along the first dimension", Torch = "x.msort()" });

    private static Op ArgSort => Op.Of(OpKind.Zero, "argsort", x => x.ArgSort(), Matrix,
        new() { Formula = "the places of x in order", Torch = "x.argsort()" });

    private static Op Mode => Op.Of(OpKind.Other, "mode", x => x.Mode(1).Values, Cube,
        new()
        {
            Formula = "the most frequent element of x over a dimension",
            Torch = "x.mode(1).values",
            Gradient = "g at that element, elsewhere 0",
        });
}
