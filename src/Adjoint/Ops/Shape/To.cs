namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// The elements converted to another dtype; the tensor itself if it already has it. Conversion to integers cuts off history.
    /// </summary>
    public Tensor To(DType dtype) => dtype == DType ? this : Linear.Apply(new ToOp(dtype), this);
}

/// <summary>y = x in another dtype; the gradient comes back in the dtype of x.</summary>
internal readonly struct ToOp(DType dtype) : ILinearOp, IByHand
{
    public void Describe(OpAttributes to) => to.Add("dtype", dtype);

    public string NodeName => "ToCopyBackward0";

    public Tensor Forward(Tensor x) => Elements.Cast(x, dtype);

    public Tensor Apply(Tensor x) => x.To(dtype);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.To(x.DType);

    public void Write(Hand hand) => hand.Copy(hand.Input(0), hand.Result);
}

public static partial class OpTable
{
    private static Op To => Op.Of(OpKind.Linear, "to", x => x.To(DType.Float32).To(DType.Float64), Row,
        new() { Formula = "x in another dtype", Torch = "x.float().double()", Onnx = "Cast" });
}
