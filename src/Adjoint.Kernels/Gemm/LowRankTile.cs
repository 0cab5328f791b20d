using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// The micro-kernel of a <see cref="LowRankProduct{S, V, T}"/>: a panel of the right operand, one or two registers wide, is held in
/// registers as a whole, and rows of the product go by.
/// </summary>
/// <remarks>See Note [Accumulators are locals], of what is held here.</remarks>
internal static unsafe class LowRankTile<S, V, T, TSteps, TColumns>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
    where TSteps : IRows
    where TColumns : IColumns
{
    // So many rows of the product are asked for before they are written.
    private const int RowsAhead = 4;

    /// <summary>c[i, j] = Σₚ a[i, p]·b[p, j], added to what c holds if <paramref name="accumulate"/>.</summary>
    /// <param name="rows">The number of rows i.</param>
    /// <param name="a">a[i, p] is at a + i·row + p.</param>
    /// <param name="row">Distance between rows of a.</param>
    /// <param name="b">b[p, j] is at b + p·stepB + j.</param>
    /// <param name="stepB">Distance between steps of b.</param>
    /// <param name="c">c[i, j] is at c + i·ldc + j.</param>
    /// <param name="ldc">Distance between rows of c.</param>
    /// <param name="columns">The number of columns, as far as <typeparamref name="TColumns"/> leaves it open.</param>
    /// <param name="accumulate">Add to c instead of replacing it.</param>
    /// <param name="next">Where the next panel of c begins, or this one if it is the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        int rows, T* a, nint row, T* b, nint stepB, T* c, nint ldc, int columns, bool accumulate, T* next)
    {
        V mask = TColumns.Masked ? S.Mask(TColumns.Two ? columns - S.Lanes : columns) : default;
        V b00 = default, b01 = default;
        V b10 = default, b11 = default;
        V b20 = default, b21 = default;
        V b30 = default, b31 = default;
        V b40 = default, b41 = default;
        V b50 = default, b51 = default;
        V b60 = default, b61 = default;
        V b70 = default, b71 = default;
        V b80 = default, b81 = default;
        V b90 = default, b91 = default;
        V b100 = default, b101 = default;
        V b110 = default, b111 = default;
        V b120 = default, b121 = default;
        V b130 = default, b131 = default;
        Load(b, mask, ref b00, ref b01);
        if (TSteps.Count > 1) Load(b + stepB, mask, ref b10, ref b11);
        if (TSteps.Count > 2) Load(b + 2 * stepB, mask, ref b20, ref b21);
        if (TSteps.Count > 3) Load(b + 3 * stepB, mask, ref b30, ref b31);
        if (TSteps.Count > 4) Load(b + 4 * stepB, mask, ref b40, ref b41);
        if (TSteps.Count > 5) Load(b + 5 * stepB, mask, ref b50, ref b51);
        if (TSteps.Count > 6) Load(b + 6 * stepB, mask, ref b60, ref b61);
        if (TSteps.Count > 7) Load(b + 7 * stepB, mask, ref b70, ref b71);
        if (TSteps.Count > 8) Load(b + 8 * stepB, mask, ref b80, ref b81);
        if (TSteps.Count > 9) Load(b + 9 * stepB, mask, ref b90, ref b91);
        if (TSteps.Count > 10) Load(b + 10 * stepB, mask, ref b100, ref b101);
        if (TSteps.Count > 11) Load(b + 11 * stepB, mask, ref b110, ref b111);
        if (TSteps.Count > 12) Load(b + 12 * stepB, mask, ref b120, ref b121);
        if (TSteps.Count > 13) Load(b + 13 * stepB, mask, ref b130, ref b131);

        // The rows after the last are the next panel's first.
        int left = Math.Max(0, rows - RowsAhead);
        T* fetch = c + Math.Min(rows - 1, RowsAhead) * ldc;
        for (; rows > 0; left = rows, fetch = next)
        {
            rows -= left;
            for (; left > 0; left--)
            {
                Cache.Prefetch(fetch);
                if (TColumns.Two) Cache.Prefetch(fetch + S.Lanes);
                fetch += ldc;
                V c0 = default, c1 = default;
                Step(a, b00, b01, ref c0, ref c1);
                if (TSteps.Count > 1) Step(a + 1, b10, b11, ref c0, ref c1);
                if (TSteps.Count > 2) Step(a + 2, b20, b21, ref c0, ref c1);
                if (TSteps.Count > 3) Step(a + 3, b30, b31, ref c0, ref c1);
                if (TSteps.Count > 4) Step(a + 4, b40, b41, ref c0, ref c1);
                if (TSteps.Count > 5) Step(a + 5, b50, b51, ref c0, ref c1);
                if (TSteps.Count > 6) Step(a + 6, b60, b61, ref c0, ref c1);
                if (TSteps.Count > 7) Step(a + 7, b70, b71, ref c0, ref c1);
                if (TSteps.Count > 8) Step(a + 8, b80, b81, ref c0, ref c1);
                if (TSteps.Count > 9) Step(a + 9, b90, b91, ref c0, ref c1);
                if (TSteps.Count > 10) Step(a + 10, b100, b101, ref c0, ref c1);
                if (TSteps.Count > 11) Step(a + 11, b110, b111, ref c0, ref c1);
                if (TSteps.Count > 12) Step(a + 12, b120, b121, ref c0, ref c1);
                if (TSteps.Count > 13) Step(a + 13, b130, b131, ref c0, ref c1);
                if (accumulate)
                {
                    V d0 = default, d1 = default;
                    Load(c, mask, ref d0, ref d1);
                    c0 = S.Add(c0, d0);
                    if (TColumns.Two) c1 = S.Add(c1, d1);
                }
                Store(c, mask, c0, c1);
                a += row;
                c += ldc;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(T* a, V b0, V b1, ref V c0, ref V c1)
    {
        V x = S.Broadcast(a);
        c0 = S.MultiplyAdd(x, b0, c0);
        if (TColumns.Two) c1 = S.MultiplyAdd(x, b1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(T* p, V mask, ref V x0, ref V x1)
    {
        x0 = TColumns.Two ? S.Load(p) : S.Load(p, mask);
        if (TColumns.Two) x1 = TColumns.Masked ? S.Load(p + S.Lanes, mask) : S.Load(p + S.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* p, V mask, V x0, V x1)
    {
        if (TColumns.Two) S.Store(p, x0);
        else S.Store(p, mask, x0);
        if (!TColumns.Two) return;
        if (TColumns.Masked) S.Store(p + S.Lanes, mask, x1);
        else S.Store(p + S.Lanes, x1);
    }
}
