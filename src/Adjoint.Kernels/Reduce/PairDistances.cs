using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <summary>The distances of each row from those after it, one row's after the other's.</summary>
    /// <param name="n">Rows.</param>
    /// <param name="d">Columns.</param>
    /// <param name="p">Which norm, at least 0.</param>
    /// <param name="x">The rows.</param>
    /// <param name="z">n·(n − 1)/2 distances.</param>
    public static void ForwardOfPairs<T>(int n, int d, double p, ReadOnlySpan<T> x, Span<T> z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (z.Length == 0) return;
        fixed (T* px = x, pz = z)
        {
            var body = new ForwardBody<T> { M = n, N = n, D = d, P = T.CreateChecked(p), X = px, Y = px, Z = pz, IsOfPairs = true };
            Threads.Run(n - 1, ref body);
        }
    }

    /// <summary>The gradient of x, from those of <see cref="ForwardOfPairs"/>.</summary>
    public static void GradientOfPairs<T>(int n, int d, double p, ReadOnlySpan<T> x, ReadOnlySpan<T> z, ReadOnlySpan<T> g, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        dx.Clear();
        if (dx.Length == 0 || n == 0) return;
        fixed (T* px = x, pz = z, pg = g, pdx = dx)
        {
            var body = new GradientBody<T> { M = n, N = n, D = d, P = T.CreateChecked(p), X = px, Y = px, Z = pz, G = pg, Dx = pdx };
            body.IsOfPairs = true;
            Threads.Run(n, ref body);
        }
    }

    /// <summary>Where the distance of rows i &lt; j stands among those of pairs.</summary>
    private static long Place(long i, long j, int n) => i * (2L * n - i - 1) / 2 + j - i - 1;

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

        public bool IsOfPairs;

        public readonly void Run(int row)
        {
            int first = IsOfPairs ? row + 1 : 0;
            T* x = X + (long)row * D, y = Y + (IsOfPairs ? first : (long)(row / M) * N) * D;
            T* z = Z + (IsOfPairs ? Place(row, first, N) : (long)row * N);
            using var memory = new Scratch<T>(D + 1);
            T* difference = memory.Data;
            bool isOfSquares = P == T.CreateChecked(2);
            T least = T.ScaleB(T.CreateChecked(D), -Plain), most = T.ScaleB(T.One, Plain);
            for (int j = first; j < N; j++, y += D, z++)
            {
                T sum = isOfSquares ? SumOfSquares(x, y, D) : T.NaN;
                *z = sum >= least && sum <= most ? T.Sqrt(sum) : Norm(difference, Differences(x, y, difference));
            }
        }

        // A sum of squares so far from the largest number and from 0: then the differences need no scale, and they need not be looked at.
        private static int Plain => sizeof(T) == 4 ? 76 : 596;

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

        public bool IsOfPairs;

        public readonly void Run(int row)
        {
            T* dx = Dx + (long)row * D;
            if (!IsOfPairs)
            {
                Add(row, Y + (long)(row / M) * N * D, 0, N, dx);
                return;
            }
            // What the rows after it give and what those before it give, each by itself: as the gradients of two operands are.
            using var memory = new Scratch<T>(D + 1);
            new Span<T>(memory.Data, D).Clear();
            Add(row, Y, row + 1, N, dx);
            Add(row, Y, 0, row, memory.Data);
            for (int k = 0; k < D; k++) dx[k] += memory.Data[k];
        }

        private readonly void Add(int row, T* y, int start, int end, T* dx)
        {
            T* x = X + (long)row * D;
            bool isOfSquares = P == T.CreateChecked(2);
            if (P == T.Zero) return;
            for (int j = start; j < end; j++)
            {
                if (isOfSquares && j + 4 <= end)
                {
                    AddFour(x, y + (long)j * D, Quotient(row, j), Quotient(row, j + 1), Quotient(row, j + 2), Quotient(row, j + 3), dx);
                    j += 3;
                }
                else if (isOfSquares) AddDifferences(x, y + (long)j * D, Quotient(row, j), dx);
                else AddPowers(x, y + (long)j * D, G[PlaceOf(row, j)], Z[PlaceOf(row, j)], dx);
            }
        }

        private readonly long PlaceOf(int row, int j) =>
            !IsOfPairs ? (long)row * N + j : row < j ? Place(row, j, N) : Place(j, row, N);

        // 0 of rows that are the same, whatever their gradient is.
        private readonly T Quotient(int row, int j)
        {
            long place = PlaceOf(row, j);
            return Z[place] == T.Zero ? T.Zero : G[place] / Z[place];
        }

        private readonly void AddPowers(T* x, T* y, T factor, T length, T* dx)
        {
            if (length == T.Zero) return;
            if (P == T.One)
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

        // Four rows y in turn, while x and its gradient are at hand.
        private readonly void AddFour(T* x, T* y, T f0, T f1, T f2, T f3, T* dx)
        {
            int k = 0;
            T* y1 = y + D, y2 = y1 + D, y3 = y2 + D;
            Vector<T> a = new(f0), b = new(f1), c = new(f2), d = new(f3);
            for (; k + Vector<T>.Count <= D; k += Vector<T>.Count)
            {
                Vector<T> here = Vector.Load(x + k), sum = Vector.Load(dx + k) + a * (here - Vector.Load(y + k));
                sum += b * (here - Vector.Load(y1 + k));
                sum += c * (here - Vector.Load(y2 + k));
                (sum + d * (here - Vector.Load(y3 + k))).Store(dx + k);
            }
            for (; k < D; k++)
                dx[k] = dx[k] + f0 * (x[k] - y[k]) + f1 * (x[k] - y1[k]) + f2 * (x[k] - y2[k]) + f3 * (x[k] - y3[k]);
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

    /// <summary>Σ (x − y)², in the order of <see cref="Line{T}.Dot"/>.</summary>
    private static T SumOfSquares<T>(T* x, T* y, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0, lanes = Vector256<T>.Count;
        T sum = T.Zero;
        if (n >= lanes)
        {
            Vector256<T> a = default, b = default, c = default, d = default;
            for (; i <= n - 4 * lanes; i += 4 * lanes)
            {
                a = AddSquare(x + i, y + i, a);
                b = AddSquare(x + i + lanes, y + i + lanes, b);
                c = AddSquare(x + i + 2 * lanes, y + i + 2 * lanes, c);
                d = AddSquare(x + i + 3 * lanes, y + i + 3 * lanes, d);
            }
            for (; i <= n - lanes; i += lanes) a = AddSquare(x + i, y + i, a);
            Vector128<T> half = Simd256<T>.Fold(a + b + (c + d));
            for (int lane = 0; lane < Vector128<T>.Count; lane++) sum += half[lane];
        }
        for (; i < n; i++)
        {
            T difference = x[i] - y[i];
            sum = T.FusedMultiplyAdd(difference, difference, sum);
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> AddSquare<T>(T* x, T* y, Vector256<T> sum) where T : unmanaged
    {
        Vector256<T> difference = Vector256.Load(x) - Vector256.Load(y);
        return Simd256<T>.MultiplyAdd(difference, difference, sum);
    }
}
