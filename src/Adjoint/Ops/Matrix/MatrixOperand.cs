using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// A matrix of a tensor as <see cref="Gemm"/> takes it: where it lies, how far apart its rows are, whether it is read transposed.
/// </summary>
/// <remarks>A transposed view is read in place: no operand is copied unless neither its rows nor its columns are dense.</remarks>
internal readonly struct MatrixOperand
{
    private MatrixOperand(Tensor tensor, bool transposed, int rowStep)
    {
        Tensor = tensor;
        IsTransposed = transposed;
        RowStep = rowStep;
    }

    /// <summary>The tensor that holds it; the operand itself or a contiguous copy.</summary>
    internal Tensor Tensor { get; }

    /// <summary>Whether memory holds the transpose.</summary>
    internal bool IsTransposed { get; }

    /// <summary>Elements from one row in memory to the next.</summary>
    internal int RowStep { get; }

    /// <summary>How it is multiplied: as it lies or transposed.</summary>
    internal Trans Trans => IsTransposed ? Trans.Yes : Trans.No;

    /// <summary>The last two dimensions of <paramref name="x"/> as a matrix.</summary>
    /// <param name="x">Matrices, in any layout.</param>
    /// <param name="transpose">Whether each is meant transposed.</param>
    internal static MatrixOperand Of(Tensor x, bool transpose)
    {
        int rows = x.Shape[-2], columns = x.Shape[-1];
        if (x.IsContiguous) return new(x, transpose, Math.Max(columns, 1));
        int down = x.Strides[^2], right = x.Strides[^1];
        if ((right == 1 || columns == 1) && (down >= columns || rows == 1))
            return new(x, transpose, rows == 1 ? Math.Max(columns, 1) : Math.Max(down, 1));
        if ((down == 1 || rows == 1) && (right >= rows || columns == 1))
            return new(x, !transpose, columns == 1 ? Math.Max(rows, 1) : Math.Max(right, 1));
        return new(Elements.ToContiguous(x), transpose, Math.Max(columns, 1));
    }

    /// <summary>Elements from one matrix of a batch to the next.</summary>
    internal int BatchStep => Tensor.NDim > 2 ? Tensor.Strides[0] : 0;
}
