namespace Adjoint;

/// <summary>
/// What operations on matrices ask of a tensor: its last two dimensions are those of matrices, all before are the batch's.
/// </summary>
internal static class MatrixBatch
{
    /// <summary>Refuses what is no matrix of floating point.</summary>
    internal static Tensor Checked(string operation, Tensor x)
    {
        if (x.NDim < 2) throw new ShapeException($"{operation}: needs a matrix or a batch of them, but the shape is {x.Shape}.");
        if (!x.DType.IsFloatingPoint)
            throw new DTypeException($"{operation}: needs a floating-point tensor, but got {x.DType}. Convert with To(DType.Float32).");
        return x;
    }

    /// <summary>Refuses what is no square matrix of floating point.</summary>
    internal static Tensor Square(string operation, Tensor x)
    {
        if (Checked(operation, x).Shape[-1] != x.Shape[-2])
            throw new ShapeException($"{operation}: needs square matrices, but the shape is {x.Shape}.");
        return x;
    }

    /// <summary>Refuses operands of different dtypes.</summary>
    internal static void SameType(string operation, Tensor a, Tensor b)
    {
        if (a.DType != b.DType)
            throw new DTypeException(
                $"{operation}: both tensors must have the same dtype, but the first is {a.DType} and the second {b.DType}. Convert one "
                + $"with To(DType.{DTypes.Promote(a.DType, b.DType)}).");
    }

    /// <summary>How many matrices there are.</summary>
    internal static int Count(Tensor x)
    {
        int count = 1;
        foreach (int size in x.Shape.Sizes[..^2]) count *= size;
        return count;
    }

    /// <summary>The sizes of the batch, followed by others.</summary>
    internal static Shape Shaped(Tensor x, params ReadOnlySpan<int> sizes) => Shape.Of([.. x.Shape.Sizes[..^2], .. sizes]);

    /// <summary>Two batches of matrices, broadcast to one size of batch.</summary>
    /// <exception cref="ShapeException">They do not broadcast.</exception>
    internal static (Tensor A, Tensor B) Together(string operation, Tensor a, Tensor b)
    {
        Shape batchA = Shape.Of(a.Shape.Sizes[..^2]), batchB = Shape.Of(b.Shape.Sizes[..^2]);
        Shape batch = Layout.Broadcast(batchA, batchB)
            ?? throw new ShapeException(
                $"{operation}: the batch dimensions {batchA} and {batchB} of {a.Shape} and {b.Shape} do not broadcast; counted from the "
                + "end, sizes must be equal or 1.");
        return (Over(a, batch), Over(b, batch));
    }

    private static Tensor Over(Tensor x, Shape batch)
    {
        Shape shape = Shape.Of([.. batch.Sizes, x.Shape[-2], x.Shape[-1]]);
        return x.Shape.Equals(shape) ? x : x.Expand(shape);
    }

    /// <summary>Which matrix of a batch it was, for an error; nothing where there is but one.</summary>
    internal static string Named(Tensor x, int item)
    {
        if (x.NDim == 2) return "the matrix";
        var index = new int[x.NDim - 2];
        for (int d = index.Length - 1; d >= 0; d--) (item, index[d]) = (item / x.Shape[d], item % x.Shape[d]);
        return $"matrix [{string.Join(", ", index)}] of the batch";
    }

    /// <summary>Ones on the diagonal, for matrices as large as the last dimension of x.</summary>
    internal static Tensor Identity(Tensor x) => Tensor.Eye(x.Shape[-1], dtype: x.DType);

    extension(Tensor x)
    {
        /// <summary>x − xᵀ.</summary>
        internal Tensor Skew => x - x.MT;

        /// <summary>The lower triangle with half its diagonal.</summary>
        internal Tensor HalfLower => (x.Tril() + x.Tril(-1)) * 0.5;

        /// <summary>x with zeros on the diagonal.</summary>
        internal Tensor OffDiagonal => x.Tril(-1) + x.Triu(1);

        /// <summary>The diagonals of matrices.</summary>
        internal Tensor Diagonals => x.Diagonal(0, -2, -1);
    }
}
