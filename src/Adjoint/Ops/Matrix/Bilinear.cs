namespace Adjoint;

/// <summary>
/// An operation that is linear in each of two arguments: the operation, and its transpose with respect to each. Its tangents are
/// the operation itself, its gradients the transposes, and all are tensor operations, so every order of derivative follows.
/// </summary>
internal interface IBilinearOp
{
    /// <summary>PyTorch's node name: <c>MmBackward0</c>.</summary>
    string NodeName { get; }

    /// <summary>PyTorch's names of the two arguments.</summary>
    (string Left, string Right) Arguments { get; }

    /// <summary>Tells its attributes; those without need not have it.</summary>
    void Describe(OpAttributes to)
    {
    }

    /// <summary>Tells what its node does not show; those without need not have it.</summary>
    void DescribeCall(OpAttributes to)
    {
    }

    /// <summary>The operation, without history.</summary>
    Tensor Forward(Tensor a, Tensor b);

    /// <summary>The gradient of the left argument.</summary>
    Tensor GradientOfLeft(Tensor g, Tensor b);

    /// <summary>The gradient of the right argument.</summary>
    Tensor GradientOfRight(Tensor g, Tensor a);

    /// <summary>The operation, without history, to memory that is there and contiguous: of an <see cref="IBilinearInto"/>.</summary>
    void ForwardInto(Tensor a, Tensor b, Tensor y) => throw new NotSupportedException(NodeName);
}

/// <summary>A bilinear operation that can write its result to memory that is there.</summary>
internal interface IBilinearInto : IBilinearOp;

/// <summary>The driver of bilinear operations.</summary>
internal static class Bilinear
{
    internal static Tensor Apply<TOp>(TOp op, Tensor a, Tensor b) where TOp : struct, IBilinearOp => Door.Run(new Call<TOp>(op), a, b);

    private readonly struct Call<TOp>(TOp op) : ITensorOperation, IIntoOperation, IByHand where TOp : struct, IBilinearOp
    {
        public bool MayOverwrite => false;

        public bool GoesInto(GraphOperation call) => op is IBilinearInto && IntoCalls.ArePlain(call);

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) =>
            op.ForwardInto(x[0]!, x[1]!, results[0]!);

        public string Name => NodeName.Operation(op.NodeName);

        public void Describe(OpAttributes to)
        {
            op.Describe(to);
            op.DescribeCall(to);
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x)
        {
            Tensor a = x[0]!, b = x[1]!, y = op.Forward(a, b);
            return History.IsWanted(here, a, b)
                ? History.Record(here, y, new RuleNode<BilinearRule<TOp>>(here, new BilinearRule<TOp>(here, op, a, b), a, b), a, b)
                : y;
        }

        public void Write(Hand hand)
        {
            if (op is not IByHand written) throw hand.Refused("");
            written.Write(hand);
        }

        public string Formula => op is IByHand written ? written.Formula : "";
    }
}

/// <summary>What a bilinear operation saves: each argument where the gradient of the other is wanted.</summary>
internal struct BilinearFactors
{
    private Saved _a, _b;

    internal BilinearFactors(Here here, Tensor a, Tensor b)
    {
        bool all = here.Has(GradMode.Switch.Tangents);
        if (all || b.RequiresGrad) _a = Saved.Input(here, a);
        if (all || a.RequiresGrad) _b = Saved.Input(here, b);
    }

    internal readonly Tensor Left(Node node) => _a.Get(node);

    internal readonly Tensor Right(Node node) => _b.Get(node);

    internal readonly void Show(SavedValues to, (string Left, string Right) names)
    {
        to.Add(names.Left, _a);
        to.Add(names.Right, _b);
    }

    internal void Free()
    {
        _a.Free();
        _b.Free();
    }
}

/// <summary>The rule of every bilinear operation: the product rule.</summary>
internal struct BilinearRule<TOp>(Here here, TOp op, Tensor a, Tensor b) : IRule where TOp : struct, IBilinearOp
{
    private readonly TOp _op = op;
    private BilinearFactors _saved = new(here, a, b);

    public readonly string NodeName => _op.NodeName;

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (wanted[0]) dx[0] = _op.GradientOfLeft(g[0]!, _saved.Right(node));
        if (wanted[1]) dx[1] = _op.GradientOfRight(g[0]!, _saved.Left(node));
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor? left = t[0] is { } ta ? Bilinear.Apply(_op, ta, _saved.Right(node)) : null;
        Tensor? right = t[1] is { } tb ? Bilinear.Apply(_op, _saved.Left(node), tb) : null;
        dy[0] = left is null || right is null ? left ?? right : left + right;
    }

    public readonly void Show(SavedValues to)
    {
        _saved.Show(to, _op.Arguments);
        _op.Describe(to.Attributes);
    }

    public void Free() => _saved.Free();
}
