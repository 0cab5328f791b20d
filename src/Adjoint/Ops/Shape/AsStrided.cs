namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A view with sizes, strides and storage offset of one's own choice, in elements.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="strides">The strides, not negative.</param>
    /// <param name="storageOffset">Where the first element is in the storage; by default where this tensor's is.</param>
    /// <exception cref="ShapeException">The view would reach outside of the storage.</exception>
    public Tensor AsStrided(Shape shape, ReadOnlySpan<int> strides, int? storageOffset = null) =>
        Linear.View(new AsStridedOp(shape.Given(), strides.ToArray(), storageOffset ?? Offset, this), this);

    // What a view's history becomes when its base is changed in place.
    internal Node NodeAsPartOf(Tensor source) => AsStridedOp.NodeFor(source, this);
}

/// <summary>y shows chosen places of the storage of x; its transpose adds each gradient to its place.</summary>
internal readonly struct AsStridedOp(Shape shape, int[] strides, int offset, Tensor source) : ILinearOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("shape", shape);
        to.Add("strides", strides);
        to.Add("offset", offset);
    }

    private readonly int[] _sourceStrides = source.Strides.ToArray();
    private readonly int _sourceOffset = source.Offset;
    private readonly Shape _sourceShape = source.Shape;

    public string NodeName => "AsStridedBackward0";

    /// <summary>The history of a view as a part of its base.</summary>
    internal static Node NodeFor(Tensor source, Tensor view) =>
        new LinearNode<AsStridedOp>(Here.Now, new AsStridedOp(view.Shape, view.Strides.ToArray(), view.Offset, source), source);

    public Tensor Forward(Tensor x)
    {
        if (strides.Length != shape.NDim)
            throw new ShapeException($"AsStrided: {strides.Length} strides were given for the {shape.NDim} dimensions of {shape}.");
        foreach (int stride in strides)
            if (stride < 0) throw new ShapeException($"AsStrided: strides must not be negative, but are {Shape.Text(strides)}.");
        long last = Reach(shape, strides, offset);
        if (offset < 0 || (shape.NumEl > 0 && last >= x.MemoryLength))
            throw new ShapeException(
                $"AsStrided: sizes {shape}, strides {Shape.Text(strides)} and offset {offset} reach outside of a storage of "
                + $"{x.MemoryLength} elements.");
        return x.Alias(shape, strides, offset);
    }

    // A tangent need not lie in memory as x does: it is laid out so first.
    public Tensor Apply(Tensor x) => Linear.Apply(new AsStridedScatterOp(this, transposed: true), x);

    public Tensor Transpose(Tensor g, TensorFacts x) => Linear.Apply(new AsStridedScatterOp(this), g);

    /// <summary>
    /// A flat array for all of the storage that x or y shows, and what they show of it. Either may begin before the other.
    /// </summary>
    internal (Tensor Source, Tensor Part) Flat(DType dtype)
    {
        // What shows nothing is nowhere.
        int part = shape.NumEl == 0 ? _sourceOffset : offset, source = _sourceShape.NumEl == 0 ? part : _sourceOffset,
            first = Math.Min(part, source);
        long last = Math.Max(Reach(shape, strides, part), Reach(_sourceShape, _sourceStrides, source));
        Tensor flat = Tensor.Zeros(Shape.Computed(last - first + 1), dtype);
        return (flat.Alias(_sourceShape, _sourceStrides, source - first), flat.Alias(shape, strides, part - first));
    }

    /// <summary>The last place that a layout shows; its first one if it shows none.</summary>
    private static long Reach(Shape shape, int[] strides, int offset)
    {
        long last = offset;
        if (shape.NumEl == 0) return last;
        for (int d = 0; d < strides.Length; d++) last += (shape[d] - 1L) * strides[d];
        return last;
    }
}

/// <summary>
/// The transpose of <see cref="AsStridedOp"/>: adds each gradient to its place in the storage of x. Transposed again it is the view,
/// as a copy out of such a storage.
/// </summary>
internal readonly struct AsStridedScatterOp(AsStridedOp view, bool transposed = false) : ILinearOp, IByHand
{
    public void Describe(OpAttributes to)
    {
        view.Describe(to);
        to.Add("transposed", transposed);
    }

    public string NodeName => "AsStridedBackwardBackward0";

    public Tensor Forward(Tensor g)
    {
        (Tensor source, Tensor part) = view.Flat(g.DType);
        Elements.AddTo(g, transposed ? source : part);
        return Elements.Copy(transposed ? part : source);
    }

    public Tensor Apply(Tensor g) => Linear.Apply(this, g);

    public void Write(Hand hand)
    {
        HandTensor g = hand.Input(0);
        (Tensor source, Tensor part) = view.Flat(g.DType);
        HandTensor flat = hand.New("flat", [source.MemoryLength], g.DType);
        (Tensor to, Tensor of) = transposed ? (source, part) : (part, source);
        hand.Add(g, flat.As(to.Shape, to.Strides.ToArray(), to.Offset));
        hand.Copy(flat.As(of.Shape, of.Strides.ToArray(), of.Offset), hand.Result);
    }

    public Tensor Transpose(Tensor g, TensorFacts x) => Linear.Apply(new AsStridedScatterOp(view, !transposed), g);
}

public static partial class OpTable
{
    private static Op AsStrided =>
        Op.Of(OpKind.Linear, "as_strided", x => x.Contiguous().AsStrided([2, 3], [1, 2], 1), new OpInput([8], Domain.Reals),
            new() { Formula = "the memory of x with other sizes and strides", Torch = "x.contiguous().as_strided([2, 3], [1, 2], 1)" });
}
