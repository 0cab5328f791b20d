using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// A product whose sums have a few terms each, as the gradient of the input of a layer with few outputs: a tile of so few steps would
/// be mostly what is around them. So a panel of the right operand stays in registers, and the rows of the product go by.
/// </summary>
/// <remarks>
/// The sums are taken in the order of the steps, as in a tile: the way that is taken shows in nothing but the time.
///
/// Note [Away from each other]: a panel of the product is written down its rows, and a core that sees such strides reads some rows further
/// ahead. Where the first thread's rows end, these are the second thread's, which then has to fetch what it has just written: two threads
/// took longer than one. So the parts of the first half are written from their last row up, and nobody looks over the border.
/// </remarks>
internal static unsafe class LowRankProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    // Loading a panel must be worth it.
    private const int FewestRows = 16;

    private const long WorthAThread = 1 << 17;

    private static int TileColumns => 2 * S.Lanes;

    // A panel takes as many registers as the sums of a tile do.
    private static int MostSteps => S.TileRows;

    /// <summary>Whether <paramref name="p"/> is such a product and lies well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Accepts(in Product<T> p) =>
        p.K <= MostSteps && p.K > 0 && p.M >= FewestRows && p.Left.Column == 1 && p.Right.Column == 1 && p.Out.Column == 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Product<T> p)
    {
        int panels = (p.N + TileColumns - 1) / TileColumns;
        // By rows where they suffice: what one thread reads ahead of in a row would be what the other writes.
        long worth = Math.Max(1, (long)p.M * p.N * p.K / WorthAThread);
        var body = new Parts { P = p };
        body.RowParts = Math.Max(1, (int)Math.Min(worth, p.M / FewestRows) & ~1);
        body.ColumnParts = (int)Math.Clamp(worth / body.RowParts, 1, panels);
        Threads.Run(checked(body.RowParts * body.ColumnParts), ref body);
    }

    private struct Parts : IChunkBody
    {
        public Product<T> P;
        public int RowParts, ColumnParts;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            int row = chunk / ColumnParts, column = chunk % ColumnParts, panels = (P.N + TileColumns - 1) / TileColumns;
            int i0 = (int)((long)P.M * row / RowParts), i1 = (int)((long)P.M * (row + 1) / RowParts);
            int j0 = (int)((long)panels * column / ColumnParts) * TileColumns;
            int j1 = (int)Math.Min(P.N, (long)panels * (column + 1) / ColumnParts * TileColumns);
            // See Note [Away from each other].
            bool upwards = 2 * row + 1 < RowParts, accumulate = (P.Finish & Finish.Accumulate) != 0;
            int from = upwards ? i1 - 1 : i0;
            nint rowA = upwards ? -P.Left.Row : P.Left.Row, rowC = upwards ? -P.Out.Row : P.Out.Row;
            for (int j = j0; j < j1; j += TileColumns)
            {
                int columns = Math.Min(TileColumns, j1 - j);
                T* c = P.Out.At(from, j), next = j + 2 * TileColumns <= j1 ? c + TileColumns : c;
                T* a = P.Left.At(from, 0), b = P.Right.At(0, j);
                if (columns == TileColumns)
                    Panel<TwoRegisters>(i1 - i0, P.K, a, rowA, b, P.Right.Row, c, rowC, columns, accumulate, next);
                else if (columns > S.Lanes)
                    Panel<SecondMasked>(i1 - i0, P.K, a, rowA, b, P.Right.Row, c, rowC, columns, accumulate, next);
                else Panel<OneMasked>(i1 - i0, P.K, a, rowA, b, P.Right.Row, c, rowC, columns, accumulate, next);
                // See Note [Finishing].
                Finish rest = P.Finish & ~Finish.Accumulate;
                if (rest != Finish.None) TileFinish<S, V, T>.Run(i1 - i0, columns, P.Out.At(i0, j), P.Out.Row, rest, P.BiasAt(i0, j));
            }
        }
    }

    private static void Panel<TColumns>(
        int rows, int steps, T* a, nint row, T* b, nint stepB, T* c, nint ldc, int columns, bool accumulate, T* next)
        where TColumns : IColumns
    {
        switch (steps)
        {
            case 1: LowRankTile<S, V, T, Rows1, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 2: LowRankTile<S, V, T, Rows2, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 3: LowRankTile<S, V, T, Rows3, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 4: LowRankTile<S, V, T, Rows4, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 5: LowRankTile<S, V, T, Rows5, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 6: LowRankTile<S, V, T, Rows6, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 7: LowRankTile<S, V, T, Rows7, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 8: LowRankTile<S, V, T, Rows8, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 9: LowRankTile<S, V, T, Rows9, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 10: LowRankTile<S, V, T, Rows10, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 11: LowRankTile<S, V, T, Rows11, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 12: LowRankTile<S, V, T, Rows12, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 13: LowRankTile<S, V, T, Rows13, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
            case 14: LowRankTile<S, V, T, Rows14, TColumns>.Run(rows, a, row, b, stepB, c, ldc, columns, accumulate, next); break;
        }
    }
}
