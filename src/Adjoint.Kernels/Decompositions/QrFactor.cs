using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>A = Q·R by Householder's reflections, in blocks; the signs are those of LAPACK.</summary>
internal static unsafe class QrFactor
{
    private const int Together = 32;

    /// <summary>Factors each matrix of a batch.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="m">Their rows.</param>
    /// <param name="n">Their columns.</param>
    /// <param name="a">The matrices, one after the other; overwritten.</param>
    /// <param name="columns">Columns of Q: min(m, n), or m; none for R alone.</param>
    /// <param name="q">Q: m rows each.</param>
    /// <param name="r">R: max(columns, min(m, n)) rows of n each, with zeros below the diagonal.</param>
    /// <param name="rowsOfR">How many rows R has.</param>
    public static void Run<T>(int batch, int m, int n, Span<T> a, int columns, Span<T> q, Span<T> r, int rowsOfR)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (batch == 0) return;
        fixed (T* pa = a, pq = q, pr = r)
        {
            var body = new Body<T> { M = m, N = n, Columns = columns, RowsOfR = rowsOfR, A = pa, Q = pq, R = pr };
            Batches.Run(batch, 2.0 * m * n * Math.Min(m, n) + 1, ref body);
        }
    }

    private struct Body<T> : IBatchBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int M, N, Columns, RowsOfR;
        public T* A, Q, R;

        public readonly void One(int item)
        {
            int k = Math.Min(M, N);
            T* a = A + (long)item * M * N, r = R + (long)item * RowsOfR * N, q = Q + (long)item * M * Columns;
            // The reflections stand in rows, first those of A's columns: a transposed copy is gone through faster than columns.
            using var work = new Scratch<T>((long)k * M + k + 1);
            T* vectors = work.Data, tau = vectors + (long)k * M;
            T scale = Line<T>.ScaleOf(Line<T>.Largest(a, N, M, N));
            if (scale != T.One) Line<T>.Scale(a, scale, M * N);
            Factor(a, M, N, vectors, tau);
            for (int i = 0; i < RowsOfR; i++)
            {
                T* row = r + (long)i * N;
                int zeros = Math.Min(i, N);
                new Span<T>(row, zeros).Clear();
                if (i < M) new Span<T>(a + (long)i * N + zeros, N - zeros).CopyTo(new Span<T>(row + zeros, N - zeros));
                if (scale != T.One) Line<T>.Divide(row, scale, N);
            }
            if (Columns > 0) Reflectors<T>.Form(vectors, M, k, 0, tau, q, Columns, M, Columns);
        }
    }

    /// <summary>R on and above the diagonal of A; the reflections as rows, with zeros before their ones.</summary>
    internal static void Factor<T>(T* a, int m, int n, T* vectors, T* tau) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n), width = k <= Together ? k : Together;
        using var work = new Scratch<T>((long)m * width + width * width + n + 1);
        T* v = work.Data, t = v + (long)m * width, w = t + width * width;
        for (int start = 0; start < k; start += width)
        {
            int count = Math.Min(width, k - start), end = start + count;
            for (int j = start; j < end; j++)
            {
                T* vector = vectors + (long)j * m;
                new Span<T>(vector, j).Clear();
                for (int i = j; i < m; i++) vector[i] = a[(long)i * n + j];
                tau[j] = Reflectors<T>.Make(vector + j, m - j);
                a[(long)j * n + j] = vector[j];
                vector[j] = T.One;
                // Of a matrix that is taken whole the rest of the columns as well.
                Reflectors<T>.ApplyOne(vector + j, tau[j], m - j, a + (long)j * n + j + 1, n, (k <= Together ? n : end) - j - 1, w);
            }
            if (k <= Together || end == n) continue;
            int height = m - start;
            Line<T>.Transpose(vectors + (long)start * m + start, m, count, height, v, count);
            Reflectors<T>.Block(v, height, count, tau + start, t);
            Reflectors<T>.Apply(true, v, t, height, count, a + (long)start * n + end, n, n - end);
        }
    }
}
