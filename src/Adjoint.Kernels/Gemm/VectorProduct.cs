using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// The product of a matrix stored by rows with one column: a dot product for each row. Limited by the speed of memory, so
/// each number of the matrix is read once, in order.
/// </summary>
internal static unsafe class VectorProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged, INumber<T>
{
    /// <summary>Rows whose sums run side by side: enough to hide the latency of an addition.</summary>
    private const int Rows = 4;

    /// <summary>Whether <paramref name="p"/> is such a product.</summary>
    public static bool Accepts(in Product<T> p) => p.N == 1 && p.Left.Column == 1 && p.K >= S.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Product<T> p)
    {
        T* x = p.Right.Data;
        if (p.Right.Row != 1)
        {
            x = Workspace.Get<T>(Workspace.Block.SharedRight, p.K);
            for (nint i = 0; i < p.K; i++) x[i] = *p.Right.At(i, 0);
        }
        int rows = (int)Math.Max(1, Chunks.Cheap / (long)p.K / Rows) * Rows;
        var dots = new Dots { P = p, X = x, RowsEach = rows };
        Threads.Run((p.M + rows - 1) / rows, ref dots);
    }

    private struct Dots : IChunkBody
    {
        public Product<T> P;
        public T* X;
        public int RowsEach;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            int end = Math.Min(P.M, (chunk + 1) * RowsEach);
            for (int i = chunk * RowsEach; i < end; i += Rows) FourDots(i, end - i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void FourDots(int i, int rows)
        {
            // Rows that do not exist are computed from the first, and not written.
            T* a0 = P.Left.At(i, 0), a1 = rows > 1 ? P.Left.At(i + 1, 0) : a0;
            T* a2 = rows > 2 ? P.Left.At(i + 2, 0) : a0, a3 = rows > 3 ? P.Left.At(i + 3, 0) : a0;
            V s0 = default, s1 = default, s2 = default, s3 = default, t0 = default, t1 = default, t2 = default, t3 = default, x;
            nint k = 0;
            for (; k <= P.K - 2 * S.Lanes; k += 2 * S.Lanes)
            {
                x = S.Load(X + k);
                s0 = S.MultiplyAdd(S.Load(a0 + k), x, s0);
                s1 = S.MultiplyAdd(S.Load(a1 + k), x, s1);
                s2 = S.MultiplyAdd(S.Load(a2 + k), x, s2);
                s3 = S.MultiplyAdd(S.Load(a3 + k), x, s3);
                x = S.Load(X + k + S.Lanes);
                t0 = S.MultiplyAdd(S.Load(a0 + k + S.Lanes), x, t0);
                t1 = S.MultiplyAdd(S.Load(a1 + k + S.Lanes), x, t1);
                t2 = S.MultiplyAdd(S.Load(a2 + k + S.Lanes), x, t2);
                t3 = S.MultiplyAdd(S.Load(a3 + k + S.Lanes), x, t3);
            }
            for (; k < P.K; k += S.Lanes)
            {
                V mask = S.Mask((int)Math.Min(S.Lanes, P.K - k));
                x = S.Load(X + k, mask);
                s0 = S.MultiplyAdd(S.Load(a0 + k, mask), x, s0);
                s1 = S.MultiplyAdd(S.Load(a1 + k, mask), x, s1);
                s2 = S.MultiplyAdd(S.Load(a2 + k, mask), x, s2);
                s3 = S.MultiplyAdd(S.Load(a3 + k, mask), x, s3);
            }
            Write(i, S.Sum(S.Add(s0, t0)));
            if (rows > 1) Write(i + 1, S.Sum(S.Add(s1, t1)));
            if (rows > 2) Write(i + 2, S.Sum(S.Add(s2, t2)));
            if (rows > 3) Write(i + 3, S.Sum(S.Add(s3, t3)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Write(int i, T sum)
        {
            T* to = P.Out.At(i, 0);
            if ((P.Finish & Finish.Accumulate) != 0) sum += *to;
            if ((P.Finish & (Finish.ColumnBias | Finish.RowBias)) != 0) sum += *P.BiasAt(i, 0);
            if ((P.Finish & Finish.Relu) != 0 && sum < T.Zero) sum = T.Zero;
            *to = sum;
        }
    }
}
