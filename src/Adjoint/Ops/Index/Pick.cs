using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>y[i, j, …] = x[…, index[i, j, …], …]: along one dimension, for each place of the index the element it names.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">Int64, as many dimensions as this tensor and, but for <paramref name="dim"/>, no larger.</param>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    /// <exception cref="ShapeException">The index has another number of dimensions or is too large.</exception>
    /// <exception cref="DTypeException">The index is not of integers.</exception>
    public Tensor Gather(int dim, Tensor index) => PickOp.Apply("GatherBackward0", this, dim, index.Given());

    /// <summary>As <see cref="Gather"/>, with index and tensor broadcast against each other in the other dimensions.</summary>
    public Tensor TakeAlongDim(Tensor index, int dim)
    {
        try
        {
            return Picking.Broadcast(this, dim, index.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(TakeAlongDim)))
        {
            throw;
        }
    }

    /// <summary>The elements at places of the tensor in a row, as a vector: torch.take_along_dim without a dimension.</summary>
    /// <param name="index">The places, of an integer dtype; of any shape.</param>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    /// <exception cref="DTypeException">The index is not of integers.</exception>
    public Tensor TakeAlongDim(Tensor index) => Speaking(nameof(TakeAlongDim), () => Flatten().Gather(0, index.Given().Flatten()));
}

/// <summary>y = the elements of x at one index along a dimension; its transpose adds each gradient to its place among zeros.</summary>
/// <param name="nodeName">PyTorch's name of the node: several operations are this one.</param>
/// <param name="dim">The dimension.</param>
/// <param name="index">The checked index, with as many dimensions as x.</param>
/// <param name="drops">Whether the dimension, in which the index has size 1, is left out of y.</param>
/// <param name="isGiven">Whether the index comes from elsewhere, and is checked when it is used.</param>
internal readonly struct PickOp(string nodeName, int dim, Tensor index, bool drops, bool isGiven = false) : ILinearOp, IHolder<PickOp>,
    IByHand
{
    public IReadOnlyList<Tensor> Held => [index];

    public PickOp Holding(IReadOnlyList<Tensor> held) =>
        ReferenceEquals(held[0], index) ? this : new(nodeName, dim, IndexTensors.Like(held[0], index), drops, isGiven: true);

    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("index", index);
        to.Add("drops", drops);
    }

    private readonly int _version = index.ChangeCount;

    public string NodeName => nodeName;

    internal static Tensor Apply(string nodeName, Tensor x, int dim, Tensor index) =>
        Linear.Apply(new PickOp(nodeName, x.Shape.Wrap(dim), Picking.Checked("Gather", x, dim, index), drops: false), x);

    public Tensor Forward(Tensor x)
    {
        if (isGiven) IndexTensors.RequireInside(index, x.NDim == 0 ? 1 : x.Shape[dim]);
        Tensor y = Picking.Gather(x, dim, index);
        return drops ? y.Alias(Picking.Without(y.Shape, dim), null, 0) : y;
    }

    public Tensor Apply(Tensor x) => Linear.Apply(this, x);

    public void Write(Hand hand)
    {
        HandTensor y = HandTensor.Whole(hand.Result.Memory, hand.Input(1).Shape);
        Picking.Write(hand, hand.Input(0), dim, hand.Input(1), y, (from, to) => hand.Store(to, hand.Element(from)));
    }

    public Tensor Transpose(Tensor g, TensorFacts x) =>
        Linear.Apply(new PickTransposeOp(nodeName, dim, IndexTensors.Unchanged(NodeName, index, _version), drops, x.Shape), g);
}

/// <summary>
/// x = zeros of a shape to which gradients are added at one index along a dimension; the transpose of <see cref="PickOp"/> and conversely.
/// </summary>
internal readonly struct PickTransposeOp(string nodeName, int dim, Tensor index, bool drops, Shape shape) : ILinearOp,
    IHolder<PickTransposeOp>, IByHand
{
    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("index", index);
        to.Add("drops", drops);
        to.Add("size", shape);
    }

    public IReadOnlyList<Tensor> Held => [index];

    public PickTransposeOp Holding(IReadOnlyList<Tensor> held)
    {
        if (ReferenceEquals(held[0], index)) return this;
        Tensor places = IndexTensors.Like(held[0], index);
        IndexTensors.RequireInside(places, shape.NDim == 0 ? 1 : shape[dim]);
        return new(nodeName, dim, places, drops, shape);
    }

    public string NodeName => nodeName.Replace("Backward", "BackwardBackward", StringComparison.Ordinal);

    public Tensor Forward(Tensor g)
    {
        Tensor sum = Tensor.Zeros(shape, g.DType);
        Tensor source = Elements.ToContiguous(g);
        Picking.Write(sum, dim, index, source.Alias(index.Shape, null, source.Offset), accumulate: true);
        return sum;
    }

    public Tensor Apply(Tensor g) => Linear.Apply(this, g);

    public void Write(Hand hand)
    {
        HandTensor g = hand.Input(0), places = hand.Input(1);
        if (drops && g.Shape.NDim < places.Shape.NDim)
            g = g.As(places.Shape, [.. g.Strides[..dim], 0, .. g.Strides[dim..]], g.Offset);
        Picking.Write(hand, hand.Result, dim, places, g, (to, from) => hand.Line($"{hand.Element(to)} += {hand.Element(from)};"));
    }

    public Tensor Transpose(Tensor g, TensorFacts x) => Linear.Apply(new PickOp(nodeName, dim, index, drops), g);
}

/// <summary>Reading and writing at one index along a dimension, without history.</summary>
internal static class Picking
{
    internal static Tensor Checked(string operation, Tensor x, int dim, Tensor index)
    {
        int d = x.Shape.Wrap(dim);
        if (index.NDim != x.NDim && index.NumEl > 0)
            throw new ShapeException(
                $"{operation}: the index of shape {index.Shape} must have as many dimensions as the tensor of shape {x.Shape}.");
        for (int k = 0; k < x.NDim && index.NumEl > 0; k++)
        {
            if (k != d && index.Shape[k] > x.Shape[k])
                throw new ShapeException(
                    $"{operation}: the index of shape {index.Shape} is larger than the tensor of shape {x.Shape} in dimension {k}; only "
                    + $"dimension {d} may be.");
        }
        return IndexTensors.Checked(operation, index, x.NDim == 0 ? 1 : x.Shape[d], d, wrap: false);
    }

    internal static Tensor Broadcast(Tensor x, int dim, Tensor index)
    {
        int d = x.Shape.Wrap(dim);
        if (index.NDim != x.NDim)
            throw new ShapeException(
                $"TakeAlongDim: the index of shape {index.Shape} must have as many dimensions as the tensor of shape {x.Shape}.");
        if (x.NDim == 0) return x.Gather(d, index);
        int[] one = index.Shape.Sizes.ToArray(), other = x.Shape.Sizes.ToArray();
        (one[d], other[d]) = (1, 1);
        Shape common = Layout.Broadcast(Shape.Of(one), Shape.Of(other))
            ?? throw new ShapeException($"TakeAlongDim: the shapes {x.Shape} and {index.Shape} do not broadcast outside of dimension {d}.");
        int[] whole = common.Sizes.ToArray(), chosen = common.Sizes.ToArray();
        (whole[d], chosen[d]) = (x.Shape[d], index.Shape[d]);
        return x.Expand(Shape.Of(whole)).Gather(d, index.Expand(Shape.Of(chosen)));
    }

    internal static Shape Without(Shape shape, int dim) => shape.NDim == 0 ? shape : [.. shape.Sizes[..dim], .. shape.Sizes[(dim + 1)..]];

    internal static Tensor Gather(Tensor x, int dim, Tensor index)
    {
        Tensor y = Tensor.Uninitialized(index.Shape, x.DType);
        if (y.NumEl == 0) return y;
        var work = new GatherWork(Elements.ToContiguous(Part(x, dim, index.Shape)), dim, index, y);
        Dispatch.Moving(x.DType, ref work);
        return y;
    }

    /// <summary>Writes (or adds) the elements of a source, shaped as the index or larger, to a target of any layout.</summary>
    internal static void Write(Tensor target, int dim, Tensor index, Tensor source, bool accumulate)
    {
        if (index.NumEl == 0) return;
        if (!source.Shape.Equals(index.Shape)) source = Cut(source, index.Shape);
        Tensor part = Part(target, dim, index.Shape), block = Elements.ToContiguous(part);
        var work = new WriteWork(Elements.ToContiguous(source), dim, index, block, accumulate);
        Dispatch.Number(target.DType, ref work);
        if (!ReferenceEquals(part, block)) Elements.CopyTo(block, part);
    }

    /// <summary>Multiplies the elements of a source, shaped as the index, to a contiguous target, or compares them with it.</summary>
    internal static void Combine(Tensor target, int dim, Tensor index, Tensor source, ScatterReduction reduce)
    {
        if (index.NumEl == 0) return;
        Tensor part = Part(target, dim, index.Shape), block = Elements.ToContiguous(part);
        var work = new CombineWork(Elements.ToContiguous(source), dim, List(index, dim) ?? Elements.ToContiguous(index), block, reduce);
        Dispatch.Number(target.DType, ref work);
        if (!ReferenceEquals(part, block)) Elements.CopyTo(block, part);
    }

    // The places of slices, one for each: an index that is the same wherever it stands in the other dimensions.
    private static Tensor? List(Tensor index, int dim)
    {
        if (index.NDim < 2 || index.IsContiguous || index.Strides[dim] != 1) return null;
        for (int d = 0; d < index.NDim; d++)
            if (d != dim && index.Strides[d] != 0) return null;
        return index.Alias([index.Shape[dim]], [1], index.Offset);
    }

    /// <summary>Writes something for each place: the element there, and the one beside the place.</summary>
    internal static void Write(
        Hand hand, HandTensor x, int dim, HandTensor places, HandTensor beside, Action<HandTensor, HandTensor> body)
    {
        int[] strides = [.. x.Strides];
        int along = strides.Length == 0 ? 0 : strides[dim], size = x.Shape.NDim == 0 ? 1 : x.Shape[dim];
        if (strides.Length > 0) strides[dim] = 0;
        HandTensor start = x.Shape.NDim == 0 ? x.Expanded(places.Shape) : x.As(places.Shape, strides, x.Offset);
        hand.Each(e => body(HandIndex.At(e[0], [size], [along], hand.Element(e[1])), e[2]), start, places, beside);
    }

    /// <summary>What an index can reach: the tensor cut to the index's sizes in the other dimensions.</summary>
    private static Tensor Part(Tensor x, int dim, Shape index)
    {
        if (x.NDim == 0) return x;
        int[] sizes = index.Sizes.ToArray();
        sizes[dim] = x.Shape[dim];
        return Cut(x, Shape.Of(sizes));
    }

    private static Tensor Cut(Tensor x, Shape shape) => x.Alias(shape, x.Strides.ToArray(), x.Offset);

    private static (int Outer, int Inner) Around(Shape shape, int dim)
    {
        int outer = 1, inner = 1;
        for (int d = 0; d < shape.NDim; d++)
        {
            if (d < dim) outer *= shape[d];
            else if (d > dim) inner *= shape[d];
        }
        return (outer, inner);
    }

    private static int SizeAt(Shape shape, int dim) => shape.NDim == 0 ? 1 : shape[dim];

    private readonly struct GatherWork(Tensor x, int dim, Tensor index, Tensor y) : IMovingWork
    {
        public void Run<T>() where T : unmanaged
        {
            (int outer, int inner) = Around(y.Shape, dim);
            using var memory = new Loan();
            Along.Gather<T>(memory.Of<T>(x), outer, SizeAt(x.Shape, dim), inner, memory.Of<long>(index),
                SizeAt(y.Shape, dim), memory.Of<T>(y));
        }
    }

    private readonly struct CombineWork(Tensor source, int dim, Tensor index, Tensor target, ScatterReduction reduce) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            (int outer, int inner) = Around(source.Shape, dim);
            int k = SizeAt(source.Shape, dim), n = SizeAt(target.Shape, dim);
            using var memory = new Loan();
            switch (reduce)
            {
                case ScatterReduction.Prod:
                    Along.Multiply(memory.Of<T>(source), memory.Of<long>(index), k, memory.Of<T>(target), outer, n, inner); break;
                case ScatterReduction.Amax:
                    Along.Raise(memory.Of<T>(source), memory.Of<long>(index), k, memory.Of<T>(target), outer, n, inner); break;
                default:
                    Along.Lower(memory.Of<T>(source), memory.Of<long>(index), k, memory.Of<T>(target), outer, n, inner); break;
            }
        }
    }

    private readonly struct WriteWork(Tensor source, int dim, Tensor index, Tensor target, bool accumulate) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            (int outer, int inner) = Around(index.Shape, dim);
            int k = SizeAt(index.Shape, dim), n = SizeAt(target.Shape, dim);
            using var memory = new Loan();
            if (accumulate) Along.ScatterAdd(memory.Of<T>(source), memory.Of<long>(index), k, memory.Of<T>(target), outer, n, inner);
            else Along.Scatter<T>(memory.Of<T>(source), memory.Of<long>(index), k, memory.Of<T>(target), outer, n, inner);
        }
    }
}

public static partial class OpTable
{
    private static Op Gather => Op.Of(OpKind.Linear, "gather", x => x.Gather(1, Places(0, 3, 3, 1).Reshape(2, 2)), Matrix,
        new()
        {
            Formula = "y[i, j] = x[i, place[i, j]]",
            Torch = "x.gather(1, places(0, 3, 3, 1).reshape(2, 2))",
            Onnx = "GatherElements",
        });

    private static Op TakeAlongDim => Op.Of(OpKind.Composite, "take_along_dim", x => x.TakeAlongDim(Places(1).Reshape(1, 1), 1), Matrix,
        new() { Formula = "y[i, j] = x[i, place[i, j]], broadcast", Torch = "x.take_along_dim(places(1).reshape(1, 1), 1)" });
}
