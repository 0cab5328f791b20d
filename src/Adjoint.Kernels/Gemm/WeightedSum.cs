using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// The product of one row with a matrix stored by rows: the sum of the matrix's rows, each times a number. Limited by the speed of
/// memory: each number is read once, a strip of eight registers' width of every row after the other, while their sums are in registers.
/// </summary>
/// <remarks>
/// Note [Blocks of a sum]: the sums are taken in the order of the rows, in blocks of as many as a <see cref="BlockedProduct{S, V, T}"/>
/// takes at a time. Where the columns are too few to be shared out, threads
/// take blocks, whose sums are added in their order.
/// </remarks>
internal static unsafe class WeightedSum<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged, INumber<T>
{
    private const int DepthLimit = 512;

    /// <summary>Whether <paramref name="p"/> is such a product.</summary>
    public static bool Accepts(in Product<T> p) => p.M == 1 && p.Right.Column == 1 && p.Out.Column == 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Product<T> p)
    {
        int blocks = Math.Max(1, (p.K + DepthLimit - 1) / DepthLimit);
        bool inPlace = blocks == 1 && (p.Finish & Finish.Accumulate) == 0;
        using Scratch<T> sums = inPlace ? default : new((long)blocks * p.N);
        var body = new Cells { P = p, Depth = Math.Max(1, (p.K + blocks - 1) / blocks), Sums = sums.Data };
        body.Cut();
        Threads.Run(checked(body.Parts * blocks), ref body);
        T* y = p.Out.Data;
        for (nint i = 0; !inPlace && i < blocks; i++) AddBlock(sums.Data + i * p.N, y, p.N, i > 0 || (p.Finish & Finish.Accumulate) != 0);
        if ((p.Finish & ~Finish.Accumulate) != 0) TileFinish<S, V, T>.Run(1, p.N, y, 0, p.Finish, p.Bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBlock(T* sums, T* y, int n, bool more)
    {
        for (int j = 0; j < n; j += S.Lanes)
        {
            V mask = S.Mask(Math.Min(S.Lanes, n - j)), sum = S.Load(sums + j, mask);
            S.Store(y + j, mask, more ? S.Add(S.Load(y + j, mask), sum) : sum);
        }
    }

    private struct Cells : IChunkBody
    {
        public Product<T> P;
        public int Depth, Parts;

        /// <summary>Where the sums of the blocks go, one after the other; if nowhere, there is one, and it goes to the product.</summary>
        public T* Sums;

        private int _width;

        /// <summary>Cuts the columns into at most eight parts that are worth a thread and wide enough to be read in long runs.</summary>
        public void Cut()
        {
            int strip = 8 * S.Lanes, worth = Chunks.Cheap / Math.Max(1, Depth);
            Parts = Math.Clamp(P.N / Math.Max(1024 / sizeof(T), worth), 1, 8);
            _width = ((P.N + Parts - 1) / Parts + strip - 1) / strip * strip;
            Parts = (P.N + _width - 1) / _width;
        }

        // Strips may overlap: what is computed twice is written twice.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            int block = chunk / Parts, j = chunk % Parts * _width, width = Math.Min(_width, P.N - j), l = S.Lanes;
            int first = Math.Min(P.K, block * Depth), count = Math.Min(Depth, P.K - first);
            T* x = P.Left.At(0, first), rows = P.Right.At(first, j), to = (Sums == null ? P.Out.Data : Sums + (nint)block * P.N) + j;
            nint step = P.Left.Column, down = P.Right.Row;
            if (width >= 8 * l)
            {
                for (int i = 0; i <= width - 8 * l; i += 8 * l) Eight(x, step, rows + i, down, count, to + i);
                if (width % (8 * l) != 0) Eight(x, step, rows + width - 8 * l, down, count, to + width - 8 * l);
            }
            else if (width >= 4 * l)
            {
                Four(x, step, rows, down, count, to);
                if (width > 4 * l) Four(x, step, rows + width - 4 * l, down, count, to + width - 4 * l);
            }
            else for (int i = 0; i < width; i += l) One(x, step, rows + i, down, count, to + i, Math.Min(l, width - i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(T* x, nint step, T* row, nint down, int count, T* to)
    {
        nint l = S.Lanes;
        V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (; count > 0; count--, x += step, row += down)
        {
            V f = S.Broadcast(x);
            s0 = S.MultiplyAdd(f, S.Load(row), s0);
            s1 = S.MultiplyAdd(f, S.Load(row + l), s1);
            s2 = S.MultiplyAdd(f, S.Load(row + 2 * l), s2);
            s3 = S.MultiplyAdd(f, S.Load(row + 3 * l), s3);
            s4 = S.MultiplyAdd(f, S.Load(row + 4 * l), s4);
            s5 = S.MultiplyAdd(f, S.Load(row + 5 * l), s5);
            s6 = S.MultiplyAdd(f, S.Load(row + 6 * l), s6);
            s7 = S.MultiplyAdd(f, S.Load(row + 7 * l), s7);
        }
        S.Store(to, s0);
        S.Store(to + l, s1);
        S.Store(to + 2 * l, s2);
        S.Store(to + 3 * l, s3);
        S.Store(to + 4 * l, s4);
        S.Store(to + 5 * l, s5);
        S.Store(to + 6 * l, s6);
        S.Store(to + 7 * l, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(T* x, nint step, T* row, nint down, int count, T* to)
    {
        nint l = S.Lanes;
        V s0 = default, s1 = default, s2 = default, s3 = default;
        for (; count > 0; count--, x += step, row += down)
        {
            V f = S.Broadcast(x);
            s0 = S.MultiplyAdd(f, S.Load(row), s0);
            s1 = S.MultiplyAdd(f, S.Load(row + l), s1);
            s2 = S.MultiplyAdd(f, S.Load(row + 2 * l), s2);
            s3 = S.MultiplyAdd(f, S.Load(row + 3 * l), s3);
        }
        S.Store(to, s0);
        S.Store(to + l, s1);
        S.Store(to + 2 * l, s2);
        S.Store(to + 3 * l, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(T* x, nint step, T* row, nint down, int count, T* to, int columns)
    {
        V mask = S.Mask(columns), sum = default;
        for (; count > 0; count--, x += step, row += down) sum = S.MultiplyAdd(S.Broadcast(x), S.Load(row, mask), sum);
        S.Store(to, mask, sum);
    }
}
