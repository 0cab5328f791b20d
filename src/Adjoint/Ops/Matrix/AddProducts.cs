namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>β·this + α·(A·v): the product of a matrix and a vector added to this tensor, which broadcasts to it.</summary>
    /// <param name="matrix">A [m, k].</param>
    /// <param name="vector">v [k].</param>
    /// <param name="beta">The factor of this tensor; with 0 it is not read.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor AddMv(Tensor matrix, Tensor vector, double beta = 1, double alpha = 1) =>
        AddProducts.Vector(this, matrix.Given(), vector.Given(), beta, alpha);

    /// <summary>β·this + α·(x·yᵀ): the products of the elements of two vectors added to this tensor, which broadcasts to them.</summary>
    /// <param name="left">x [m].</param>
    /// <param name="right">y [n].</param>
    /// <param name="beta">The factor of this tensor; with 0 it is not read.</param>
    /// <param name="alpha">The factor of the products.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor AddR(Tensor left, Tensor right, double beta = 1, double alpha = 1) =>
        AddProducts.Outer(this, left.Given(), right.Given(), beta, alpha);

    /// <summary>β·this + α·Σ A[b]·B[b]: the sum of the products of a batch added to this tensor, which broadcasts to it.</summary>
    /// <param name="a">A [b, m, k].</param>
    /// <param name="b">B [b, k, n].</param>
    /// <param name="beta">The factor of this tensor; with 0 it is not read.</param>
    /// <param name="alpha">The factor of the sum.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor AddBmm(Tensor a, Tensor b, double beta = 1, double alpha = 1) =>
        AddProducts.Summed(this, a.Given(), b.Given(), beta, alpha);

    /// <summary>β·this + α·(A[b]·B[b]) for every b: the products of a batch added to this tensor, which broadcasts to them.</summary>
    /// <param name="a">A [b, m, k].</param>
    /// <param name="b">B [b, k, n].</param>
    /// <param name="beta">The factor of this tensor; with 0 it is not read.</param>
    /// <param name="alpha">The factor of the products.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor BAddBmm(Tensor a, Tensor b, double beta = 1, double alpha = 1) =>
        AddProducts.Batched(this, a.Given(), b.Given(), beta, alpha);
}

/// <summary>Products added to something: all but the last as <see cref="AddMmOp"/> of matrices.</summary>
internal static class AddProducts
{
    internal static Tensor Vector(Tensor c, Tensor a, Tensor v, double beta, double alpha)
    {
        if (a.NDim != 2 || v.NDim != 1)
            throw new ShapeException($"AddMv: needs a matrix and a vector, but the shapes are {a.Shape} and {v.Shape}.");
        if (c.NDim > 1 || (c.NDim == 1 && c.Shape[0] != 1 && c.Shape[0] != a.Shape[0]))
            throw new ShapeException(
                $"AddMv: what is added has shape {c.Shape}, which does not broadcast to the product's [{a.Shape[0]}].");
        return Tensor.Speaking(
            "AddMv", () => AddMmOp.Apply(c.NDim == 0 ? c : c.Unsqueeze(-1), a, v.Unsqueeze(-1), beta, alpha).Squeeze(-1));
    }

    internal static Tensor Outer(Tensor c, Tensor x, Tensor y, double beta, double alpha)
    {
        if (x.NDim != 1 || y.NDim != 1)
            throw new ShapeException($"AddR: needs two vectors, but the shapes are {x.Shape} and {y.Shape}.");
        return Tensor.Speaking("AddR", () => AddMmOp.Apply(c, x.Unsqueeze(-1), y.Unsqueeze(0), beta, alpha));
    }

    // One product with long rows and columns: the matrices of the batch beside each other, and below each other.
    internal static Tensor Summed(Tensor c, Tensor a, Tensor b, double beta, double alpha)
    {
        Check("AddBmm", a, b);
        int count = a.Shape[0], m = a.Shape[1], k = a.Shape[2], n = b.Shape[2];
        return Tensor.Speaking("AddBmm", () => AddMmOp.Apply(
            c, a.Permute(1, 0, 2).Reshape(m, checked(count * k)), b.Reshape(checked(count * k), n), beta, alpha));
    }

    internal static Tensor Batched(Tensor c, Tensor a, Tensor b, double beta, double alpha)
    {
        Check("BAddBmm", a, b);
        if (c.DType != a.DType)
            throw new DTypeException(
                $"BAddBmm: all operands must have the same dtype, but what is added is {c.DType} and the matrices {a.DType}. Convert one "
                + $"with To(DType.{DTypes.Promote(c.DType, a.DType)}).");
        Shape shape = [a.Shape[0], a.Shape[1], b.Shape[2]];
        if (Layout.Broadcast(c.Shape, shape) is not { } broadcast || !broadcast.Equals(shape))
            throw new ShapeException($"BAddBmm: what is added has shape {c.Shape}, which does not broadcast to the products' {shape}.");
        Tensor product = Product.Apply(a, false, b, false).Scaled(alpha);
        if (beta != 0) return product + c.Scaled(beta);
        // What is not read has a gradient of 0 all the same.
        return History.IsWanted(c) ? product + c.MaskedFill(Tensor.Ones(Shape.Scalar, DType.Bool), 0) : product;
    }

    private static void Check(string operation, Tensor a, Tensor b)
    {
        if (a.NDim != 3 || b.NDim != 3 || a.Shape[0] != b.Shape[0])
            throw new ShapeException(
                $"{operation}: needs two batches of equally many matrices, but the shapes are {a.Shape} and {b.Shape}.");
        MatMulOp.Check(operation, a, b);
    }
}

public static partial class OpTable
{
    private static Op AddMv => Op.Of(OpKind.Composite, "addmv",
        (x, y, z) => x.AddMv(y, z, 0.5, 2), new OpInput([3], Domain.Reals), Matrix, Row,
        new() { Formula = "β·x + α·(y·z)", Torch = "x.addmv(y, z, beta=0.5, alpha=2)" });

    private static Op AddR => Op.Of(OpKind.Composite, "addr",
        (x, y, z) => x.AddR(y, z, 0.5, 2), Matrix, new OpInput([3], Domain.Reals), Row,
        new() { Formula = "β·x + α·(y·zᵀ)", Torch = "x.addr(y, z, beta=0.5, alpha=2)" });

    private static Op AddBmm => Op.Of(OpKind.Composite, "addbmm",
        (x, y, z) => x.AddBmm(y, z, 0.5, 2), new OpInput([3, 2], Domain.Reals), Cube, new OpInput([2, 4, 2], Domain.Reals),
        new() { Formula = "β·x + α·Σ y[b]·z[b]", Torch = "x.addbmm(y, z, beta=0.5, alpha=2)" });

    private static Op BAddBmm => Op.Of(OpKind.Composite, "baddbmm",
        (x, y, z) => x.BAddBmm(y, z, 0.5, 2), new OpInput([3, 2], Domain.Reals), Cube, new OpInput([2, 4, 2], Domain.Reals),
        new() { Formula = "β·x + α·(y[b]·z[b]) for every b", Torch = "x.baddbmm(y, z, beta=0.5, alpha=2)" });
}
