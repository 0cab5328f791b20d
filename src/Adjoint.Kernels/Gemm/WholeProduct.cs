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
        a = Used(a, transA == Trans.No ? m : k, transA == Trans.No ? k : m, lda, (batch - 1) * strideA);
        b = Used(b, transB == Trans.No ? k : n, transB == Trans.No ? n : k, ldb, (batch - 1) * strideB);
        using var left = new Scratch<int>(Math.Max(1, a.Length));
        using var right = new Scratch<int>(Math.Max(1, b.Length));
        using var product = new Scratch<int>(c.Length);
        using var row = new Scratch<int>(Math.Max(1, bias.Length));
        Widen(a, left.Data);
        Widen(b, right.Data);
        Widen(bias, row.Data);
        Gemm.MultiplyBatched(
            batch, transA, transB, m, n, k, left.Span[..a.Length], lda, strideA, right.Span[..b.Length], ldb, strideB,
            product.Span, n, (long)m * n, bias: row.Span[..bias.Length]);
        for (int i = 0; i < c.Length; i++) c[i] = T.CreateTruncating(product.Data[i]);
    }

    /// <summary>What is read of an operand, which may be a part of much more memory; <see cref="Gemm"/> refuses less.</summary>
    private static ReadOnlySpan<T> Used<T>(ReadOnlySpan<T> x, int rows, int columns, int ld, long offset) =>
        x[..(int)Math.Clamp(offset + (rows - 1L) * ld + columns, 0, x.Length)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen<T>(ReadOnlySpan<T> from, int* to) where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < from.Length; i++) to[i] = int.CreateTruncating(from[i]);
    }
}
