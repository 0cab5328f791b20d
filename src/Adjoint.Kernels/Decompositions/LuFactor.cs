using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>P·A = L·U with exchanges of rows, in place: by halves of the columns (Toledo 1997), so that most of it is a product.</summary>
internal static unsafe class LuFactor
{
    private const int Small = 8; // columns below which rows are subtracted one by one

    /// <summary>Factors each matrix of a batch.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="m">Their rows.</param>
    /// <param name="n">Their columns.</param>
    /// <param name="a">The matrices, one after the other; then L below the diagonal, without its ones, and U on and above it.</param>
    /// <param name="pivots">The row, counted from 1, that row i was exchanged with: min(m, n) for each matrix.</param>
    public static void Run<T>(int batch, int m, int n, Span<T> a, Span<int> pivots) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = Math.Min(m, n);
        if (batch == 0 || count == 0) return;
        fixed (T* pa = a)
        fixed (int* pp = pivots)
        {
            var body = new Body<T> { M = m, N = n, A = pa, Pivots = pp };
            Batches.Run(batch, (double)m * n * count, ref body);
        }
    }

    /// <summary>Exchanges the rows of B as a factorization exchanged those of A, or back again.</summary>
    public static void Exchange<T>(int batch, int n, int columns, ReadOnlySpan<int> pivots, Span<T> b, bool back = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (batch == 0 || n == 0 || columns == 0) return;
        int count = pivots.Length / batch;
        fixed (T* pb = b)
        {
            for (int item = 0; item < batch; item++)
            {
                T* x = pb + (long)item * n * columns;
                for (int step = 0; step < count; step++)
                {
                    int i = back ? count - 1 - step : step, other = pivots[item * count + i] - 1;
                    if ((uint)other >= (uint)n)
                        throw new ArgumentException($"A pivot names row {other + 1} of {n}.", nameof(pivots));
                    if (other != i) Line<T>.Swap(x + (long)i * columns, x + (long)other * columns, columns);
                }
            }
        }
    }

    /// <summary>The order of rows that exchanges lead to, for each matrix of a batch.</summary>
    /// <param name="pivots">The exchanges, counted from 1: <paramref name="count"/> for each matrix.</param>
    /// <param name="count">How many.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="order">Which row comes to stand where, counted from 0.</param>
    public static void Order(ReadOnlySpan<int> pivots, int count, int rows, Span<long> order)
    {
        for (int item = 0; rows > 0 && item < order.Length / rows; item++)
        {
            Span<long> own = order.Slice(item * rows, rows);
            for (int i = 0; i < rows; i++) own[i] = i;
            for (int i = 0; i < count; i++)
            {
                int other = pivots[item * count + i] - 1;
                (own[i], own[other]) = (own[other], own[i]);
            }
        }
    }

    /// <summary>Which pivot names no row; −1 where all do.</summary>
    public static int FirstOutside(ReadOnlySpan<int> pivots, int rows)
    {
        for (int i = 0; i < pivots.Length; i++)
            if (pivots[i] < 1 || pivots[i] > rows) return i;
        return -1;
    }

    /// <summary>The first matrix with a zero on its diagonal, and where; −1 where none has one.</summary>
    /// <param name="a">The matrices, one after the other.</param>
    /// <param name="size">Elements of each.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="count">Elements on its diagonal.</param>
    public static (int Item, int Place) FirstZero<T>(ReadOnlySpan<T> a, int size, int columns, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int item = 0; size > 0 && item < a.Length / size; item++)
            for (int i = 0; i < count; i++)
                if (a[item * size + i * columns + i] == T.Zero) return (item, i);
        return (-1, 0);
    }

    private struct Body<T> : IBatchBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int M, N;
        public T* A;
        public int* Pivots;

        public readonly void One(int item)
        {
            int count = Math.Min(M, N);
            int* pivots = Pivots + (long)item * count;
            Factor(A + (long)item * M * N, N, M, N, pivots);
            for (int i = 0; i < count; i++) pivots[i]++;
        }
    }

    /// <summary>Factors one matrix; pivots are counted from 0 here.</summary>
    private static void Factor<T>(T* a, int lda, int m, int n, int* pivots) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = Math.Min(m, n);
        if (count <= Small)
        {
            Narrow(a, lda, m, n, pivots);
            return;
        }
        int left = Triangular.Half(count), right = n - left;
        Factor(a, lda, m, left, pivots);
        T* b = a + left;
        Exchange(b, lda, right, pivots, 0, left);
        Triangular.LowerLeft(true, left, right, a, lda, b, lda);
        T* below = a + (long)left * lda;
        Line<T>.SubtractProduct(Trans.No, Trans.No, m - left, right, left, below, lda, b, lda, below + left, lda);
        Factor(below + left, lda, m - left, right, pivots + left);
        for (int i = left; i < count; i++) pivots[i] += left;
        Exchange(a, lda, left, pivots, left, count);
    }

    private static void Exchange<T>(T* a, int lda, int columns, int* pivots, int from, int to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = from; i < to; i++)
            if (pivots[i] != i) Line<T>.Swap(a + (long)i * lda, a + (long)pivots[i] * lda, columns);
    }

    private static void Narrow<T>(T* a, int lda, int m, int n, int* pivots) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = Math.Min(m, n);
        for (int j = 0; j < count; j++)
        {
            int pivot = j;
            T largest = T.Abs(a[(long)j * lda + j]);
            for (int i = j + 1; i < m; i++)
            {
                T size = T.Abs(a[(long)i * lda + j]);
                if (size > largest) (largest, pivot) = (size, i);
            }
            pivots[j] = pivot;
            T* row = a + (long)j * lda;
            if (pivot != j) Line<T>.Swap(row, a + (long)pivot * lda, n);
            T divisor = row[j];
            // A column of zeros is left as it is: what is below stays 0, and so the diagonal of U says that A is singular.
            if (divisor == T.Zero) continue;
            for (int i = j + 1; i < m; i++)
            {
                T* other = a + (long)i * lda;
                T factor = other[j] / divisor;
                other[j] = factor;
                Line<T>.AddScaled(other + j + 1, -factor, row + j + 1, n - j - 1);
            }
        }
    }
}
