using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>What decompositions do with rows: numbers that lie one after the other.</summary>
/// <remarks>
/// Note [Rows of decompositions]: matrices lie row by row, so every algorithm here is written in the form that goes along rows. Registers have
/// 256 bits on every machine, and sums are made of four of them, so that results do not depend on the processor.
/// </remarks>
internal static unsafe class Line<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The distance from 1 to the next number.</summary>
    internal static T Epsilon => T.BitIncrement(T.One) - T.One;

    /// <summary>y += a·x, each element rounded once.</summary>
    internal static void AddScaled(T* y, T a, T* x, int n)
    {
        int i = 0, lanes = Vector256<T>.Count;
        if (n >= lanes)
        {
            Vector256<T> factor = Vector256.Create(a);
            for (; i <= n - 2 * lanes; i += 2 * lanes)
            {
                Vector256<T> first = Simd256<T>.MultiplyAdd(factor, Vector256.Load(x + i), Vector256.Load(y + i));
                Vector256<T> second = Simd256<T>.MultiplyAdd(factor, Vector256.Load(x + i + lanes), Vector256.Load(y + i + lanes));
                first.Store(y + i);
                second.Store(y + i + lanes);
            }
            for (; i <= n - lanes; i += lanes) Simd256<T>.MultiplyAdd(factor, Vector256.Load(x + i), Vector256.Load(y + i)).Store(y + i);
        }
        for (; i < n; i++) y[i] = T.FusedMultiplyAdd(a, x[i], y[i]);
    }

    /// <summary>Σ x·y.</summary>
    internal static T Dot(T* x, T* y, int n)
    {
        int i = 0, lanes = Vector256<T>.Count;
        T sum = T.Zero;
        if (n >= lanes)
        {
            Vector256<T> a = default, b = default, c = default, d = default;
            for (; i <= n - 4 * lanes; i += 4 * lanes)
            {
                a = Simd256<T>.MultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), a);
                b = Simd256<T>.MultiplyAdd(Vector256.Load(x + i + lanes), Vector256.Load(y + i + lanes), b);
                c = Simd256<T>.MultiplyAdd(Vector256.Load(x + i + 2 * lanes), Vector256.Load(y + i + 2 * lanes), c);
                d = Simd256<T>.MultiplyAdd(Vector256.Load(x + i + 3 * lanes), Vector256.Load(y + i + 3 * lanes), d);
            }
            for (; i <= n - lanes; i += lanes) a = Simd256<T>.MultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), a);
            Vector128<T> half = Simd256<T>.Fold(a + b + (c + d));
            for (int lane = 0; lane < Vector128<T>.Count; lane++) sum += half[lane];
        }
        for (; i < n; i++) sum = T.FusedMultiplyAdd(x[i], y[i], sum);
        return sum;
    }

    /// <summary>x = a·x.</summary>
    internal static void Scale(T* x, T a, int n)
    {
        int i = 0, lanes = Vector256<T>.Count;
        Vector256<T> factor = Vector256.Create(a);
        for (; i <= n - lanes; i += lanes) (factor * Vector256.Load(x + i)).Store(x + i);
        for (; i < n; i++) x[i] *= a;
    }

    /// <summary>x = x/a.</summary>
    internal static void Divide(T* x, T a, int n)
    {
        int i = 0, lanes = Vector256<T>.Count;
        Vector256<T> divisor = Vector256.Create(a);
        for (; i <= n - lanes; i += lanes) (Vector256.Load(x + i) / divisor).Store(x + i);
        for (; i < n; i++) x[i] /= a;
    }

    /// <summary>y = −x.</summary>
    internal static void Negate(T* x, T* y, int n)
    {
        int i = 0, lanes = Vector256<T>.Count;
        for (; i <= n - lanes; i += lanes) (-Vector256.Load(x + i)).Store(y + i);
        for (; i < n; i++) y[i] = -x[i];
    }

    /// <summary>x and y change places.</summary>
    internal static void Swap(T* x, T* y, int n)
    {
        int i = 0, lanes = Vector256<T>.Count;
        for (; i <= n - lanes; i += lanes)
        {
            Vector256<T> first = Vector256.Load(x + i);
            Vector256.Load(y + i).Store(x + i);
            first.Store(y + i);
        }
        for (; i < n; i++) (x[i], y[i]) = (y[i], x[i]);
    }

    /// <summary>Rows of zeros, and ones on a diagonal.</summary>
    internal static void Identity(T* x, int ld, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            new Span<T>(x + (long)i * ld, columns).Clear();
            if (i < columns) x[(long)i * ld + i] = T.One;
        }
    }

    /// <summary>y = xᵀ.</summary>
    internal static void Transpose(T* x, int ldx, int rows, int columns, T* y, int ldy)
    {
        const int Tile = 16; // of both a tile stays in the cache
        for (int i0 = 0; i0 < rows; i0 += Tile)
            for (int j0 = 0; j0 < columns; j0 += Tile)
                for (int i = i0; i < Math.Min(i0 + Tile, rows); i++)
                    for (int j = j0; j < Math.Min(j0 + Tile, columns); j++) y[(long)j * ldy + i] = x[(long)i * ldx + j];
    }

    /// <summary>The largest magnitude of all elements; NaN if any is NaN.</summary>
    internal static T Largest(T* x, int ld, int rows, int columns)
    {
        T largest = T.Zero;
        for (int i = 0; i < rows; i++)
        {
            T* row = x + (long)i * ld;
            for (int j = 0; j < columns; j++)
            {
                T size = T.Abs(row[j]);
                if (!(size <= largest)) largest = size;
                if (T.IsNaN(size)) return size;
            }
        }
        return largest;
    }

    /// <summary>
    /// A power of two that brings numbers of this size to where their squares and products are in range: 1 where they are there.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static T ScaleOf(T largest)
    {
        if (!T.IsFinite(largest) || largest == T.Zero) return T.One;
        int exponent = T.ILogB(largest), most = sizeof(T) == 4 ? 40 : 300;
        return Math.Abs(exponent) < most ? T.One : T.ScaleB(T.One, Math.Clamp(-exponent, -most * 3, most * 3));
    }

    /// <summary>C −= op(A)·op(B) by the product of matrices; C lies apart from both.</summary>
    internal static void SubtractProduct(
        Trans transA, Trans transB, int m, int n, int k, T* a, int lda, T* b, int ldb, T* c, int ldc)
    {
        if (m <= 0 || n <= 0 || k <= 0) return;
        (int rows, int columns) = transA == Trans.No ? (m, k) : (k, m);
        using var negative = new Scratch<T>((long)rows * columns);
        for (int i = 0; i < rows; i++) Negate(a + (long)i * lda, negative.Data + (long)i * columns, columns);
        Product(transA, transB, m, n, k, negative.Data, columns, b, ldb, c, ldc, accumulate: true);
    }

    /// <summary>C = op(A)·op(B), or that added to it.</summary>
    internal static void Product(
        Trans transA, Trans transB, int m, int n, int k, T* a, int lda, T* b, int ldb, T* c, int ldc, bool accumulate = false)
    {
        (int rowsA, int columnsA) = transA == Trans.No ? (m, k) : (k, m);
        (int rowsB, int columnsB) = transB == Trans.No ? (k, n) : (n, k);
        Gemm.Multiply(transA, transB, m, n, k, Of(a, lda, rowsA, columnsA), lda, Of(b, ldb, rowsB, columnsB), ldb, Of(c, ldc, m, n), ldc,
            accumulate);
    }

    private static Span<T> Of(T* x, int ld, int rows, int columns) =>
        rows == 0 || columns == 0 ? [] : new Span<T>(x, checked((rows - 1) * ld + columns));
}
