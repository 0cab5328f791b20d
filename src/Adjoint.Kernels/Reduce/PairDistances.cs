using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>Distances of all rows of one matrix from all rows of another, without room for their differences.</summary>
internal static unsafe class PairDistances
{
    /// <summary>(Σ |x[i] − y[j]|ᵖ)^(1/p) for every i and j, for each matrix of a batch.</summary>
    /// <param name="batch">How many pairs of matrices.</param>
    /// <param name="m">Rows of x.</param>
    /// <param name="n">Rows of y.</param>
    /// <param name="d">Columns of both.</param>
    /// <param name="p">Which norm, at least 0.</param>
    /// <param name="x">The matrices x, one after the other.</param>
    /// <param name="y">The matrices y.</param>
    /// <param name="z">m rows of n distances each.</param>
    public static void Forward<T>(int batch, int m, int n, int d, double p, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (z.Length == 0) return;
        fixed (T* px = x, py = y, pz = z)
        {
            var body = new ForwardBody<T> { M = m, N = n, D = d, P = T.CreateChecked(p), X = px, Y = py, Z = pz };
            Threads.Run(batch * m, ref body);
        }
    }

    /// <summary>Σⱼ g[i, j]·∂z[i, j]/∂x[i] for every i: the gradient of x; that of y is the same with all exchanged.</summary>
    /// <param name="batch">How many pairs of matrices.</param>
    /// <param name="m">Rows of x.</param>
    /// <param name="n">Rows of y.</param>
    /// <param name="d">Columns of both.</param>
    /// <param name="p">Which norm, at least 0.</param>
    /// <param name="x">The matrices x.</param>
    /// <param name="y">The matrices y.</param>
    /// <param name="z">The distances.</param>
    /// <param name="g">Their gradients.</param>
    /// <param name="dx">The gradient of x.</param>
    public static void Gradient<T>(
        int batch, int m, int n, int d, double p, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> g, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        dx.Clear();
        if (dx.Length == 0 || n == 0) return;
        fixed (T* px = x, py = y, pz = z, pg = g, pdx = dx)
        {
            var body = new GradientBody<T> { M = m, N = n, D = d, P = T.CreateChecked(p), X = px, Y = py, Z = pz, G = pg, Dx = pdx };
            Threads.Run(batch * m, ref body);
        }
    }

    private struct ForwardBody<T> : IChunkBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int M, N, D;
        public T P;
        public T* X, Y, Z;

        public readonly void Run(int row)
        {
            T* x = X + (long)row * D, y = Y + (long)(row / M) * N * D, z = Z + (long)row * N;
            using var memory = new Scratch<T>(D + 1);
            T* difference = memory.Data;
            for (int j = 0; j < N; j++, y += D)
            {
                z[j] = Norm(difference, Differences(x, y, difference));
            }
        }

        /// <summary>|x − y| and the largest of them, NaN if one is.</summary>
        private readonly T Differences(T* x, T* y, T* sizes)
        {
            int k = 0;
            Vector<T> most = Vector<T>.Zero;
            for (; k + Vector<T>.Count <= D; k += Vector<T>.Count)
            {
                Vector<T> size = Vector.Abs(Vector.Load(x + k) - Vector.Load(y + k));
                size.Store(sizes + k);
                most = Vector.Max(most, size);
            }
            T largest = T.Zero;
            for (int lane = 0; lane < Vector<T>.Count; lane++) largest = T.Max(largest, most[lane]);
            for (; k < D; k++)
            {
                sizes[k] = T.Abs(x[k] - y[k]);
                largest = T.Max(largest, sizes[k]);
            }
            return largest;
        }

        private readonly T Norm(T* sizes, T largest)
        {
            if (T.IsPositiveInfinity(P) || T.IsNaN(largest)) return largest;
            T sum = T.Zero;
            if (P == T.Zero)
            {
                for (int k = 0; k < D; k++) sum += sizes[k] == T.Zero ? T.Zero : T.One;
                return sum;
            }
            if (P == T.One)
            {
                for (int k = 0; k < D; k++) sum += sizes[k];
                return sum;
            }
            if (largest == T.Zero || T.IsInfinity(largest)) return largest;
            // Powers overflow, or vanish, long before the norm: then they are taken of what the sizes are of the largest.
            bool isPlain = P == T.CreateChecked(2) && Line<T>.ScaleOf(largest) == T.One;
            if (isPlain) return T.Sqrt(Line<T>.Dot(sizes, sizes, D));
            Line<T>.Divide(sizes, largest, D);
            if (P == T.CreateChecked(2)) return largest * T.Sqrt(Line<T>.Dot(sizes, sizes, D));
            for (int k = 0; k < D; k++) sum += T.Pow(sizes[k], P);
            return largest * T.Pow(sum, T.One / P);
        }
    }

    private struct GradientBody<T> : IChunkBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int M, N, D;
        public T P;
        public T* X, Y, Z, G, Dx;

        public readonly void Run(int row)
        {
            T* x = X + (long)row * D, y = Y + (long)(row / M) * N * D, z = Z + (long)row * N, g = G + (long)row * N;
            T* dx = Dx + (long)row * D;
            for (int j = 0; j < N; j++, y += D)
            {
                T factor = g[j], length = z[j];
                if (P == T.Zero || length == T.Zero) continue;
                if (P == T.CreateChecked(2))
                {
                    AddDifferences(x, y, factor / length, dx);
                }
                else if (P == T.One)
                {
                    for (int k = 0; k < D; k++) dx[k] += factor * Sign(x[k] - y[k]);
                }
                else if (T.IsPositiveInfinity(P))
                {
                    int count = 0;
                    for (int k = 0; k < D; k++) count += T.Abs(x[k] - y[k]) == length ? 1 : 0;
                    if (count > 0) factor /= T.CreateChecked(count);
                    for (int k = 0; k < D; k++)
                        if (T.Abs(x[k] - y[k]) == length) dx[k] += factor * Sign(x[k] - y[k]);
                }
                else
                {
                    for (int k = 0; k < D; k++)
                    {
                        T difference = x[k] - y[k];
                        if (difference != T.Zero)
                            dx[k] += factor * T.CopySign(T.Pow(T.Abs(difference) / length, P - T.One), difference);
                    }
                }
            }
        }

        private readonly void AddDifferences(T* x, T* y, T factor, T* dx)
        {
            int k = 0;
            var all = new Vector<T>(factor);
            for (; k + Vector<T>.Count <= D; k += Vector<T>.Count)
                (Vector.Load(dx + k) + all * (Vector.Load(x + k) - Vector.Load(y + k))).Store(dx + k);
            for (; k < D; k++) dx[k] += factor * (x[k] - y[k]);
        }

        private static T Sign(T x) => x > T.Zero ? T.One : x < T.Zero ? -T.One : x;
    }
}
