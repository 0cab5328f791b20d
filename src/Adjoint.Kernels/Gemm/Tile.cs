using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>What a tile does with its sums before it writes them.</summary>
[Flags]
internal enum Finish
{
    /// <summary>c = ab.</summary>
    None = 0,

    /// <summary>c = c + ab.</summary>
    Accumulate = 1,

    /// <summary>Adds bias[column].</summary>
    ColumnBias = 2,

    /// <summary>Adds bias[row].</summary>
    RowBias = 4,

    /// <summary>Negative values become 0, after all else.</summary>
    Relu = 8,
}

/// <summary>
/// The micro-kernel: a tile of the product held in registers. Each step broadcasts one number of every row of a and
/// multiplies it with one or two registers of b. All loops of the library's matrix products end here.
/// </summary>
/// <remarks>
/// Note [Accumulators are locals]: the just-in-time compiler keeps separate locals in registers, but not elements of an array.
/// So the source is written for the tallest tile, and comparisons with <c>TRows.Count</c>, a constant for each
/// <typeparamref name="TRows"/>, remove the rows that a lower tile does not have. Five base pointers reach 14 rows, since an
/// x86 address can add one or two times the row stride for free.
///
/// Note [Finishing]: bias, ReLU and adding to what is there are done to the finished tile by code that all heights share, while it is in
/// the first-level cache. Written out for each of 14 rows they were most of what the just-in-time compiler had to do for a tile, and a
/// program's first steps wait for it.
///
/// Note [Fetching the product]: a tile's part of the product is written at its end, and is by then in the first-level cache, because
/// each of the first steps asks for one row of it. Asking for all rows before the first step cost 2 % of a tile of 64 steps.
/// </remarks>
internal static unsafe class Tile<S, V, T, TRows, TColumns>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
    where TRows : IRows
    where TColumns : IColumns
{
    /// <summary>c[i, j] = Σₚ a[i, p]·b[p, j], finished as <paramref name="finish"/> says.</summary>
    /// <param name="k">The number of steps p.</param>
    /// <param name="a">a[i, p] is at a + i·row + p·stepA.</param>
    /// <param name="row">Distance between rows of a.</param>
    /// <param name="stepA">Distance between steps of a.</param>
    /// <param name="b">b[p, j] is at b + p·stepB + j.</param>
    /// <param name="stepB">Distance between steps of b.</param>
    /// <param name="c">c[i, j] is at c + i·ldc + j.</param>
    /// <param name="ldc">Distance between rows of c.</param>
    /// <param name="columns">The number of columns, as far as <typeparamref name="TColumns"/> leaves it open.</param>
    /// <param name="finish">What else is done.</param>
    /// <param name="bias">The bias of the first row or column, if <paramref name="finish"/> names one.</param>
    /// <param name="panel">Where b is packed, if <typeparamref name="TColumns"/> says so.</param>
    /// <param name="ahead">What a tile of whole registers brings nearer meanwhile. See Note [Fetching ahead].</param>
    /// <param name="stepAhead">Distance between the numbers fetched in two steps.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public static void Run(
        nint k, T* a, nint row, nint stepA, T* b, nint stepB, T* c, nint ldc, int columns, Finish finish, T* bias, T* panel, T* ahead,
        nint stepAhead)
    {
        V mask = TColumns.Masked ? S.Mask(TColumns.Two ? columns - S.Lanes : columns) : default;
        V c00 = default, c01 = default;
        V c10 = default, c11 = default;
        V c20 = default, c21 = default;
        V c30 = default, c31 = default;
        V c40 = default, c41 = default;
        V c50 = default, c51 = default;
        V c60 = default, c61 = default;
        V c70 = default, c71 = default;
        V c80 = default, c81 = default;
        V c90 = default, c91 = default;
        V c100 = default, c101 = default;
        V c110 = default, c111 = default;
        V c120 = default, c121 = default;
        V c130 = default, c131 = default;

        row *= sizeof(T);
        stepA *= sizeof(T);
        byte* a0 = (byte*)a, a3 = a0 + 3 * row, a6 = a3 + 3 * row, a9 = a6 + 3 * row, a12 = a9 + 3 * row;
        // See Note [Fetching the product]. A tile that packs fetches b instead.
        T* fetch = c;
        nint stepFetch = ldc, left = Math.Min(k, TRows.Count);
        for (int phase = 0; k > 0; phase++)
        {
            k -= left;
            for (; left > 0; left--)
            {
                V b0 = TColumns.Two ? S.Load(b) : S.Load(b, mask);
                V b1 = !TColumns.Two ? default : TColumns.Masked ? S.Load(b + S.Lanes, mask) : S.Load(b + S.Lanes);
                if (TColumns.Packs)
                {
                    // Far enough ahead for memory; the rows of b may lie on as many pages.
                    Cache.Prefetch(b + 16 * stepB);
                    S.Store(panel, b0);
                    S.Store(panel + S.Lanes, b1);
                    panel += 2 * S.Lanes;
                }
                else if (TColumns.Two)
                {
                    Cache.Prefetch(fetch);
                    fetch += stepFetch;
                }
                b += stepB;
                Step((T*)(a0), b0, b1, ref c00, ref c01);
                if (TRows.Count > 1) Step((T*)(a0 + row), b0, b1, ref c10, ref c11);
                if (TRows.Count > 2) Step((T*)(a0 + 2 * row), b0, b1, ref c20, ref c21);
                if (TRows.Count > 3) Step((T*)(a3), b0, b1, ref c30, ref c31);
                if (TRows.Count > 4) Step((T*)(a3 + row), b0, b1, ref c40, ref c41);
                if (TRows.Count > 5) Step((T*)(a3 + 2 * row), b0, b1, ref c50, ref c51);
                if (TRows.Count > 6) Step((T*)(a6), b0, b1, ref c60, ref c61);
                if (TRows.Count > 7) Step((T*)(a6 + row), b0, b1, ref c70, ref c71);
                if (TRows.Count > 8) Step((T*)(a6 + 2 * row), b0, b1, ref c80, ref c81);
                if (TRows.Count > 9) Step((T*)(a9), b0, b1, ref c90, ref c91);
                if (TRows.Count > 10) Step((T*)(a9 + row), b0, b1, ref c100, ref c101);
                if (TRows.Count > 11) Step((T*)(a9 + 2 * row), b0, b1, ref c110, ref c111);
                if (TRows.Count > 12) Step((T*)(a12), b0, b1, ref c120, ref c121);
                if (TRows.Count > 13) Step((T*)(a12 + row), b0, b1, ref c130, ref c131);
                a0 += stepA;
                if (TRows.Count > 3) a3 += stepA;
                if (TRows.Count > 6) a6 += stepA;
                if (TRows.Count > 9) a9 += stepA;
                if (TRows.Count > 12) a12 += stepA;
            }
            bool second = TColumns.Two && phase == 0 && k >= TRows.Count;
            fetch = second ? c + S.Lanes : ahead;
            stepFetch = second ? ldc : stepAhead;
            left = second ? TRows.Count : k;
        }

        // See Note [Finishing].
        bool accumulate = (finish & Finish.Accumulate) != 0;
        Unsafe.SkipInit(out Sums sums);
        T* to = accumulate ? (T*)&sums : c;
        nint distance = accumulate ? 2 * S.Lanes : ldc;
        Store(to, c00, c01, mask);
        if (TRows.Count > 1) Store(to + distance, c10, c11, mask);
        if (TRows.Count > 2) Store(to + 2 * distance, c20, c21, mask);
        if (TRows.Count > 3) Store(to + 3 * distance, c30, c31, mask);
        if (TRows.Count > 4) Store(to + 4 * distance, c40, c41, mask);
        if (TRows.Count > 5) Store(to + 5 * distance, c50, c51, mask);
        if (TRows.Count > 6) Store(to + 6 * distance, c60, c61, mask);
        if (TRows.Count > 7) Store(to + 7 * distance, c70, c71, mask);
        if (TRows.Count > 8) Store(to + 8 * distance, c80, c81, mask);
        if (TRows.Count > 9) Store(to + 9 * distance, c90, c91, mask);
        if (TRows.Count > 10) Store(to + 10 * distance, c100, c101, mask);
        if (TRows.Count > 11) Store(to + 11 * distance, c110, c111, mask);
        if (TRows.Count > 12) Store(to + 12 * distance, c120, c121, mask);
        if (TRows.Count > 13) Store(to + 13 * distance, c130, c131, mask);
        if (finish == Finish.None) return;
        int width = TColumns.Masked ? columns : 2 * S.Lanes;
        if (accumulate) TileFinish<S, V, T>.Add(TRows.Count, width, to, c, ldc);
        if ((finish & ~Finish.Accumulate) != 0) TileFinish<S, V, T>.Run(TRows.Count, width, c, ldc, finish, bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(T* a, V b0, V b1, ref V c0, ref V c1)
    {
        V x = S.Broadcast(a);
        c0 = S.MultiplyAdd(x, b0, c0);
        if (TColumns.Two) c1 = S.MultiplyAdd(x, b1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, V c0, V c1, V mask)
    {
        if (TColumns.Two) S.Store(c, c0);
        else S.Store(c, mask, c0);
        if (!TColumns.Two) return;
        if (TColumns.Masked) S.Store(c + S.Lanes, mask, c1);
        else S.Store(c + S.Lanes, c1);
    }

    /// <summary>Room for the sums of the tallest tile.</summary>
    [InlineArray(14 * 2 * 64 / sizeof(long))]
    private struct Sums
    {
        private long _first;
    }
}
