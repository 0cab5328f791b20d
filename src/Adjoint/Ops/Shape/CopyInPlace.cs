namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// Overwrites this tensor with <paramref name="source"/>, broadcast and converted. The gradient goes to the source only.
    /// </summary>
    /// <exception cref="ShapeException">The source does not broadcast to this tensor's shape.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor CopyInPlace(Tensor source) => CopyOp.Copy(this, source.Given());

    /// <summary>Sets every element to zero, in place.</summary>
    public Tensor ZeroInPlace()
    {
        try
        {
            return FillInPlace(0);
        }
        catch (TensorException e) when (e.IsOf(nameof(ZeroInPlace)))
        {
            throw;
        }
    }

    /// <summary>Sets every element to a number, in place.</summary>
    public Tensor FillInPlace(Number value)
    {
        try
        {
            return CopyOp.Fill(this, Full(Adjoint.Shape.Scalar, value, DType));
        }
        catch (TensorException e) when (e.IsOf(nameof(FillInPlace)))
        {
            throw;
        }
    }

    /// <summary>Sets every element to that of a tensor without dimensions, in place; it gets the sum of the gradients.</summary>
    /// <param name="value">A tensor without dimensions.</param>
    /// <exception cref="ShapeException">The value has dimensions.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor FillInPlace(Tensor value) => value.Given().NDim == 0 ? Tensor.Speaking("FillInPlace", () => CopyInPlace(value))
        : throw new ShapeException($"FillInPlace: the value must be a tensor without dimensions, but has shape {value.Shape}.");
}

/// <summary>x is overwritten with a source.</summary>
internal readonly struct CopyOp(string name, string nodeName) : ITensorOperation, IByHand
{
    public string Name => name;

    public void Describe(OpAttributes to)
    {
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor target = inputs[0]!, source = inputs[1]!;
        target.CheckInPlace("CopyInPlace", target.RequiresGrad || source.RequiresGrad);
        if (Layout.Broadcast(target.Shape, source.Shape) is not { } shape || !shape.Equals(target.Shape))
            throw new ShapeException(
                $"CopyInPlace: a source of shape {source.Shape} does not broadcast to a target of shape {target.Shape}.");
        if (source.SharesStorageWith(target)) source = source.Snapshot();
        Tensor values = source.DType == target.DType ? source : Elements.Cast(source, target.DType);
        if (!values.Shape.Equals(shape))
            values = values.Alias(shape, Layout.ExpandStrides(values.Shape, values.Strides, shape), values.Offset);
        Elements.CopyTo(Elements.ToContiguous(values), target);
        target.BumpVersion();
        if (History.IsWanted(here, target, source))
        {
            var rule = new CopyRule(nodeName, TensorFacts.Of(target), TensorFacts.Of(source));
            History.RecordInPlace(target, new RuleNode<CopyRule>(here, rule, target, source), [target, source]);
        }
        return target;
    }

    public void Write(Hand hand) => hand.Copy(hand.Apart(hand.Input(1), hand.Input(0)), hand.Input(0));

    internal static Tensor Copy(Tensor target, Tensor source) => Door.Run(new CopyOp("copy_", "CopyBackwards"), target, source);

    internal static Tensor Fill(Tensor target, Tensor number) => Door.Run(new CopyOp("fill_", "ZeroBackward0"), target, number);
}

/// <summary>The gradient goes to the source, and zero to what was there before.</summary>
internal readonly struct CopyRule(string nodeName, TensorFacts target, TensorFacts source) : IRule
{
    public string NodeName => nodeName;

    public int Results => 1;

    public void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (wanted[0]) dx[0] = g[0]!.ZerosLike();
        if (wanted[1]) dx[1] = g[0]!.SumTo(source.Shape).To(source.DType);
    }

    public void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) =>
        dy[0] = t[1] is { } tangent ? tangent.To(target.DType).Expand(target.Shape).Clone() : Tensor.Zeros(target.Shape, target.DType);
}

public static partial class OpTable
{
    private static Op Copy => Op.Of(OpKind.Linear, "copy", (x, y) => x.Clone().CopyInPlace(y), Matrix, Row,
        new() { Formula = "y in the place of x", Torch = "copied(x, y)" });
}
