namespace Adjoint;

/// <summary>
/// The transpose of a view: a gradient put back at the places that the view shows, among zeros. Where places coincide, it adds up.
/// </summary>
internal readonly struct EmbedOp<TView>(TView view, Shape shape) : ILinearInto, IByHand where TView : struct, ILinearOp
{
    public void Describe(OpAttributes to)
    {
        view.Describe(to);
        to.Add("shape", shape);
    }

    public string NodeName => view.NodeName.Replace("Backward", "BackwardBackward", StringComparison.Ordinal);

    internal static Tensor Apply(TView view, Tensor g, Shape shape) => Linear.Apply(new EmbedOp<TView>(view, shape), g);

    public Tensor Forward(Tensor g)
    {
        Tensor all = Tensor.Zeros(shape, g.DType);
        Elements.AddTo(g, view.Forward(all));
        return all;
    }

    public bool KeepsNumbers => false;

    public bool GoesInto(GraphOperation call) => true;

    public void ForwardInto(ReadOnlySpan<Tensor?> g, Tensor all)
    {
        Elements.Clear(all);
        Elements.AddTo(g[0]!, view.Forward(all));
    }

    public Tensor Apply(Tensor g) => Linear.Apply(this, g);

    // A new array is zero.
    public void Write(Hand hand) => hand.Add(hand.Input(0), hand.Result.As(view.Forward));

    public Tensor Transpose(Tensor g, TensorFacts x) => view.Apply(g);
}
