using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>A = U·diag(σ)·Vᵀ: a tall matrix becomes a square one by QR, that one bidiagonal, and that one diagonal.</summary>
internal static unsafe class SingularValues
{
    /// <summary>Decomposes each matrix of a batch.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="m">Their rows.</param>
    /// <param name="n">Their columns.</param>
    /// <param name="full">Whether U and V are square; else they have min(m, n) columns.</param>
    /// <param name="a">The matrices, one after the other.</param>
    /// <param name="u">U, none where only σ is wanted.</param>
    /// <param name="values">σ, from the largest on.</param>
    /// <param name="v">Vᵀ.</param>
    /// <param name="failed">For each matrix 0, 1 where there are numbers that are not finite, 2 where it did not converge.</param>
    public static void Run<T>(
        int batch, int m, int n, bool full, ReadOnlySpan<T> a, Span<T> u, Span<T> values, Span<T> v, Span<int> failed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        failed.Clear();
        if (batch == 0) return;
        bool wanted = u.Length + v.Length > 0;
        if (Math.Min(m, n) == 0)
        {
            // Nothing to decompose, but square matrices may be asked for.
            fixed (T* pu = u, pv = v)
            {
                for (int i = 0; full && wanted && i < batch; i++)
                {
                    if (m > 0) Line<T>.Identity(pu + (long)i * m * m, m, m, m);
                    if (n > 0) Line<T>.Identity(pv + (long)i * n * n, n, n, n);
                }
            }
            return;
        }
        fixed (T* pa = a, pu = u, ps = values, pv = v)
        fixed (int* pf = failed)
        {
            var body = new Body<T>
            {
                M = m,
                N = n,
                Full = full,
                Wanted = wanted,
                A = pa,
                U = pu,
                Values = ps,
                V = pv,
                Failed = pf,
            };
            Batches.Run(batch, 12.0 * Math.Max(m, n) * Math.Min(m, n) * Math.Min(m, n), ref body);
        }
    }

    private struct Body<T> : IBatchBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int M, N;
        public bool Full, Wanted;
        public T* A, U, Values, V;
        public int* Failed;

        public readonly void One(int item)
        {
            int k = Math.Min(M, N);
            long ofU = (long)M * (Full ? M : k), ofV = (long)N * (Full ? N : k);
            T* s = Values + (long)item * k, u = Wanted ? U + item * ofU : null, v = Wanted ? V + item * ofV : null;
            Failed[item] = Decompose(A + (long)item * M * N, M, N, Full, u, s, v);
            if (Failed[item] == 0) return;
            new Span<T>(s, k).Fill(T.NaN);
            for (long i = 0; u != null && i < ofU; i++) u[i] = T.NaN;
            for (long i = 0; v != null && i < ofV; i++) v[i] = T.NaN;
        }
    }

    private static int Decompose<T>(T* a, int m, int n, bool full, T* u, T* s, T* v) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool wide = m < n, wanted = u != null;
        int rows = Math.Max(m, n), k = Math.Min(m, n), columns = full ? rows : k;
        T largest = Line<T>.Largest(a, n, m, n);
        if (!T.IsFinite(largest)) return 1;
        T scale = Line<T>.ScaleOf(largest);

        // The matrix as a tall one.
        using var memory = new Scratch<T>((long)rows * k * 2 + k + (long)rows * columns);
        T* tall = memory.Data, vectors = tall + (long)rows * k, tau = vectors + (long)rows * k, q = tau + k;
        if (wide) Line<T>.Transpose(a, n, m, n, tall, k);
        else new Span<T>(a, m * n).CopyTo(new Span<T>(tall, m * n));
        if (scale != T.One) Line<T>.Scale(tall, scale, rows * k);
        if (rows > k)
        {
            QrFactor.Factor(tall, rows, k, vectors, tau);
            for (int i = 1; i < k; i++) new Span<T>(tall + (long)i * k, i).Clear();
            if (wanted) Reflectors<T>.Form(vectors, rows, k, 0, tau, q, columns, rows, columns);
        }

        using var square = new Scratch<T>(4L * k * k);
        T* ut = square.Data, vt = ut + (long)k * k;
        if (!Square(tall, k, s, ut, vt, wanted, vt + (long)k * k)) return 2;
        if (scale != T.One) Line<T>.Divide(s, scale, k);
        if (!wanted) return 0;

        // U of the tall matrix is Q·U of the square one, and what else is orthogonal to it.
        T* left = rows > k ? vectors : ut;
        if (rows > k) Line<T>.Product(Trans.No, Trans.Yes, rows, k, k, q, columns, ut, k, left, k);
        if (wide)
        {
            Line<T>.Transpose(vt, k, k, k, u, k);
            if (rows > k) Line<T>.Transpose(left, k, rows, k, v, rows);
            else new Span<T>(ut, k * k).CopyTo(new Span<T>(v, k * k));
            if (columns > k) Line<T>.Transpose(q + k, columns, rows, columns - k, v + (long)k * rows, rows);
            return 0;
        }
        new Span<T>(vt, k * k).CopyTo(new Span<T>(v, k * k));
        if (rows == k)
        {
            Line<T>.Transpose(ut, k, k, k, u, k);
            return 0;
        }
        for (int i = 0; i < rows; i++)
        {
            new Span<T>(left + (long)i * k, k).CopyTo(new Span<T>(u + (long)i * columns, k));
            new Span<T>(q + (long)i * columns + k, columns - k).CopyTo(new Span<T>(u + (long)i * columns + k, columns - k));
        }
        return 0;
    }

    /// <summary>Of a square matrix, which is overwritten: σ in order, Uᵀ and Vᵀ.</summary>
    private static bool Square<T>(T* a, int n, T* s, T* ut, T* vt, bool wanted, T* room) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var memory = new Scratch<T>(6L * n);
        T* d = memory.Data, e = d + n, tauLeft = e + n, tauRight = tauLeft + n, w = tauRight + n;
        T* left = room, right = room + (long)n * n;
        Bidiagonal<T>.Reduce(a, n, d, e, left, right, tauLeft, tauRight, w);
        if (wanted)
        {
            Reflectors<T>.Form(left, n, n, 0, tauLeft, a, n, n, n);
            Line<T>.Transpose(a, n, n, n, left, n);
            Reflectors<T>.Form(right, n, n - 1, 1, tauRight, a, n, n, n);
            Line<T>.Transpose(a, n, n, n, right, n);
        }
        var ofU = new Rotations<T>(wanted ? left : null, n, n);
        var ofV = new Rotations<T>(wanted ? right : null, n, n);
        bool[] negative = new bool[n];
        bool converged = Bidiagonal<T>.Iterate(n, d, e, ref ofU, ref ofV, negative);
        ofU.Flush();
        ofV.Flush();
        ofU.Dispose();
        ofV.Dispose();
        if (!converged) return false;

        int[] order = new int[n];
        T[] sorted = new T[n];
        for (int i = 0; i < n; i++) (order[i], sorted[i]) = (i, -d[i]);
        Array.Sort(sorted, order);
        for (int i = 0; i < n; i++)
        {
            s[i] = -sorted[i];
            if (!wanted) continue;
            T* from = right + (long)order[i] * n, to = vt + (long)i * n;
            if (negative[order[i]]) Line<T>.Negate(from, to, n);
            else new Span<T>(from, n).CopyTo(new Span<T>(to, n));
            new Span<T>(left + (long)order[i] * n, n).CopyTo(new Span<T>(ut + (long)i * n, n));
        }
        return true;
    }
}
