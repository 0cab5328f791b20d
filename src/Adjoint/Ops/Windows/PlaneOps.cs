namespace Adjoint;

/// <summary>
/// y = the elements of x at numbers in its last dimensions, which are counted through together; its transpose adds each gradient to its
/// place among zeros.
/// </summary>
/// <param name="nodeName">PyTorch's name of the node.</param>
/// <param name="index">The numbers, Int64: the first dimensions are those of x.</param>
/// <param name="dims">How many dimensions are counted together.</param>
/// <param name="isGiven">Whether the numbers come from elsewhere, and are checked when they are used.</param>
internal readonly struct PlanePickOp(string nodeName, Tensor index, int dims, bool isGiven = false) : ILinearOp, IHolder<PlanePickOp>,
    IByHand
{
    private readonly int _version = index.ChangeCount;

    public IReadOnlyList<Tensor> Held => [index];

    public string NodeName => nodeName;

    public PlanePickOp Holding(IReadOnlyList<Tensor> held) =>
        ReferenceEquals(held[0], index) ? this : new(nodeName, IndexTensors.Like(held[0], index), dims, isGiven: true);

    public void Describe(OpAttributes to)
    {
        to.Add("indices", index);
        to.Add("dims", dims);
    }

    public Tensor Forward(Tensor x)
    {
        Tensor plane = Planes.Flat(Elements.ToContiguous(x), dims), places = Planes.Flat(Elements.ToContiguous(index), dims);
        if (isGiven) IndexTensors.RequireInside(places, plane.Shape[1]);
        return Picking.Gather(plane, 1, places).Alias(index.Shape, null, 0);
    }

    public Tensor Apply(Tensor x) => Linear.Apply(this, x);

    public Tensor Transpose(Tensor g, TensorFacts x) => Linear.Apply(
        new PlanePutOp(Planes.Twice(nodeName), IndexTensors.Unchanged(nodeName, index, _version), dims, x.Shape, adds: true), g);

    public void Write(Hand hand)
    {
        HandTensor x = Planes.Flat(hand.Input(0), dims), places = Planes.Flat(hand.Input(1), dims), y = Planes.Flat(hand.Result, dims);
        Picking.Write(hand, x, 1, places, y, (from, to) => hand.Store(to, hand.Element(from)));
    }
}

/// <summary>x = zeros of a shape to which elements are added (or written: of several the last) at numbers in the last dimensions.</summary>
internal readonly struct PlanePutOp(string nodeName, Tensor index, int dims, Shape shape, bool adds) : ILinearOp, IHolder<PlanePutOp>,
    IByHand
{
    private readonly int _version = index.ChangeCount;

    public IReadOnlyList<Tensor> Held => [index];

    public string NodeName => nodeName;

    public PlanePutOp Holding(IReadOnlyList<Tensor> held)
    {
        if (ReferenceEquals(held[0], index)) return this;
        Tensor places = IndexTensors.Like(held[0], index);
        IndexTensors.RequireInside(places, Planes.Size(shape, dims));
        return new(nodeName, places, dims, shape, adds);
    }

    public void Describe(OpAttributes to)
    {
        to.Add("indices", index);
        to.Add("dims", dims);
        to.Add("size", shape);
        to.Add("adds", adds);
    }

    public Tensor Forward(Tensor g)
    {
        Tensor y = Tensor.Zeros(shape, g.DType);
        Picking.Write(
            Planes.Flat(y, dims), 1, Planes.Flat(Elements.ToContiguous(index), dims), Planes.Flat(Elements.ToContiguous(g), dims), adds);
        return y;
    }

    public Tensor Apply(Tensor g) => Linear.Apply(this, g);

    public Tensor Transpose(Tensor g, TensorFacts x) =>
        Linear.Apply(new PlanePickOp(Planes.Twice(nodeName), IndexTensors.Unchanged(nodeName, index, _version), dims), g);

    public void Write(Hand hand)
    {
        HandTensor g = Planes.Flat(hand.Input(0), dims), places = Planes.Flat(hand.Input(1), dims), y = Planes.Flat(hand.Result, dims);
        string sign = adds ? "+=" : "=";
        if (!adds) hand.Each(e => hand.Store(e[0], "0"), y);
        Picking.Write(hand, y, 1, places, g, (to, from) => hand.Line($"{hand.Element(to)} {sign} {hand.Element(from)};"));
    }
}

/// <summary>The last dimensions of a tensor as one, and the others as one.</summary>
internal static class Planes
{
    internal static int Size(Shape shape, int dims)
    {
        int size = 1;
        foreach (int n in shape.Sizes[^dims..]) size *= n;
        return size;
    }

    internal static Tensor Flat(Tensor x, int dims) => x.Alias(Flat(x.Shape, dims), null, x.Offset);

    internal static HandTensor Flat(HandTensor x, int dims)
    {
        Shape flat = Flat(x.Shape, dims);
        return Layout.ViewStrides(x.Shape, x.Strides, flat.Sizes.ToArray()) is { } strides ? x.As(flat, strides, x.Offset)
            : throw new NotSupportedException("Its planes do not lie one after the other.");
    }

    internal static string Twice(string nodeName) => nodeName.Replace("Backward", "BackwardBackward", StringComparison.Ordinal);

    private static Shape Flat(Shape shape, int dims)
    {
        int outer = 1;
        foreach (int n in shape.Sizes[..^dims]) outer *= n;
        return [outer, Size(shape, dims)];
    }
}
