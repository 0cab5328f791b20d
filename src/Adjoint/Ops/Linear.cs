namespace Adjoint;

/// <summary>
/// A linear function of one tensor: what it does, and its transpose. Its tangent is the function itself, its gradient the
/// transpose, and both are tensor operations, so every order of derivative follows.
/// </summary>
internal interface ILinearOp
{
    /// <summary>PyTorch's node name: <c>SumBackward1</c>.</summary>
    string NodeName { get; }

    /// <summary>Tells its attributes; those without need not have it.</summary>
    void Describe(OpAttributes to)
    {
    }

    /// <summary>The function, without history.</summary>
    Tensor Forward(Tensor x);

    /// <summary>The function again, with history: how the tangent is computed.</summary>
    Tensor Apply(Tensor x);

    /// <summary>The transpose of the function applied to <paramref name="g"/>.</summary>
    /// <param name="g">The gradient of the result.</param>
    /// <param name="x">What the result was computed from: its shape and dtype.</param>
    Tensor Transpose(Tensor g, TensorFacts x);

    /// <summary>The function, without history, to memory that is there and contiguous: of an <see cref="ILinearInto"/>.</summary>
    /// <param name="x">The operand, and after it what the operation holds.</param>
    /// <param name="y">Where the result goes.</param>
    void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y) => throw new NotSupportedException(NodeName);
}

/// <summary>A linear operation that can write its result to memory that is there.</summary>
internal interface ILinearInto : ILinearOp
{
    /// <summary>Whether it can, for an operand and a result as they are in a call.</summary>
    bool GoesInto(GraphOperation call);

    /// <summary>Whether single numbers pass through it as they are.</summary>
    bool KeepsNumbers => true;

    /// <summary>Whether it needs operands and a result of one dtype of floating point; who does not looks at them itself.</summary>
    bool IsPlain => true;
}

/// <summary>The driver of linear operations.</summary>
internal static class Linear
{
    /// <summary>Applies an operation whose result has memory of its own.</summary>
    internal static Tensor Apply<TOp>(TOp op, Tensor x) where TOp : struct, ILinearOp => Door.Run(new Call<TOp>(op, isView: false), x);

    /// <summary>Applies an operation whose result shows the memory of x: a view.</summary>
    internal static Tensor View<TOp>(TOp op, Tensor x) where TOp : struct, ILinearOp => Door.Run(new Call<TOp>(op, isView: true), x);

    /// <summary>What the operation gives, computed behind the door by another.</summary>
    internal static Tensor Recorded<TOp>(Here here, TOp op, Tensor x, Tensor y) where TOp : struct, ILinearOp =>
        History.IsWanted(here, x) ? History.Record(here, y, new LinearNode<TOp>(here, op, x), x) : y;

    private struct CopyWork : IFloatingWork
    {
        internal IScalarStep? Step { get; private set; }

        public void Run<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
            Step = new ScalarStep<CopyFormula<T>, T>(default);
    }

    private readonly struct Call<TOp>(TOp op, bool isView) : ITensorOperation, IHolder<Call<TOp>>, IIntoOperation, IScalarOperation, IByHand
        where TOp : struct, ILinearOp
    {
        public bool MayOverwrite => false;

        public bool GoesInto(GraphOperation call) =>
            op is ILinearInto into && (!into.IsPlain || IntoCalls.ArePlain(call)) && into.GoesInto(call);

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) => op.ForwardInto(x, results[0]!);

        public IScalarStep?[]? Scalars(DType dtype)
        {
            if (op is not ILinearInto { KeepsNumbers: true }) return null;
            var work = new CopyWork();
            Dispatch.Floating(dtype, op.NodeName, ref work);
            return [work.Step];
        }

        public IReadOnlyList<Tensor> Held => op is IHolder<TOp> holder ? holder.Held : [];

        public Call<TOp> Holding(IReadOnlyList<Tensor> held) => new(((IHolder<TOp>)op).Holding(held), isView);

        public string Name => NodeName.Operation(op.NodeName);

        public void Describe(OpAttributes to) => op.Describe(to);

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!, y = op.Forward(x);
            return Recorded(here, op, x, isView ? y.AsViewOf(x) : y);
        }

        public void Write(Hand hand)
        {
            if (op is IByHand written) written.Write(hand);
            // What is chosen by another tensor is other elements another time.
            else if (Held.Count > 0) throw hand.Refused("");
            else HandMoves.Write(hand, op.Forward);
        }
    }
}

/// <summary>The node of every linear operation.</summary>
internal sealed class LinearNode<TOp>(Here here, TOp op, Tensor x) : UnaryNode(here, x) where TOp : struct, ILinearOp
{
    private readonly TensorFacts _x = TensorFacts.Of(x);

    public override string Name => op.NodeName;

    public override IReadOnlyDictionary<string, object?> Saved
    {
        get
        {
            var attributes = new OpAttributes();
            op.Describe(attributes);
            return attributes.Values;
        }
    }

    // Places of an index are needed as often as one goes through.
    internal override bool HoldsSaved => op is IHolder<TOp> { Held.Count: > 0 };

    private protected override Tensor? Vjp(Here here, Tensor g) => op.Transpose(g, _x);

    private protected override Tensor? Jvp(Tensor t) => op.Apply(t);
}
