using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>
/// A = V·diag(λ)·Vᵀ of symmetric matrices: to tridiagonal form by reflections, then implicit QL steps (Golub and Van Loan 2013, 8.3).
/// </summary>
internal static unsafe class SymmetricEigen
{
    private const int MostSteps = 80; // for one eigenvalue; three are usual

    /// <summary>Decomposes each matrix of a batch.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="n">Their size.</param>
    /// <param name="lower">Whether the lower triangles are read, else the upper ones.</param>
    /// <param name="a">The matrices, one after the other.</param>
    /// <param name="values">λ, from the smallest on.</param>
    /// <param name="vectors">V, whose columns belong to λ; none where only λ is wanted.</param>
    /// <param name="failed">For each matrix 0, 1 where there are numbers that are not finite, 2 where it did not converge.</param>
    public static void Run<T>(
        int batch, int n, bool lower, ReadOnlySpan<T> a, Span<T> values, Span<T> vectors, Span<int> failed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        failed.Clear();
        if (batch == 0 || n == 0) return;
        fixed (T* pa = a, pd = values, pv = vectors)
        fixed (int* pf = failed)
        {
            var body = new Body<T> { N = n, Lower = lower, A = pa, Values = pd, Vectors = pv, Failed = pf };
            Batches.Run(batch, 9.0 * n * n * n, ref body);
        }
    }

    private struct Body<T> : IBatchBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int N;
        public bool Lower;
        public T* A, Values, Vectors;
        public int* Failed;

        public readonly void One(int item)
        {
            long square = (long)N * N;
            T* d = Values + (long)item * N, z = Vectors == null ? null : Vectors + item * square;
            Failed[item] = Decompose(A + item * square, N, Lower, d, z);
            if (Failed[item] == 0) return;
            new Span<T>(d, N).Fill(T.NaN);
            for (long i = 0; z != null && i < square; i++) z[i] = T.NaN;
        }
    }

    private static int Decompose<T>(T* a, int n, bool lower, T* d, T* z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var memory = new Scratch<T>((z == null ? 1L : 3L) * n * n + 4L * n);
        T* w = memory.Data, e = w + (long)n * n, tau = e + n, p = tau + n, v = p + n, zt = v + n, q = zt + (long)n * n;
        // Rows of the upper triangle are gone through here.
        if (lower) Line<T>.Transpose(a, n, n, n, w, n);
        else new Span<T>(a, n * n).CopyTo(new Span<T>(w, n * n));
        T largest = T.Zero;
        for (int i = 0; i < n; i++)
        {
            T most = Line<T>.Largest(w + (long)i * n + i, n, 1, n - i);
            if (!T.IsFinite(most)) return 1;
            largest = T.Max(largest, most);
        }
        T scale = Line<T>.ScaleOf(largest);
        if (scale != T.One) Line<T>.Scale(w, scale, n * n);
        Tridiagonalize(w, n, d, e, tau, p);
        if (z != null)
        {
            Reflectors<T>.Form(w, n, Math.Max(0, n - 1), 1, tau, q, n, n, n);
            Line<T>.Transpose(q, n, n, n, zt, n);
        }
        var rotations = new Rotations<T>(z == null ? null : zt, n, n);
        bool converged = Iterate(n, d, e, ref rotations);
        rotations.Flush();
        rotations.Dispose();
        if (!converged) return 2;
        if (scale != T.One) Line<T>.Divide(d, scale, n);
        Ordered(n, d, zt, z);
        return 0;
    }

    /// <summary>d and e of the tridiagonal matrix; the reflections as the rows of w right of the diagonal.</summary>
    private static void Tridiagonalize<T>(T* w, int n, T* d, T* e, T* tau, T* p) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < n - 1; k++)
        {
            T* v = w + (long)k * n + k + 1, rest = w + (long)(k + 1) * n + k + 1;
            int m = n - 1 - k;
            d[k] = w[(long)k * n + k];
            tau[k] = Reflectors<T>.Make(v, m);
            e[k] = v[0];
            v[0] = T.One;
            new Span<T>(w + (long)k * n, k + 1).Clear();
            if (tau[k] == T.Zero) continue;
            new Span<T>(p, m).Clear();
            for (int i = 0; i < m; i++)
            {
                T* row = rest + (long)i * n + i;
                p[i] += Line<T>.Dot(row, v + i, m - i);
                Line<T>.AddScaled(p + i + 1, v[i], row + 1, m - i - 1);
            }
            Line<T>.Scale(p, tau[k], m);
            Line<T>.AddScaled(p, -tau[k] * Line<T>.Dot(p, v, m) / T.CreateChecked(2), v, m);
            for (int i = 0; i < m; i++)
            {
                T* row = rest + (long)i * n + i;
                Line<T>.AddScaled(row, -v[i], p + i, m - i);
                Line<T>.AddScaled(row, -p[i], v + i, m - i);
            }
        }
        d[n - 1] = w[(long)n * n - 1];
        e[n - 1] = tau[n - 1] = T.Zero;
    }

    private static bool Iterate<T>(int n, T* d, T* e, ref Rotations<T> rotations) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T eps = Line<T>.Epsilon / T.CreateChecked(2), two = T.CreateChecked(2);
        for (int l = 0; l < n; l++)
        {
            for (int step = 0; ; step++)
            {
                int m = l;
                while (m < n - 1 && !(T.Abs(e[m]) <= eps * (T.Abs(d[m]) + T.Abs(d[m + 1])))) m++;
                if (m == l) break;
                if (step == MostSteps) return false;
                T g = (d[l + 1] - d[l]) / (two * e[l]), r = T.Hypot(g, T.One);
                g = d[m] - d[l] + e[l] / (g + T.CopySign(r, g));
                T s = T.One, c = T.One, p = T.Zero;
                int i = m - 1;
                for (; i >= l; i--)
                {
                    T f = s * e[i], b = c * e[i];
                    r = Length(f, g);
                    e[i + 1] = r;
                    if (r == T.Zero)
                    {
                        d[i + 1] -= p;
                        e[m] = T.Zero;
                        break;
                    }
                    s = f / r;
                    c = g / r;
                    g = d[i + 1] - p;
                    r = (d[i] - g) * s + two * c * b;
                    p = s * r;
                    d[i + 1] = g + p;
                    g = c * r - b;
                    rotations.Add(i + 1, i, c, s);
                }
                if (r == T.Zero && i >= l) continue;
                d[l] -= p;
                e[l] = g;
                e[m] = T.Zero;
            }
        }
        return true;
    }

    // All is of about the size of the largest element, or small beside it: squares that vanish are of no consequence.
    private static T Length<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T square = T.FusedMultiplyAdd(x, x, y * y);
        return square > T.CreateChecked(1e-28) && square < T.CreateChecked(1e28) ? T.Sqrt(square) : T.Hypot(x, y);
    }

    private static void Ordered<T>(int n, T* d, T* zt, T* z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] order = new int[n];
        T[] sorted = new T[n];
        for (int i = 0; i < n; i++) (order[i], sorted[i]) = (i, d[i]);
        Array.Sort(sorted, order);
        sorted.CopyTo(new Span<T>(d, n));
        if (z == null) return;
        for (int j = 0; j < n; j++)
        {
            T* row = zt + (long)order[j] * n;
            for (int i = 0; i < n; i++) z[(long)i * n + j] = row[i];
        }
    }
}
