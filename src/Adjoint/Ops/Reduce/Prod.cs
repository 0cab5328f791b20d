namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The product of all elements; integers and bools multiply as Int64.</summary>
    public Tensor Prod() => SlopedReduction.Apply(new ProdOp("ProdBackward0"), SumOp.Accumulable(this).Reshape(-1), [], false);

    /// <summary>The product over one dimension; integers and bools multiply as Int64.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    public Tensor Prod(int dim, bool keepDim = false) =>
        SlopedReduction.Apply(new ProdOp("ProdBackward1"), SumOp.Accumulable(this), [dim], keepDim);
}

/// <summary>y = Π x,   ∂y/∂xᵢ = the product of the others, which is y/xᵢ where nothing is 0.</summary>
internal readonly struct ProdOp(string nodeName) : IReductionOp
{
    public string NodeName => nodeName;

    public static Saves Saves => Saves.Both;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim) => Reduction.Run<ProdKernel>(x, dims, keepDim);

    public Tensor Slope(Tensor x, Tensor y, int[] dims)
    {
        if (dims.Length == 0) return x.OnesLike();
        if (!GraphCapture.IsCapturing) return (bool)x.All() ? y / x : ProductsOfOthers(x, dims[0]);
        // A graph has both ways in it: which one is right depends on the numbers of a run.
        Tensor zero = x.Eq(0);
        return Tensor.Where(zero.Any(), ProductsOfOthers(x, dims[0]), y / x.Unless(zero));
    }

    /// <summary>The product of the elements before, times that of the elements after each.</summary>
    public void Write(Hand hand, int[] dims) => HandSums.Write(hand, HandFold.Product, hand.Input(0), dims, hand.Result);

    private static Tensor ProductsOfOthers(Tensor x, int dim)
    {
        int n = x.Shape[dim];
        Tensor one = x.Narrow(dim, 0, 1).OnesLike();
        Tensor before = Tensor.Cat([one, x.Narrow(dim, 0, n - 1).CumProd(dim)], dim);
        Tensor after = Tensor.Cat([x.Narrow(dim, 1, n - 1).Flip(dim).CumProd(dim).Flip(dim), one], dim);
        return before * after;
    }
}

public static partial class OpTable
{
    private static Op Prod => Op.Of(OpKind.Other, "prod", x => x.Prod(), Row,
        new() { Formula = "Π x", Torch = "x.prod()", Gradient = "g·Π of the others" });

    private static Op ProdDim => Op.Of(OpKind.Other, "prod_dim", x => x.Prod(1), Cube,
        new() { Formula = "Π x over a dimension", Torch = "x.prod(1)", Gradient = "g·Π of the others", Onnx = "ReduceProd" });

    private static Op ProdZeros => Op.Of(OpKind.Other, "prod_zeros", x => (x * Chosen(x).To(DType.Float64)).Prod(1), Matrix,
        new()
        {
            Formula = "Π x over a dimension, with zeros among them",
            Torch = "(x * chosen(x).double()).prod(1)",
            Gradient = "g·Π of the others",
        });
}
