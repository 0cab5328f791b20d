using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// Which elements an index chooses: the dimensions it names become one (neighbours, after they were moved to the front where
/// necessary), and <see cref="Places"/> are the chosen places in it.
/// </summary>
/// <param name="Places">The places, Int64, one dimension.</param>
/// <param name="First">The first dimension that is indexed.</param>
/// <param name="Count">How many are indexed.</param>
/// <param name="IndexShape">The shape that replaces these dimensions.</param>
/// <param name="Order">The order of dimensions that brings the indexed ones together, or null where they are neighbours.</param>
internal sealed record IndexPlan(Tensor Places, int First, int Count, Shape IndexShape, int[]? Order = null)
{
    private readonly int _version = Places.ChangeCount;

    // Whether the places are known to lie in what is indexed.
    private bool IsChecked { get; init; } = true;

    /// <summary>The same plan with other places, which are checked when it is used.</summary>
    /// <exception cref="TensorIndexException">They are not as many, or no contiguous Int64.</exception>
    internal IndexPlan Choosing(Tensor places) => ReferenceEquals(places, Places) ? this
        : new IndexPlan(IndexTensors.Like(places, Places), First, Count, IndexShape, Order) { IsChecked = false };

    /// <summary>The places, which the user may hold too, if they are what they were when the operation ran.</summary>
    /// <exception cref="VersionException">They were changed in place since.</exception>
    internal IndexPlan Unchanged(string node)
    {
        IndexTensors.Unchanged(node, Places, _version);
        return this;
    }

    /// <summary>One list of places along one dimension.</summary>
    internal static IndexPlan Along(string operation, Tensor x, int dim, Tensor index)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (index.NDim > 1) throw new ShapeException($"{operation}: the index must have one dimension, but has shape {index.Shape}.");
        Tensor places = IndexTensors.Checked(operation, index, size, d, wrap: false);
        return new IndexPlan(
            places.Alias([places.NumEl], null, places.Offset), d, x.NDim == 0 ? 0 : 1,
            x.NDim == 0 && places.NumEl == 1 ? Shape.Scalar : [places.NumEl]);
    }

    /// <summary>Places of the flattened tensor; negative ones count from the end.</summary>
    internal static IndexPlan Flat(string operation, Tensor x, Tensor index)
    {
        Tensor places = IndexTensors.Checked(operation, index, x.NumEl, 0, wrap: true);
        return new IndexPlan(places.Alias([places.NumEl], null, places.Offset), 0, x.NDim, index.Shape);
    }

    /// <summary>Where a mask of the tensor's own shape holds.</summary>
    internal static IndexPlan Mask(Tensor x, Tensor mask)
    {
        Tensor places = IndexTensors.True(mask);
        return new IndexPlan(places, 0, x.NDim, [places.NumEl]);
    }

    /// <summary>A mask that is the only index, or null: its places are counted through without a list for each of its dimensions.</summary>
    private static IndexPlan? OfMask(Shape shape, IReadOnlyList<Tensor?> indices)
    {
        int at = 0;
        while (indices[at] is null) at++;
        Tensor mask = indices[at]!;
        if (!mask.DType.IsBool || mask.NDim == 0 || at + mask.NDim > shape.NDim) return null;
        for (int d = 0; d < mask.NDim; d++)
            if (mask.Shape[d] != shape[at + d]) return null;
        Tensor places = IndexTensors.True(mask);
        return new IndexPlan(places, at, mask.NDim, [places.NumEl]);
    }

    /// <summary>Indices and masks for some of the dimensions, broadcast against each other, as NumPy and PyTorch combine them.</summary>
    /// <param name="shape">The shape that is indexed.</param>
    /// <param name="indices">An index or mask for each dimension (a mask of k dimensions stands for k), or null.</param>
    /// <exception cref="TensorIndexException">An index is out of range, or a mask has another shape than what it masks.</exception>
    internal static IndexPlan Of(Shape shape, IReadOnlyList<Tensor?> indices)
    {
        if (indices.Count(index => index is not null) == 1 && OfMask(shape, indices) is { } masked) return masked;
        List<Tensor?> all = IndexTensors.WithoutMasks(shape, indices);
        var dims = new List<int>();
        Shape common = Shape.Scalar;
        for (int d = 0; d < all.Count; d++)
        {
            if (all[d] is not { } index) continue;
            dims.Add(d);
            common = Layout.Broadcast(common, index.Shape)
                ?? throw new TensorIndexException(
                    $"Index: the indices do not broadcast; one has shape {index.Shape}, those before {common}.");
        }
        Tensor flat = Door.Run(new CombinedPlacesOp(shape, [.. dims], common), [.. dims.Select(d => all[d])]);
        // Without any index everything is chosen, once.
        if (dims.Count == 0) return new IndexPlan(flat, 0, 0, common);
        bool neighbours = dims[^1] - dims[0] == dims.Count - 1;
        int[]? order = neighbours ? null : [.. dims, .. Enumerable.Range(0, shape.NDim).Where(d => !dims.Contains(d))];
        return new IndexPlan(flat, neighbours ? dims[0] : 0, dims.Count, common, order);
    }

    /// <summary>Tells what it is but for the places.</summary>
    internal void Describe(OpAttributes to)
    {
        to.Add("first", First);
        to.Add("count", Count);
        to.Add("index_shape", IndexShape);
        to.Add("order", Order);
    }

    /// <summary>The tensor with its dimensions in the order of the plan.</summary>
    /// <summary>Writes something for each chosen element: the element as it lies in a tensor, and that of what is chosen.</summary>
    internal void Write(Hand hand, HandTensor x, HandTensor places, HandTensor chosen, Action<HandTensor, HandTensor> body)
    {
        HandTensor ordered = Order is null ? x : x.Permuted(Order);
        int first = First, count = Count, n = places.Shape.NumEl;
        HandTensor list = places.As([n], places.Shape.NDim == 0 ? [0] : places.Strides[^1..], places.Offset);
        int[] strides = chosen.Strides;
        int step = IndexShape.NDim == 0 ? 0 : strides[first + IndexShape.NDim - 1];
        HandTensor values = chosen.As(
            [.. chosen.Shape.Sizes[..first], n, .. chosen.Shape.Sizes[(first + IndexShape.NDim)..]],
            [.. strides[..first], step, .. strides[(first + IndexShape.NDim)..]], chosen.Offset);
        HandTensor before = ordered.As(
            [.. ordered.Shape.Sizes[..first], n, .. ordered.Shape.Sizes[(first + count)..]],
            [.. ordered.Strides[..first], 0, .. ordered.Strides[(first + count)..]], ordered.Offset);
        HandTensor all = list.As(values.Shape, [.. new int[first], .. list.Strides, .. new int[values.Shape.NDim - first - 1]],
            list.Offset);
        int[] sizes = [.. ordered.Shape.Sizes[first..(first + count)]], along = ordered.Strides[first..(first + count)];
        hand.Each(e => body(HandIndex.At(e[0], sizes, along, hand.Element(e[1])), e[2]), before, all, values);
    }

    internal Tensor Ordered(Tensor x) => Order is null ? x : Layout.Permuted(x, Order);

    /// <summary>The inverse of <see cref="Ordered(Tensor)"/>.</summary>
    internal Tensor Restored(Tensor x) => Order is null ? x : Layout.Permuted(x, Layout.Inverse(Order));

    /// <summary>The shape in the order of the plan.</summary>
    internal Shape Ordered(Shape shape)
    {
        if (Order is null) return shape;
        var sizes = new int[Order.Length];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = shape[Order[i]];
        return Shape.Of(sizes);
    }

    /// <summary>The shape of what is chosen.</summary>
    /// <param name="ordered">The shape that is indexed, in the order of the plan.</param>
    internal Shape Result(Shape ordered) => [.. ordered.Sizes[..First], .. IndexShape.Sizes, .. ordered.Sizes[(First + Count)..]];

    /// <summary>The sizes before, of, and after the indexed dimensions.</summary>
    /// <param name="ordered">The shape that is indexed, in the order of the plan.</param>
    internal (int Outer, int N, int Inner) Blocks(Shape ordered)
    {
        int outer = 1, n = 1, inner = 1;
        for (int d = 0; d < ordered.NDim; d++)
        {
            if (d < First) outer *= ordered[d];
            else if (d < First + Count) n *= ordered[d];
            else inner *= ordered[d];
        }
        if (!IsChecked) IndexTensors.RequireInside(Places, n);
        return (outer, n, inner);
    }
}

/// <summary>The places that several indices choose together, each in its own dimension, in the row of all of them.</summary>
internal readonly struct CombinedPlacesOp(Shape shape, int[] dims, Shape common) : ITensorOperation, IByHand
{
    public string Name => "ravel_multi_index";

    public void Describe(OpAttributes to)
    {
        to.Add("dims", dims);
        to.Add("size", shape);
        to.Add("shape", common);
    }

    public void Write(Hand hand)
    {
        (Shape sizes, int[] along) = (shape, dims);
        Shape whole = common;
        HandTensor[] indices = [.. Enumerable.Range(0, hand.Inputs).Select(i => hand.Input(i).Expanded(whole))];
        hand.Each(e =>
        {
            List<string> terms = [];
            for (int k = along.Length - 1, step = 1; k >= 0; step *= sizes[along[k--]])
            {
                string place = HandIndex.Checked(hand, hand.Element(e[k + 1]), sizes[along[k]], wrap: true);
                terms.Insert(0, step == 1 ? place : $"{place} * {step}");
            }
            hand.Store(e[0], terms.Count == 0 ? "0" : string.Join(" + ", terms));
        }, [HandTensor.Whole(hand.Result.Memory, common), .. indices]);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> indices)
    {
        Tensor flat = Tensor.Outside([common.NumEl], DType.Int64);
        int step = 1;
        using var memory = new Loan();
        for (int k = dims.Length - 1; k >= 0; k--)
        {
            int d = dims[k];
            Tensor index = IndexTensors.Checked("Index", indices[k]!, shape[d], d, wrap: true);
            Tensor expanded =
                Elements.ToContiguous(index.Alias(common, Layout.ExpandStrides(index.Shape, index.Strides, common), index.Offset));
            PlaceLists.Add(memory.Of<long>(expanded), step, memory.Of<long>(flat));
            step *= shape[d];
        }
        return flat;
    }
}
