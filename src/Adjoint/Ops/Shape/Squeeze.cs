namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A view without the dimensions of size 1.</summary>
    public Tensor Squeeze() => Linear.View(new SqueezeOp(), this);

    /// <summary>A view without dimension <paramref name="dim"/>, if its size is 1.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Squeeze(int dim) => Linear.View(new SqueezeDimOp(Shape.Wrap(dim)), this);
}

/// <summary>y = x without dimensions of size 1.</summary>
internal readonly struct SqueezeOp : ILinearOp
{
    public string NodeName => "SqueezeBackward0";

    public Tensor Forward(Tensor x) => Without(x, _ => true);

    public Tensor Apply(Tensor x) => x.Squeeze();

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Reshape(x.Shape);

    /// <summary>x without those dimensions of size 1 that are chosen.</summary>
    internal static Tensor Without(Tensor x, Predicate<int> chosen)
    {
        var sizes = new List<int>(x.NDim);
        var strides = new List<int>(x.NDim);
        for (int d = 0; d < x.NDim; d++)
        {
            if (x.Shape[d] == 1 && chosen(d)) continue;
            sizes.Add(x.Shape[d]);
            strides.Add(x.Strides[d]);
        }
        return x.Alias(Shape.Of([.. sizes]), [.. strides], x.Offset);
    }
}

/// <summary>y = x without one dimension of size 1.</summary>
internal readonly struct SqueezeDimOp(int dim) : ILinearOp
{
    public void Describe(OpAttributes to) => to.Add("dim", dim);

    public string NodeName => "SqueezeBackward1";

    public Tensor Forward(Tensor x)
    {
        int chosen = dim;
        return SqueezeOp.Without(x, d => d == chosen);
    }

    public Tensor Apply(Tensor x) => x.Squeeze(dim);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Reshape(x.Shape);
}

/// <summary>
/// y = x without its first dimension, of size 1, where x is a product that nobody else has: not a view of it, but what it has become.
/// PyTorch squeezes it in place and names the node after that.
/// </summary>
internal readonly struct SqueezeProductOp : ILinearOp
{
    public string NodeName => "SqueezeBackward3";

    public Tensor Forward(Tensor x) => SqueezeOp.Without(x, d => d == 0);

    public Tensor Apply(Tensor x) => x.Squeeze(0);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Unsqueeze(0);
}

public static partial class OpTable
{
    private static Op Squeeze => Op.Of(OpKind.Linear, "squeeze", x => x.Unsqueeze(0).Unsqueeze(-1).Squeeze(), Matrix,
        new() { Formula = "x without its sizes of 1", Torch = "x.unsqueeze(0).unsqueeze(-1).squeeze()", Onnx = "Squeeze" });

    private static Op SqueezeDim => Op.Of(OpKind.Linear, "squeeze_dim", x => x.Unsqueeze(1).Squeeze(1), Matrix,
        new() { Formula = "x without one size of 1", Torch = "x.unsqueeze(1).squeeze(1)" });
}
