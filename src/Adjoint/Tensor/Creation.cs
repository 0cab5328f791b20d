namespace Adjoint;

/// <summary>A tensor with one number in every element.</summary>
internal readonly struct FullOp(Shape shape, Number value, DType dtype) : ITensorOperation, IByHand
{
    public string Name => "full";

    public void Describe(OpAttributes to)
    {
        to.Add("size", shape);
        to.Add("fill_value", value);
        to.Add("dtype", dtype);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs) => Filled(here, shape, value, dtype);

    public string Formula => value.ToString();

    public void Write(Hand hand)
    {
        string number = Hand.Literal(value, dtype.Row.CSharp);
        hand.Each(e => hand.Store(e[0], number), hand.Result);
    }

    internal static Tensor Apply(Shape shape, Number value, DType dtype)
    {
        Here here = Here.Now;
        return Door.IsWatched(here) ? Door.Run(new FullOp(shape, value, dtype)) : Filled(here, shape, value, dtype);
    }

    private static Tensor Filled(Here here, Shape shape, Number value, DType dtype)
    {
        Tensor x = Tensor.Uninitialized(here, shape, dtype);
        Elements.Fill(x, value);
        return x;
    }
}

/// <summary>A tensor of zeros.</summary>
internal readonly struct ZerosOp(Shape shape, DType dtype) : ITensorOperation, IByHand
{
    public string Name => "zeros";

    public void Describe(OpAttributes to)
    {
        to.Add("size", shape);
        to.Add("dtype", dtype);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs) => Tensor.Zeroed(here, shape, dtype);

    // A new array is zero.
    public void Write(Hand hand)
    {
    }
}

/// <summary>A tensor of undefined content.</summary>
internal readonly struct EmptyOp(Shape shape, DType dtype) : ITensorOperation, IIntoOperation, IByHand
{
    public string Name => "empty";

    public void Describe(OpAttributes to)
    {
        to.Add("size", shape);
        to.Add("dtype", dtype);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs) => Tensor.Uninitialized(here, shape, dtype);

    public bool MayOverwrite => false;

    public bool GoesInto(GraphOperation call) => IntoCalls.ArePlain(call);

    public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results)
    {
    }

    public void Write(Hand hand)
    {
    }
}

/// <summary>A tensor that is filled: sequences, the unit matrix.</summary>
internal readonly struct FilledOp<TFill>(string name, Shape shape, DType dtype, TFill fill) : ITensorOperation, IByHand where TFill
    : struct, IFill
{
    public string Name => name;

    public void Describe(OpAttributes to)
    {
        to.Add("size", shape);
        to.Add("dtype", dtype);
        fill.Describe(to);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = Tensor.Uninitialized(here, shape, dtype);
        fill.Fill(x);
        return x;
    }

    public void Write(Hand hand) => hand.Constant(Run(Here.Now, []));
}
