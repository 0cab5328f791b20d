namespace Adjoint;

/// <summary>
/// A linear function of one tensor: what it does, and its transpose. Its tangent is the function itself, its gradient the
/// transpose, and both are tensor operations, so every order of derivative follows.
/// </summary>
internal interface ILinearOp
{
    /// <summary>PyTorch's node name: <c>SumBackward1</c>.</summary>
    static abstract string NodeName { get; }

    /// <summary>The function, without history.</summary>
    Tensor Forward(Tensor x);

    /// <summary>The function again, with history: how the tangent is computed.</summary>
    Tensor Apply(Tensor x);

    /// <summary>The transpose of the function applied to <paramref name="g"/>.</summary>
    /// <param name="g">The gradient of the result.</param>
    /// <param name="x">What the result was computed from: its shape and dtype.</param>
    Tensor Transpose(Tensor g, TensorFacts x);
}

/// <summary>The driver of linear operations.</summary>
internal static class Linear
{
    /// <summary>Applies an operation whose result has memory of its own.</summary>
    internal static Tensor Apply<TOp>(TOp op, Tensor x) where TOp : struct, ILinearOp => Recorded(op, x, op.Forward(x));

    /// <summary>What the operation gives, computed already.</summary>
    internal static Tensor Recorded<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, ILinearOp
    {
        return History.IsWanted(x) ? History.Record(y, new LinearNode<TOp>(op, x), x) : y;
    }

    /// <summary>Applies an operation whose result shows the memory of x: a view.</summary>
    internal static Tensor View<TOp>(TOp op, Tensor x) where TOp : struct, ILinearOp
    {
        Tensor y = op.Forward(x).AsViewOf(x);
        return History.IsWanted(x) ? History.Record(y, new LinearNode<TOp>(op, x), x) : y;
    }
}

/// <summary>The node of every linear operation.</summary>
internal sealed class LinearNode<TOp>(TOp op, Tensor x) : UnaryNode(x) where TOp : struct, ILinearOp
{
    private readonly TensorFacts _x = TensorFacts.Of(x);

    public override string Name => TOp.NodeName;

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, op);

    private protected override Tensor? Vjp(Tensor g) => op.Transpose(g, _x);

    private protected override Tensor? Jvp(Tensor t) => op.Apply(t);
}
