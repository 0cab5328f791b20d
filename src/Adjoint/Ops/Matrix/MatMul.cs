namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// The product over the last dimension of this tensor and the second to last of <paramref name="other"/>: of vectors, matrices,
    /// or batches of matrices, whose leading dimensions broadcast. A vector on the left is a row, on the right a column, and that dimension
    /// is left out of the result.
    /// </summary>
    /// <exception cref="ShapeException">A tensor without dimensions, inner sizes that differ, or batches that do not broadcast.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor MatMul(Tensor other) => MatMulOp.Apply(this, other.Given());

    /// <summary>The product of two matrices [m, k] · [k, n].</summary>
    /// <exception cref="ShapeException">One is no matrix, or the inner sizes differ.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor Mm(Tensor other) => MatMulOp.Mm(this, other.Given());

    /// <summary>The products of two batches of matrices [b, m, k] · [b, k, n], one by one; the batches do not broadcast.</summary>
    /// <exception cref="ShapeException">One has not three dimensions, or sizes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor Bmm(Tensor other) => MatMulOp.Bmm(this, other.Given());
}

/// <summary>C = A·B,   dA = g·Bᵀ,   dB = Aᵀ·g; every pair of ranks comes down to one product of matrices.</summary>
internal static class MatMulOp
{
    internal static Tensor Apply(Tensor a, Tensor b)
    {
        Check("MatMul", a, b);
        if (a.NDim == 1 && b.NDim == 1) return VectorProducts.Dot(a, b);
        if (a.NDim == 2 && b.NDim == 1) return VectorProducts.Mv(a, b);
        if (a.NDim == 1 && b.NDim == 2) return OfRow(a, b, false);
        if (a.NDim == 1)
            return Apply(a.View([1, .. a.Shape.Sizes]), b).Reshape([.. b.Shape.Sizes[..^2], b.Shape[-1]]);
        if (b.NDim == 1) return Reshaped(VectorProducts.Mv(Rows(a), b), [.. a.Shape.Sizes[..^1]]);
        if (a.NDim == 2 && b.NDim == 2) return Product.Apply(a, false, b, false);
        return b.NDim == 2 ? Folded(a, b) : Batched(a, b);
    }

    internal static Tensor Mm(Tensor a, Tensor b)
    {
        if (a.NDim != 2 || b.NDim != 2)
            throw new ShapeException($"Mm: needs two matrices, but the shapes are {a.Shape} and {b.Shape}. Use MatMul for other ranks.");
        Check("Mm", a, b);
        return Product.Apply(a, false, b, false);
    }

    internal static Tensor Bmm(Tensor a, Tensor b)
    {
        if (a.NDim != 3 || b.NDim != 3 || a.Shape[0] != b.Shape[0])
            throw new ShapeException(
                $"Bmm: needs two batches of equally many matrices, but the shapes are {a.Shape} and {b.Shape}. Use MatMul where they "
                + "should broadcast.");
        Check("Bmm", a, b);
        return Product.Apply(a, false, b, false);
    }

    /// <summary>Checks dtypes and inner sizes; vectors count as the row and the column they stand for.</summary>
    internal static void Check(string operation, Tensor a, Tensor b)
    {
        if (a.DType != b.DType)
            throw new DTypeException(
                $"{operation}: both operands must have the same dtype, but the left is {a.DType} and the right {b.DType}. Convert one "
                + $"with To(DType.{DTypes.Promote(a.DType, b.DType)}).");
        if (a.NDim == 0 || b.NDim == 0)
            throw new ShapeException(
                $"{operation}: both operands need at least one dimension, but the shapes are {a.Shape} and {b.Shape}. Use * to multiply "
                + "by a number.");
        if (a.DType.IsBool)
            throw new DTypeException($"{operation}: Bool tensors cannot be multiplied as matrices. Convert them with To(DType.Int64).");
        int left = a.Shape[-1], right = b.Shape[b.NDim == 1 ? -1 : -2];
        if (left == right) return;
        string hint = b.NDim >= 2 && b.Shape[-1] == left ? " Did you mean right.T?"
            : a.NDim >= 2 && a.Shape[-2] == right ? " Did you mean left.T?" : "";
        throw new ShapeException(
            $"{operation}: inner dimensions differ: {a.Shape} × {b.Shape}; the left's last ({left}) must equal the right's "
            + $"{(b.NDim == 1 ? "only one" : "second to last")} ({right}).{hint}");
    }

    /// <summary>A vector times a matrix: it is made a row, and its one row of products a vector again.</summary>
    internal static Tensor OfRow(Tensor a, Tensor b, bool transB) =>
        Linear.Apply(new SqueezeProductOp(), Product.Apply(a.Unsqueeze(0), false, b, transB));

    /// <summary>One matrix for all of a batch: the batch is one tall matrix.</summary>
    private static Tensor Folded(Tensor a, Tensor b) =>
        Reshaped(Product.Apply(Rows(a), false, b, false), [.. a.Shape.Sizes[..^1], b.Shape[-1]]);

    /// <summary>The rows of all matrices as one matrix.</summary>
    internal static Tensor Rows(Tensor a) => a.Reshape(RowFunction.Block(a.Shape, a.NDim - 1).Outer, a.Shape[-1]);

    /// <summary>A product that nobody else has, in its own shape.</summary>
    internal static Tensor Reshaped(Tensor product, Shape shape) => Linear.Apply(new ReshapeCopyOp(shape), product);

    private static Tensor Batched(Tensor a, Tensor b)
    {
        Shape batchA = Shape.Of(a.Shape.Sizes[..^2]), batchB = Shape.Of(b.Shape.Sizes[..^2]);
        Shape batch = Layout.Broadcast(batchA, batchB)
            ?? throw new ShapeException(
                $"MatMul: the batch dimensions {batchA} and {batchB} of {a.Shape} × {b.Shape} do not broadcast; counted from the end, "
                + "sizes must be equal or 1.");
        Tensor c = Product.Apply(Flat(a, batch), false, Flat(b, batch), false);
        return batch.NDim == 1 ? c : Reshaped(c, [.. batch.Sizes, a.Shape[-2], b.Shape[-1]]);
    }

    private static Tensor Flat(Tensor x, Shape batch)
    {
        Shape full = [.. batch.Sizes, x.Shape[-2], x.Shape[-1]];
        if (!x.Shape.Equals(full)) x = x.Expand(full);
        return x.NDim == 3 ? x : x.Reshape(batch.NumEl, x.Shape[-2], x.Shape[-1]);
    }
}

public static partial class OpTable
{
    private static Op Mm => Op.Of(OpKind.Bilinear, "mm", (x, y) => x.Mm(y), Matrix, new OpInput([4, 2], Domain.Reals),
        new() { Formula = "x·y", Torch = "x.mm(y)", Onnx = "MatMul" });

    private static Op Bmm => Op.Of(OpKind.Bilinear, "bmm", (x, y) => x.Bmm(y), Cube, new OpInput([2, 4, 2], Domain.Reals),
        new() { Formula = "x[b]·y[b] for every b", Torch = "x.bmm(y)" });

    private static Op MatMul => Op.Of(OpKind.Bilinear, "matmul",
        (x, y) => x.MatMul(y), new OpInput([2, 1, 2, 3], Domain.Reals), new OpInput([2, 3, 2], Domain.Reals),
        new() { Formula = "x·y, broadcast over all but the last two dimensions", Torch = "x.matmul(y)", Onnx = "MatMul" });

    private static Op Vm => Op.Of(OpKind.Bilinear, "vm", (x, y) => x.MatMul(y), new OpInput([3], Domain.Reals), Matrix,
        new() { Formula = "xᵀ·y", Torch = "x.matmul(y)" });
}
