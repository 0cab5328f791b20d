using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The largest elements along a dimension and where they are (the first of equal ones, which gets all the gradient).</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">The dimension is empty or does not exist.</exception>
    public (Tensor Values, Tensor Indices) Max(int dim, bool keepDim = false) =>
        ArgExtreme.Values<ArgMaxKernel>("MaxBackward0", this, dim, keepDim);

    /// <summary>
    /// The smallest elements along a dimension and where they are (the first of equal ones, which gets all the gradient).
    /// </summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">The dimension is empty or does not exist.</exception>
    public (Tensor Values, Tensor Indices) Min(int dim, bool keepDim = false) =>
        ArgExtreme.Values<ArgMinKernel>("MinBackward0", this, dim, keepDim);

    /// <summary>
    /// Where the largest element of the flattened tensor is, the first of equal ones: an Int64 tensor without dimensions.
    /// </summary>
    /// <exception cref="ShapeException">The tensor has no elements.</exception>
    public Tensor ArgMax() => ArgExtreme.Flat<ArgMaxKernel>(this);

    /// <summary>Where the largest elements along a dimension are, the first of equal ones: Int64.</summary>
    /// <exception cref="ShapeException">The dimension is empty or does not exist.</exception>
    public Tensor ArgMax(int dim, bool keepDim = false) => ArgExtreme.Of<ArgMaxKernel>(this, dim, keepDim);

    /// <summary>
    /// Where the smallest element of the flattened tensor is, the first of equal ones: an Int64 tensor without dimensions.
    /// </summary>
    /// <exception cref="ShapeException">The tensor has no elements.</exception>
    public Tensor ArgMin() => ArgExtreme.Flat<ArgMinKernel>(this);

    /// <summary>Where the smallest elements along a dimension are, the first of equal ones: Int64.</summary>
    /// <exception cref="ShapeException">The dimension is empty or does not exist.</exception>
    public Tensor ArgMin(int dim, bool keepDim = false) => ArgExtreme.Of<ArgMinKernel>(this, dim, keepDim);
}

/// <summary>A loop over [outer, n, inner] that finds places among the n.</summary>
internal interface IPlaceKernel
{
    /// <summary>The operation's name, for messages.</summary>
    static abstract string Operation { get; }

    /// <summary>Runs it.</summary>
    static abstract void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<long> index) where T : unmanaged;
}

internal readonly struct ArgMaxKernel : IPlaceKernel
{
    public static string Operation => "ArgMax";

    public static void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<long> index)
        where T : unmanaged =>
        Reduce.ArgMax(x, outer, n, inner, index);
}

internal readonly struct ArgMinKernel : IPlaceKernel
{
    public static string Operation => "ArgMin";

    public static void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<long> index)
        where T : unmanaged =>
        Reduce.ArgMin(x, outer, n, inner, index);
}

/// <summary>Places of extremes, and the elements at them.</summary>
internal static class ArgExtreme
{
    internal static Tensor Of<TKernel>(Tensor x, int dim, bool keepDim, string? operation = null) where TKernel : struct, IPlaceKernel
    {
        int[] dims = Reduction.Dims(x, [dim]);
        Reduction.RequireElements(operation ?? TKernel.Operation, x, dims);
        return Door.Run(new Call<TKernel>(dims, keepDim), x);
    }

    internal static Tensor Flat<TKernel>(Tensor x) where TKernel : struct, IPlaceKernel
    {
        if (x.NumEl == 0) throw new ShapeException($"{TKernel.Operation}: the tensor of shape {x.Shape} has no elements to choose from.");
        return Door.Run(new Call<TKernel>(null, false), x);
    }

    internal static (Tensor Values, Tensor Indices) Values<TKernel>(string nodeName, Tensor x, int dim, bool keepDim)
        where TKernel : struct, IPlaceKernel =>
        Picked(nodeName, x, dim, Of<TKernel>(x, dim, keepDim: true, TKernel.Operation["Arg".Length..]), keepDim);

    /// <summary>The elements at places along a dimension, in which the index has size 1.</summary>
    internal static (Tensor Values, Tensor Indices) Picked(string nodeName, Tensor x, int dim, Tensor index, bool keepDim)
    {
        int d = x.Shape.Wrap(dim);
        Tensor values = Linear.Apply(new PickOp(nodeName, d, index, drops: !keepDim), x);
        return (values, keepDim ? index : index.Alias(Picking.Without(index.Shape, d), null, 0));
    }

    private readonly struct Work<TKernel>(Tensor block, int outer, int n, int inner, Tensor index) : INumberWork
        where TKernel : struct, IPlaceKernel
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            TKernel.Run<T>(memory.Of<T>(block), outer, n, inner, memory.Of<long>(index));
        }
    }

    /// <summary>Over the dimensions, or over all elements one after the other.</summary>
    private readonly struct Call<TKernel>(int[]? dims, bool keepDim) : ITensorOperation, IByHand where TKernel : struct, IPlaceKernel
    {
        public string Name => TKernel.Operation.ToLowerInvariant();

        public void Describe(OpAttributes to)
        {
            to.Add("dim", dims);
            to.Add("keepdim", keepDim);
        }

        public void Write(Hand hand)
        {
            bool largest = typeof(TKernel) == typeof(ArgMaxKernel);
            HandSums.Rows(hand, hand.Input(0), dims ?? hand.Input(0).AllDims, hand.Result, (x, y) =>
            {
                // The first of equal ones; NaN is further out than any number.
                hand.Line("long place = -1, at = 0;");
                string word = Hand.Compared(x.Word);
                hand.Line($"{word} best = default;");
                hand.Each(e =>
                {
                    string value = hand.Element(e[0], word), isNaN = x.DType.IsFloatingPoint ? $" || ({value} != {value} && best == best)" : "";
                    hand.Block($"if (place < 0 || {value} {(largest ? ">" : "<")} best{isNaN})", () =>
                        hand.Line($"(place, best) = (at, {value});"));
                    hand.Line("at++;");
                }, x);
                hand.Store(y, "place");
            });
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!;
            if (dims is null) x = Elements.ToContiguous(x).Alias([x.NumEl], null, x.IsContiguous ? x.Offset : 0);
            int[] reduced = dims ?? [0];
            Tensor index = Tensor.Uninitialized(here, Reduction.Result(x.Shape, reduced, keepDim), DType.Int64);
            (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(x, reduced);
            var work = new Work<TKernel>(block, outer, n, inner, index);
            Dispatch.Number(x.DType, ref work);
            return index;
        }
    }
}

public static partial class OpTable
{
    private static Op MaxDim => Op.Of(OpKind.Other, "max_dim", x => x.Max(1).Values, Cube,
        new()
        {
            Formula = "the largest element of x over a dimension",
            Torch = "x.max(1).values",
            Gradient = "g at that element, elsewhere 0",
        });

    private static Op MinDim => Op.Of(OpKind.Other, "min_dim", x => x.Min(0, keepDim: true).Values, Cube,
        new()
        {
            Formula = "the smallest element of x over a dimension",
            Torch = "x.min(0, keepdim=True).values",
            Gradient = "g at that element, elsewhere 0",
        });

    private static Op ArgMax => Op.Of(OpKind.Zero, "argmax", x => x.ArgMax(1), Matrix,
        new() { Formula = "the place of the largest element of x", Torch = "x.argmax(1)", Onnx = "ArgMax" });

    private static Op ArgMin => Op.Of(OpKind.Zero, "argmin", x => x.ArgMin(), Matrix,
        new() { Formula = "the place of the smallest element of x", Torch = "x.argmin()", Onnx = "ArgMin" });
}
