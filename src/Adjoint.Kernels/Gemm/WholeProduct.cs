using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Products of matrices of whole numbers, wrapping around. Those of less than four bytes, for which there are no registers, are computed
/// with ints, of whose sums the lowest bytes are the same.
/// </summary>
internal static unsafe class WholeProduct
{
    /// <summary>As <see cref="Gemm.MultiplyBatched"/>, with nothing but a bias after the product.</summary>
    public static void MultiplyBatched<T>(
        int batch, Trans transA, Trans transB, int m, int n, int k,
        ReadOnlySpan<T> a, int lda, long strideA, ReadOnlySpan<T> b, int ldb, long strideB, Span<T> c, ReadOnlySpan<T> bias)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (c.IsEmpty) return;
        if (sizeof(T) >= sizeof(int))
        {
            Gemm.MultiplyBatched(batch, transA, transB, m, n, k, a, lda, strideA, b, ldb, strideB, c, n, (long)m * n, bias: bias);
            return;
        }
        // An operand may be a few columns of a large matrix: only what is multiplied is widened, row after row without gaps.
        (int rowsA, int columnsA) = transA == Trans.No ? (m, k) : (k, m);
        (int rowsB, int columnsB) = transB == Trans.No ? (k, n) : (n, k);
        Gemm.Check(a.Length, rowsA, columnsA, lda, (batch - 1) * strideA, nameof(a));
        Gemm.Check(b.Length, rowsB, columnsB, ldb, (batch - 1) * strideB, nameof(b));
        int countA = strideA == 0 ? 1 : batch, countB = strideB == 0 ? 1 : batch;
        int sizeA = checked(rowsA * columnsA), sizeB = checked(rowsB * columnsB);
        using var left = new Scratch<int>(Math.Max(1, checked(countA * sizeA)));
        using var right = new Scratch<int>(Math.Max(1, checked(countB * sizeB)));
        using var product = new Scratch<int>(c.Length);
        using var row = new Scratch<int>(Math.Max(1, bias.Length));
        Widen(a, countA, rowsA, columnsA, lda, strideA, left.Data);
        Widen(b, countB, rowsB, columnsB, ldb, strideB, right.Data);
        Widen(bias, row.Data);
        Gemm.MultiplyBatched(
            batch, transA, transB, m, n, k, left.Span, columnsA, strideA == 0 ? 0 : sizeA, right.Span, columnsB, strideB == 0 ? 0 : sizeB,
            product.Span, n, (long)m * n, bias: row.Span[..bias.Length]);
        for (int i = 0; i < c.Length; i++) c[i] = T.CreateTruncating(product.Data[i]);
    }

    private static void Widen<T>(ReadOnlySpan<T> from, int count, int rows, int columns, int ld, long stride, int* to)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < count && columns > 0; i++)
            for (int r = 0; r < rows; r++, to += columns) Widen(from.Slice(checked((int)(i * stride + (long)r * ld)), columns), to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen<T>(ReadOnlySpan<T> from, int* to) where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < from.Length; i++) to[i] = int.CreateTruncating(from[i]);
    }
}
