namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The product of a matrix and a vector: [m, k] · [k].</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor Mv(Tensor vector) => VectorProducts.CheckedMv(this, vector.Given());

    /// <summary>The sum of the products of two vectors' elements, as a tensor without dimensions.</summary>
    /// <exception cref="ShapeException">They are no vectors, or their lengths differ.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor Dot(Tensor other) => VectorProducts.CheckedDot(this, other.Given());

    /// <summary>The matrix of all products of two vectors' elements: zᵢⱼ = xᵢ·yⱼ.</summary>
    /// <exception cref="ShapeException">They are no vectors.</exception>
    public Tensor Outer(Tensor other) => VectorProducts.Outer(this, other.Given());
}

/// <summary>Products in which a vector takes part; the arithmetic is that of matrices with one row or column.</summary>
internal static class VectorProducts
{
    internal static Tensor CheckedMv(Tensor a, Tensor v)
    {
        if (a.NDim != 2 || v.NDim != 1)
            throw new ShapeException($"Mv: needs a matrix and a vector, but the shapes are {a.Shape} and {v.Shape}.");
        MatMulOp.Check("Mv", a, v);
        return Mv(a, v);
    }

    internal static Tensor CheckedDot(Tensor x, Tensor y)
    {
        if (x.NDim != 1 || y.NDim != 1)
            throw new ShapeException($"Dot: needs two vectors, but the shapes are {x.Shape} and {y.Shape}. Use MatMul for other ranks.");
        MatMulOp.Check("Dot", x, y);
        return Dot(x, y);
    }

    internal static Tensor Mv(Tensor a, Tensor v) => Bilinear.Apply(new MvOp(), a, v);

    internal static Tensor Dot(Tensor x, Tensor y) => Bilinear.Apply(new DotOp(), x, y);

    internal static Tensor Outer(Tensor x, Tensor y)
    {
        if (x.NDim != 1 || y.NDim != 1)
            throw new ShapeException($"Outer: needs two vectors, but the shapes are {x.Shape} and {y.Shape}.");
        return x.View(x.NumEl, 1) * y;
    }

    internal static Tensor Column(Tensor v) => v.Alias([v.NumEl, 1], [v.Strides[0], 1], v.Offset);

    internal static Tensor Row(Tensor v) => v.Alias([1, v.NumEl], [v.NumEl, v.Strides[0]], v.Offset);
}

/// <summary>y = A·v,   dA = g·vᵀ,   dv = Aᵀ·g.</summary>
internal readonly struct MvOp : IBilinearOp, IByHand
{
    public string NodeName => "MvBackward0";

    public (string Left, string Right) Arguments => ("self", "vec");

    public Tensor Forward(Tensor a, Tensor v) => Product.Forward(a, false, VectorProducts.Column(v), false).Alias([a.Shape[0]], null, 0);

    public Tensor GradientOfLeft(Tensor g, Tensor v) => g.Outer(v);

    public Tensor GradientOfRight(Tensor g, Tensor a) => Product.Apply(a, true, g.Reshape(g.NumEl, 1), false).View(-1);

    public void Write(Hand hand) => HandProducts.Write(
        hand, hand.Input(0), false, hand.Input(1).As(VectorProducts.Column), false, hand.Result.As(VectorProducts.Column));
}

/// <summary>z = Σ xᵢ·yᵢ,   dx = g·y,   dy = g·x.</summary>
internal readonly struct DotOp : IBilinearOp, IByHand
{
    public string NodeName => "DotBackward0";

    public (string Left, string Right) Arguments => ("self", "tensor");

    public Tensor Forward(Tensor x, Tensor y) =>
        Product.Forward(VectorProducts.Row(x), false, VectorProducts.Column(y), false).Alias(Shape.Scalar, null, 0);

    public Tensor GradientOfLeft(Tensor g, Tensor y) => g * y;

    public Tensor GradientOfRight(Tensor g, Tensor x) => g * x;

    public void Write(Hand hand) => HandProducts.Write(
        hand, hand.Input(0).As(VectorProducts.Row), false, hand.Input(1).As(VectorProducts.Column), false, hand.Result.Expanded([1, 1]));
}

public static partial class OpTable
{
    private static Op Mv => Op.Of(OpKind.Bilinear, "mv", (x, y) => x.Mv(y), Matrix, Row,
        new() { Formula = "x·y", Torch = "x.mv(y)" });

    private static Op Dot => Op.Of(OpKind.Bilinear, "dot", (x, y) => x.Dot(y), Row, Row,
        new() { Formula = "Σ x·y", Torch = "x.dot(y)" });

    private static Op Outer => Op.Of(OpKind.Bilinear, "outer", (x, y) => x.Outer(y), Row, new OpInput([3], Domain.Reals),
        new() { Formula = "x·yᵀ", Torch = "x.outer(y)" });
}
