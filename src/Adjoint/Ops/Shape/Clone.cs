namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A contiguous copy with memory of its own; the gradient passes through.</summary>
    public Tensor Clone() => Linear.Apply(new CloneOp(), this);

    /// <summary>The tensor itself if its elements lie one after the other, otherwise a copy in which they do.</summary>
    public Tensor Contiguous() => IsContiguous ? this : Clone();
}

/// <summary>y = x.</summary>
internal readonly struct CloneOp : ILinearInto, IByHand
{
    public bool GoesInto(GraphOperation call) => call.Inputs[0] is { IsContiguous: true } || call.Inputs[0]!.Shape.NumEl == 1;

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y) => Elements.CopyTo(x[0]!, y);

    public string NodeName => "CloneBackward0";

    public Tensor Forward(Tensor x) => Elements.Copy(x);

    public Tensor Apply(Tensor x) => x.Clone();

    public Tensor Transpose(Tensor g, TensorFacts x) => g;

    public void Write(Hand hand) => hand.Copy(hand.Input(0), hand.Result);
}

public static partial class OpTable
{
    private static Op Clone => Op.Of(OpKind.Linear, "clone", x => x.Clone(), Cube,
        new() { Formula = "x, in memory of its own", Torch = "x.clone()" });
}
