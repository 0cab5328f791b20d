using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// The product of a matrix stored by rows with one column: a dot product for each row. Limited by the speed of memory, so
/// each number of the matrix is read once, in order.
/// </summary>
/// <remarks>
/// Note [Lanes of a dot]: a dot product is the sum of 128 bytes of partial sums, whatever the registers are: two of 512 bits and
/// four rows at a time, four of 256 bits and two rows, eight of 128 bits and one row. They are added in one order too, so every
/// machine gets the same bits. <c>Sum</c> of a register adds the sums of its halves, down to 128 bits.
/// </remarks>
internal static unsafe class VectorProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged, INumber<T>
{
    /// <summary>Registers that make up 64 bytes.</summary>
    private static int Parts => 64 / (S.Lanes * sizeof(T));

    /// <summary>Rows whose sums run side by side: eight registers of sums in all, enough to hide the latency of an addition.</summary>
    private static int Rows => 4 / Parts;

    /// <summary>Numbers in 64 bytes.</summary>
    private static int Width => 64 / sizeof(T);

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
            for (int i = chunk * RowsEach; i < end; i += Rows) EightSums(i, end - i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void EightSums(int i, int rows)
        {
            T* a0 = Part(i, rows, 0), a1 = Part(i, rows, 1), a2 = Part(i, rows, 2), a3 = Part(i, rows, 3);
            T* a4 = Part(i, rows, 4), a5 = Part(i, rows, 5), a6 = Part(i, rows, 6), a7 = Part(i, rows, 7);
            V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            nint k = 0;
            for (; k <= P.K - 2 * Width; k += 2 * Width)
            {
                s0 = S.MultiplyAdd(S.Load(a0 + k), S.Load(X + k + Offset(0)), s0);
                s1 = S.MultiplyAdd(S.Load(a1 + k), S.Load(X + k + Offset(1)), s1);
                s2 = S.MultiplyAdd(S.Load(a2 + k), S.Load(X + k + Offset(2)), s2);
                s3 = S.MultiplyAdd(S.Load(a3 + k), S.Load(X + k + Offset(3)), s3);
                s4 = S.MultiplyAdd(S.Load(a4 + k), S.Load(X + k + Offset(4)), s4);
                s5 = S.MultiplyAdd(S.Load(a5 + k), S.Load(X + k + Offset(5)), s5);
                s6 = S.MultiplyAdd(S.Load(a6 + k), S.Load(X + k + Offset(6)), s6);
                s7 = S.MultiplyAdd(S.Load(a7 + k), S.Load(X + k + Offset(7)), s7);
            }
            // What is left goes to the first 64 bytes of sums, twice at most.
            for (; k < P.K; k += Width)
            {
                int left = (int)Math.Min(Width, P.K - k);
                AddMasked(a0, k, left, 0, ref s0);
                AddMasked(a1, k, left, 1, ref s1);
                AddMasked(a2, k, left, 2, ref s2);
                AddMasked(a3, k, left, 3, ref s3);
                AddMasked(a4, k, left, 4, ref s4);
                AddMasked(a5, k, left, 5, ref s5);
                AddMasked(a6, k, left, 6, ref s6);
                AddMasked(a7, k, left, 7, ref s7);
            }
            // See Note [Lanes of a dot].
            if (Parts == 1)
            {
                Write(i, S.Sum(S.Add(s0, s1)));
                if (rows > 1) Write(i + 1, S.Sum(S.Add(s2, s3)));
                if (rows > 2) Write(i + 2, S.Sum(S.Add(s4, s5)));
                if (rows > 3) Write(i + 3, S.Sum(S.Add(s6, s7)));
            }
            else if (Parts == 2)
            {
                Write(i, S.Sum(S.Add(s0, s2)) + S.Sum(S.Add(s1, s3)));
                if (rows > 1) Write(i + 1, S.Sum(S.Add(s4, s6)) + S.Sum(S.Add(s5, s7)));
            }
            else Write(i, S.Sum(S.Add(s0, s4)) + S.Sum(S.Add(s1, s5)) + (S.Sum(S.Add(s2, s6)) + S.Sum(S.Add(s3, s7))));
        }

        /// <summary>
        /// Where sum number <paramref name="sum"/> begins to read the matrix. Rows that do not exist are computed from the first, and
        /// not written.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly T* Part(int i, int rows, int sum)
        {
            int row = sum / (2 * Parts);
            return P.Left.At(row < rows ? i + row : i, 0) + Offset(sum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static nint Offset(int sum) => sum % (2 * Parts) * S.Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void AddMasked(T* a, nint k, int left, int sum, ref V to)
        {
            if (sum % (2 * Parts) >= Parts) return;
            V mask = S.Mask(Math.Clamp(left - (int)Offset(sum), 0, S.Lanes));
            to = S.MultiplyAdd(S.Load(a + k, mask), S.Load(X + k + Offset(sum), mask), to);
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
