using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Products of matrices that lie row by row in memory.</summary>
internal static unsafe class Gemm
{
    /// <summary>
    /// C (m×n) = op(A) (m×k) · op(B) (k×n), then added to what C holds if <paramref name="accumulate"/>, then the bias added to
    /// each row, then the epilogue. With k = 0 the product is zero.
    /// </summary>
    /// <param name="transA">Whether A is stored k×m and multiplied transposed.</param>
    /// <param name="transB">Whether B is stored n×k and multiplied transposed.</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="n">Columns of the product.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">The left operand.</param>
    /// <param name="lda">Distance between its rows in memory.</param>
    /// <param name="b">The right operand.</param>
    /// <param name="ldb">Distance between its rows in memory.</param>
    /// <param name="c">The product; may not overlap the operands.</param>
    /// <param name="ldc">Distance between its rows in memory.</param>
    /// <param name="accumulate">Add to C instead of replacing it.</param>
    /// <param name="bias">Nothing, or n numbers added to each row.</param>
    /// <param name="epilogue">What is done last.</param>
    public static void Multiply<T>(
        Trans transA, Trans transB, int m, int n, int k,
        ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc,
        bool accumulate = false, ReadOnlySpan<T> bias = default, Epilogue epilogue = Epilogue.None)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
            MultiplyWith<Simd512<T>, Vector512<T>, T>(transA, transB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, bias, epilogue);
        else if (Vector256.IsHardwareAccelerated)
            MultiplyWith<Simd256<T>, Vector256<T>, T>(transA, transB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, bias, epilogue);
        else
            MultiplyWith<Simd128<T>, Vector128<T>, T>(transA, transB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, bias, epilogue);
    }

    /// <summary>The same with registers of a given width.</summary>
    internal static void MultiplyWith<S, V, T>(
        Trans transA, Trans transB, int m, int n, int k,
        ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc,
        bool accumulate, ReadOnlySpan<T> bias, Epilogue epilogue)
        where S : ISimd<V, T>
        where V : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m <= 0 || n <= 0) return;
        Check(a.Length, transA == Trans.No ? m : k, transA == Trans.No ? k : m, lda, nameof(a));
        Check(b.Length, transB == Trans.No ? k : n, transB == Trans.No ? n : k, ldb, nameof(b));
        Check(c.Length, m, n, ldc, nameof(c));
        if (!bias.IsEmpty && bias.Length < n) throw new ArgumentException($"The bias has {bias.Length} elements; the product has {n} columns.", nameof(bias));
        fixed (T* pa = a, pb = b, pc = c, pbias = bias)
        {
            BlockedProduct<S, V, T>.Run(new Product<T>
            {
                M = m, N = n, K = k,
                Left = transA == Trans.No ? new(pa, lda, 1) : new(pa, 1, lda),
                Right = transB == Trans.No ? new(pb, ldb, 1) : new(pb, 1, ldb),
                Out = new(pc, ldc, 1),
                Bias = pbias,
                Finish = (accumulate ? Finish.Accumulate : 0)
                    | (bias.IsEmpty ? 0 : Finish.ColumnBias)
                    | (epilogue == Epilogue.Relu ? Finish.Relu : 0),
            });
        }
    }

    /// <summary>Kernels write through pointers: what they are given must be as large as it is said to be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Check(int length, int rows, int columns, int ld, string name)
    {
        if (rows > 0 && columns > 0 && (ld < columns || length < (long)(rows - 1) * ld + columns)) Throw(length, rows, columns, ld, name);
    }

    private static void Throw(int length, int rows, int columns, int ld, string name) =>
        throw new ArgumentException($"A {rows}x{columns} matrix with rows {ld} apart does not fit: {length} elements were given.", name);
}
