namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy with <paramref name="value"/> where the mask holds.</summary>
    /// <param name="mask">A Bool tensor; the shapes broadcast.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="DTypeException">The mask is not Bool, or the value is out of the range of the dtype.</exception>
    public Tensor MaskedFill(Tensor mask, Number value)
    {
        try
        {
            return Linear.Apply(new MaskedFillOp(mask.Given(), value.Fitting("MaskedFill", DType)), this);
        }
        catch (TensorException e) when (e.IsOf(nameof(MaskedFill)))
        {
            throw;
        }
    }

    /// <summary>
    /// A copy with <paramref name="value"/>, a tensor without dimensions, where the mask holds; the value gets the sum of the gradients
    /// there.
    /// </summary>
    /// <param name="mask">A Bool tensor; the shapes broadcast.</param>
    /// <param name="value">A tensor without dimensions.</param>
    /// <exception cref="DTypeException">The mask is not Bool, or the value is out of the range of the dtype.</exception>
    public Tensor MaskedFill(Tensor mask, Tensor value)
    {
        try
        {
            return MaskedFillOp.With(this, mask.Given(), value.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(MaskedFill)))
        {
            throw;
        }
    }

    /// <summary>Sets the elements to <paramref name="value"/> where the mask holds, in place.</summary>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor's shape.</exception>
    /// <exception cref="DTypeException">The mask is not Bool, or the value is out of the range of the dtype.</exception>
    public Tensor MaskedFillInPlace(Tensor mask, Number value)
    {
        try
        {
            return MaskedFillOp.InPlace(this, mask.Given(), value.Fitting("MaskedFillInPlace", DType));
        }
        catch (TensorException e) when (e.IsOf(nameof(MaskedFillInPlace)))
        {
            throw;
        }
    }

    /// <summary>
    /// Sets the elements to <paramref name="value"/>, a tensor without dimensions, where the mask holds, in place; the value gets the sum
    /// of the gradients there.
    /// </summary>
    /// <param name="mask">A Bool tensor; broadcast to the shape of this tensor.</param>
    /// <param name="value">A tensor without dimensions.</param>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor's shape, or the value has dimensions.</exception>
    /// <exception cref="DTypeException">The mask is not Bool, or the value is out of the range of the dtype.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor MaskedFillInPlace(Tensor mask, Tensor value) =>
        Replacement.Plain(
            "MaskedFillInPlace", this, mask.Given(), value.Given(), (x, mask, value) => x.MaskedFill(mask, value));
}

/// <summary>y = c where the mask holds, else x; the tangent and the gradient are 0 where it holds.</summary>
internal readonly struct MaskedFillOp(Tensor mask, Number value) : ILinearOp, IHolder<MaskedFillOp>, IByHand
{
    public IReadOnlyList<Tensor> Held => [mask];

    public MaskedFillOp Holding(IReadOnlyList<Tensor> held) => new(held[0], value);

    public void Describe(OpAttributes to)
    {
        to.Add("mask", mask);
        to.Add("value", value);
    }

    private readonly int _version = mask.ChangeCount;

    public string NodeName => "MaskedFillBackward0";

    internal static Tensor With(Tensor x, Tensor mask, Tensor value) => value.NDim == 0 ? Tensor.Where(mask, value.To(x.DType), x)
        : throw new ShapeException($"MaskedFill: the value must be a tensor without dimensions, but has shape {value.Shape}. Use Where.");

    internal static Tensor InPlace(Tensor x, Tensor mask, Number value) => Door.Run(new CallInPlace(new MaskedFillOp(mask, value)), x);

    public Tensor Forward(Tensor x) => Tensor.Where(mask, Tensor.Full(Shape.Scalar, value, x.DType), x.Detach());

    public Tensor Apply(Tensor x) => x.MaskedFill(mask, 0.0);

    public void Write(Hand hand) => Write(hand, hand.Result);

    internal void Write(Hand hand, HandTensor y)
    {
        string number = y.Word == "byte" ? $"(byte){Hand.Literal(value, y.Word)}" : Hand.Literal(value, y.Word);
        hand.Each(e => hand.Store(e[0], $"{WhereOp.Condition(hand, e[1])} ? {number} : {hand.Element(e[2])}"), y,
            hand.Input(1).Expanded(y.Shape), hand.Input(0).Expanded(y.Shape));
    }

    public Tensor Transpose(Tensor g, TensorFacts x) => g.MaskedFill(IndexTensors.Unchanged(NodeName, mask, _version), 0.0).SumTo(x.Shape);

    private readonly struct CallInPlace(MaskedFillOp op) : ITensorOperation, IHolder<CallInPlace>, IByHand
    {
        public string Name => "masked_fill_";

        public IReadOnlyList<Tensor> Held => op.Held;

        public CallInPlace Holding(IReadOnlyList<Tensor> held) => new(op.Holding(held));

        public void Describe(OpAttributes to) => op.Describe(to);

        public void Write(Hand hand) => op.Write(hand, hand.Input(0));

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!;
            x.CheckInPlace("MaskedFillInPlace", x.RequiresGrad);
            Tensor result = op.Forward(x);
            if (!result.Shape.Equals(x.Shape))
                throw new ShapeException(
                    $"MaskedFillInPlace: the mask of shape {op.Held[0].Shape} does not broadcast to the shape {x.Shape}.");
            Elements.CopyTo(result, x);
            x.BumpVersion();
            if (History.IsWanted(here, x)) History.RecordInPlace(x, new LinearNode<MaskedFillOp>(here, op, x), [x]);
            return x;
        }
    }
}

public static partial class OpTable
{
    private static Op MaskedFill => Op.Of(OpKind.Linear, "masked_fill", x => x.MaskedFill(Chosen(x), 2), Matrix,
        new() { Formula = "a number where the mask holds, elsewhere x", Torch = "x.masked_fill(chosen(x), 2)" });
}
