namespace Adjoint;

/// <summary>
/// A function that writes a source to chosen places of x, or adds it there: linear in both. Its gradients are what of g is kept
/// for x, and what of g is read for the source.
/// </summary>
internal interface IUpdateOp
{
    /// <summary>PyTorch's node name: <c>IndexPutBackward0</c>.</summary>
    string NodeName { get; }

    /// <summary>Tells its attributes; those without need not have it.</summary>
    void Describe(OpAttributes to)
    {
    }

    /// <summary>Whether the source is added to what is there.</summary>
    bool Adds { get; }

    /// <summary>Writes to a contiguous target; the source has its dtype.</summary>
    void Write(Tensor target, Tensor source);

    /// <summary>Writes it by hand.</summary>
    /// <param name="hand">Writes; what the operation holds are its inputs from the third on.</param>
    /// <param name="target">What is written to.</param>
    /// <param name="source">What is written.</param>
    void Write(Hand hand, HandTensor target, HandTensor source) => throw hand.Refused("");

    /// <summary>The gradient of x: g, with zeros at places that are overwritten.</summary>
    Tensor Keep(Tensor g);

    /// <summary>The gradient of the source, before it is summed to its shape.</summary>
    Tensor Read(Tensor g);
}

/// <summary>The driver of updates.</summary>
internal static class Update
{
    /// <summary>A copy of x with the source written to it.</summary>
    internal static Tensor Apply<TOp>(TOp op, Tensor x, Tensor source)
        where TOp : struct, IUpdateOp =>
        Door.Run(new Call<TOp>(op), x, source);

    /// <summary>Writes the source to x itself.</summary>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    internal static Tensor ApplyInPlace<TOp>(TOp op, Tensor x, Tensor source) where TOp : struct, IUpdateOp =>
        Door.Run(new CallInPlace<TOp>(op), x, source);

    private static Tensor Written<TOp>(Here here, TOp op, Tensor x, Tensor source) where TOp : struct, IUpdateOp
    {
        Tensor y = Elements.Copy(x);
        Write(op, y, Binary.Operand(source, x.DType));
        return History.IsWanted(here, x, source) ? History.Record(here, y, Node(here, op, x, source), x, source) : y;
    }

    private static Tensor WrittenInPlace<TOp>(Here here, TOp op, Tensor x, Tensor source) where TOp : struct, IUpdateOp
    {
        x.CheckInPlace(NodeName.Words(op.NodeName), x.RequiresGrad || source.RequiresGrad);
        if (source.SharesStorageWith(x)) source = source.Snapshot();
        Tensor values = Binary.Operand(source, x.DType);
        Tensor target = Elements.ToContiguous(x);
        Write(op, target, values);
        if (!ReferenceEquals(target, x)) Elements.CopyTo(target, x);
        x.BumpVersion();
        if (History.IsWanted(here, x, source)) History.RecordInPlace(x, Node(here, op, x, source), [x, source]);
        return x;
    }

    private static Node Node<TOp>(Here here, TOp op, Tensor x, Tensor source) where TOp : struct, IUpdateOp =>
        new RuleNode<UpdateRule<TOp>>(here, new UpdateRule<TOp>(op, TensorFacts.Of(x), TensorFacts.Of(source)), x, source);

    // Sums of truth values are truth values: a byte would hold 2 and, after 256 of them, 0.
    private static void Write<TOp>(TOp op, Tensor target, Tensor source) where TOp : struct, IUpdateOp
    {
        if (!op.Adds || !target.DType.IsBool)
        {
            op.Write(target, source);
            return;
        }
        Tensor counts = Elements.Cast(target, DType.Int64);
        op.Write(counts, Elements.Cast(source, DType.Int64));
        Elements.CopyTo(Elements.Cast(counts, DType.Bool), target);
    }

    /// <summary>A number to be written to every place.</summary>
    internal static Tensor Value(Tensor x, Number value) => Tensor.Full(Shape.Scalar, value, x.DType);

    internal static Tensor Scaled(Tensor x, Tensor source, Number? alpha)
    {
        if (alpha is not { } factor) return source;
        Promotion.Factor("IndexAdd", factor, x, source);
        return source * factor;
    }

    private readonly struct Call<TOp>(TOp op) : ITensorOperation, IHolder<Call<TOp>>, IByHand where TOp : struct, IUpdateOp
    {
        public IReadOnlyList<Tensor> Held => op is IHolder<TOp> holder ? holder.Held : [];

        public Call<TOp> Holding(IReadOnlyList<Tensor> held) => new(((IHolder<TOp>)op).Holding(held));

        public string Name => NodeName.Operation(op.NodeName);

        public void Describe(OpAttributes to) => op.Describe(to);

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => Written(here, op, x[0]!, x[1]!);

        public void Write(Hand hand)
        {
            hand.Copy(hand.Input(0), hand.Result);
            op.Write(hand, hand.Result, hand.Input(1));
        }
    }

    private readonly struct CallInPlace<TOp>(TOp op) : ITensorOperation, IHolder<CallInPlace<TOp>>, IByHand where TOp : struct, IUpdateOp
    {
        public IReadOnlyList<Tensor> Held => op is IHolder<TOp> holder ? holder.Held : [];

        public CallInPlace<TOp> Holding(IReadOnlyList<Tensor> held) => new(((IHolder<TOp>)op).Holding(held));

        public string Name => NodeName.Operation(op.NodeName) + "_";

        public void Describe(OpAttributes to) => op.Describe(to);

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => WrittenInPlace(here, op, x[0]!, x[1]!);

        public void Write(Hand hand) => op.Write(hand, hand.Input(0), hand.Apart(hand.Input(1), hand.Input(0)));
    }
}
