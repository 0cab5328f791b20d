using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// The product of a matrix stored by rows with one column: a dot product for each row. Limited by the speed of memory, so
/// each number of the matrix is read once, in order.
/// </summary>
/// <remarks>
/// Note [Lanes of a dot]: a dot product is the sum of 128 bytes of partial sums, whatever the registers are: two of 512 bits and
/// four rows at a time, four of 256 bits and two rows, eight of 128 bits and one row. They are added in one order too, halves to
/// halves, so every machine gets the same bits. Vectors longer than <see cref="Longest"/> are cut there, so that several threads
/// can share one row; the sums of the pieces are added in their order.
/// </remarks>
internal static unsafe class VectorProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged, INumber<T>
{
    private const int Longest = 1 << 14;

    /// <summary>Registers that make up 64 bytes.</summary>
    private static int Parts
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 64 / (S.Lanes * sizeof(T));
    }

    /// <summary>Rows whose sums run side by side: eight registers of sums in all, enough to hide the latency of an addition.</summary>
    private static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4 / Parts;
    }

    /// <summary>Numbers in 64 bytes.</summary>
    private static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 64 / sizeof(T);
    }

    /// <summary>Whether <paramref name="p"/> is such a product.</summary>
    public static bool Accepts(in Product<T> p) => p.N == 1 && p.Left.Column == 1 && p.K >= Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Product<T> p)
    {
        T* x = p.Right.Data;
        using Scratch<T> inARow = p.Right.Row != 1 ? new(p.K) : default;
        if (inARow.Data != null)
        {
            x = inARow.Data;
            for (nint i = 0; i < p.K; i++) x[i] = *p.Right.At(i, 0);
        }
        int pieces = (p.K + Longest - 1) / Longest, piece = Math.Min(p.K, Longest);
        using Scratch<T> sums = pieces > 1 ? new((long)pieces * p.M) : default;
        int rows = Math.Max(1, Chunks.Cheap / piece / Rows) * Rows;
        var dots = new Dots { P = p, X = x, Sums = sums.Data, RowsEach = rows, Groups = (p.M + rows - 1) / rows };
        Threads.Run(checked(dots.Groups * pieces), ref dots);
        if (pieces == 1) return;
        for (int i = 0; i < p.M; i++)
        {
            T sum = sums.Data[i];
            for (nint j = 1; j < pieces; j++) sum += sums.Data[j * p.M + i];
            Write(p, i, sum);
        }
    }

    private static void Write(in Product<T> p, int i, T sum)
    {
        T* to = p.Out.At(i, 0);
        if ((p.Finish & Finish.Accumulate) != 0) sum += *to;
        if ((p.Finish & (Finish.ColumnBias | Finish.RowBias)) != 0) sum += *p.BiasAt(i, 0);
        if ((p.Finish & Finish.Relu) != 0 && sum < T.Zero) sum = T.Zero;
        *to = sum;
    }

    private struct Dots : IChunkBody
    {
        public Product<T> P;
        public T* X, Sums;
        public int RowsEach, Groups;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            T* sums = stackalloc T[4];
            int piece = chunk / Groups, start = chunk % Groups * RowsEach, end = Math.Min(P.M, start + RowsEach);
            nint first = (nint)piece * Longest, count = Math.Min(Longest, P.K - first), down = P.Left.Row;
            T* a = P.Left.At(start, first), to = Sums == null ? P.Out.At(start, 0) : Sums + (nint)piece * P.M + start;
            nint step = Sums == null ? P.Out.Row : 1;
            bool plain = Sums != null || P.Finish == Finish.None;
            for (int i = start; i < end; i += Rows, a += Rows * down)
            {
                // Rows that do not exist are computed from the first, and not written.
                int rows = Math.Min(Rows, end - i);
                EightSums(a, rows > 1 ? a + down : a, rows > 2 ? a + 2 * down : a, rows > 3 ? a + 3 * down : a, X + first, count, sums);
                for (int r = 0; r < rows; r++, to += step)
                {
                    if (plain) *to = sums[r];
                    else Write(P, i + r, sums[r]);
                }
            }
        }
    }

    /// <summary>The dot products of x with as many rows as go side by side. See Note [Lanes of a dot].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightSums(T* row0, T* row1, T* row2, T* row3, T* x, nint count, T* sums)
    {
        nint lanes = S.Lanes;
        T* a0 = row0, a1 = a0 + lanes;
        T* a2 = Parts == 1 ? row1 : a0 + 2 * lanes, a3 = a2 + lanes;
        T* a4 = Parts == 1 ? row2 : Parts == 2 ? row1 : a0 + 4 * lanes, a5 = a4 + lanes;
        T* a6 = Parts == 1 ? row3 : a4 + 2 * lanes, a7 = a6 + lanes;
        V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        nint k = 0;
        for (; k <= count - 2 * Width; k += 2 * Width)
        {
            V x0 = S.Load(x + k), x1 = S.Load(x + k + lanes);
            V x2 = Parts > 1 ? S.Load(x + k + 2 * lanes) : x0, x3 = Parts > 1 ? S.Load(x + k + 3 * lanes) : x1;
            s0 = S.MultiplyAdd(S.Load(a0 + k), x0, s0);
            s1 = S.MultiplyAdd(S.Load(a1 + k), x1, s1);
            s2 = S.MultiplyAdd(S.Load(a2 + k), x2, s2);
            s3 = S.MultiplyAdd(S.Load(a3 + k), x3, s3);
            s4 = S.MultiplyAdd(S.Load(a4 + k), Parts > 2 ? S.Load(x + k + 4 * lanes) : x0, s4);
            s5 = S.MultiplyAdd(S.Load(a5 + k), Parts > 2 ? S.Load(x + k + 5 * lanes) : x1, s5);
            s6 = S.MultiplyAdd(S.Load(a6 + k), Parts > 2 ? S.Load(x + k + 6 * lanes) : x2, s6);
            s7 = S.MultiplyAdd(S.Load(a7 + k), Parts > 2 ? S.Load(x + k + 7 * lanes) : x3, s7);
        }
        if (k < count)
        {
            int left = (int)(count - k);
            V m0 = Mask(left, 0), m1 = Mask(left, 1), m2 = Parts > 1 ? Mask(left, 2) : m0, m3 = Parts > 1 ? Mask(left, 3) : m1;
            V m4 = Parts > 2 ? Mask(left, 4) : m0, m5 = Parts > 2 ? Mask(left, 5) : m1;
            V m6 = Parts > 2 ? Mask(left, 6) : m2, m7 = Parts > 2 ? Mask(left, 7) : m3;
            V x0 = S.Load(x + k, m0), x1 = S.Load(x + k + lanes, m1);
            V x2 = Parts > 1 ? S.Load(x + k + 2 * lanes, m2) : x0, x3 = Parts > 1 ? S.Load(x + k + 3 * lanes, m3) : x1;
            s0 = S.MultiplyAdd(S.Load(a0 + k, m0), x0, s0);
            s1 = S.MultiplyAdd(S.Load(a1 + k, m1), x1, s1);
            s2 = S.MultiplyAdd(S.Load(a2 + k, m2), x2, s2);
            s3 = S.MultiplyAdd(S.Load(a3 + k, m3), x3, s3);
            s4 = S.MultiplyAdd(S.Load(a4 + k, m4), Parts > 2 ? S.Load(x + k + 4 * lanes, m4) : x0, s4);
            s5 = S.MultiplyAdd(S.Load(a5 + k, m5), Parts > 2 ? S.Load(x + k + 5 * lanes, m5) : x1, s5);
            s6 = S.MultiplyAdd(S.Load(a6 + k, m6), Parts > 2 ? S.Load(x + k + 6 * lanes, m6) : x2, s6);
            s7 = S.MultiplyAdd(S.Load(a7 + k, m7), Parts > 2 ? S.Load(x + k + 7 * lanes, m7) : x3, s7);
        }
        Vector128<T> none = default;
        if (Parts == 1)
            LaneSums.Store(sums, 4, S.Fold(S.Add(s0, s1)), S.Fold(S.Add(s2, s3)), S.Fold(S.Add(s4, s5)), S.Fold(S.Add(s6, s7)));
        else if (Parts == 2)
            LaneSums.Store(sums, 2, S.Fold(S.Add(S.Add(s0, s2), S.Add(s1, s3))), S.Fold(S.Add(S.Add(s4, s6), S.Add(s5, s7))), none, none);
        else
            LaneSums.Store(
                sums, 1, S.Fold(S.Add(S.Add(S.Add(s0, s4), S.Add(s2, s6)), S.Add(S.Add(s1, s5), S.Add(s3, s7)))), none, none, none);
    }

    /// <summary>The mask of a register, where so many numbers are left for it and those before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Mask(int left, int register) => S.Mask(Math.Clamp(left - register * S.Lanes, 0, S.Lanes));
}
