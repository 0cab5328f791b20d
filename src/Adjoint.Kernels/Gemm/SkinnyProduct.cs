using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// The product of rows with a few columns, both stored along the sums: dot products, some rows with some columns at a time. Nothing
/// is packed, and no lane is idle where the columns are fewer than a register holds.
/// </summary>
/// <remarks>As in Note [Lanes of a dot], the partial sums of a dot fill 64 bytes whatever the registers are.</remarks>
internal static unsafe class SkinnyProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged, INumber<T>
{
    private const int Widest = 64;

    // The columns stay in the second-level cache.
    private const int MostBytes = 1 << 19;

    private static int TileRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SkinnyTile<S, V, T, Rows1>.Rows;
    }

    private static int TileColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SkinnyTile<S, V, T, Rows1>.MostColumns;
    }

    /// <summary>Whether <paramref name="p"/> is such a product, and idle lanes would cost more than adding up lanes does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Accepts(in Product<T> p)
    {
        // Lanes of 512 bits, whatever the registers are: the bits of a product do not depend on those.
        int columns = Math.Min(p.M, p.N), lanes = 64 / sizeof(T);
        if (columns > Widest || p.Left.Column != 1 || p.Right.Row != 1) return false;
        if ((long)columns * p.K * sizeof(T) > MostBytes) return false;
        int idle = (columns + lanes - 1) / lanes * lanes - columns;
        return (long)idle * p.K > 6 * lanes * columns;
    }

    /// <summary>
    /// How many columns of <paramref name="p"/> are left over where the others fill registers, if these few are computed faster as dot
    /// products than as a tile whose lanes are mostly idle.
    /// </summary>
    public static int Rest(in Product<T> p)
    {
        const int mostColumns = 4, enoughSteps = 256;
        int lanes = 64 / sizeof(T), rest = p.N % lanes;
        bool few = rest <= mostColumns * lanes / 16 && p.N > lanes && p.K >= enoughSteps && p.M >= lanes;
        return few && p.Left.Column == 1 && p.Right.Row == 1 ? rest : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Product<T> product)
    {
        const long WorthAThread = 1 << 16;
        var body = new Strips { P = product.M >= product.N ? product : product.Transposed };
        body.Tiles = (body.P.M + TileRows - 1) / TileRows;
        long worth = (long)body.P.M * body.P.N * body.P.K / WorthAThread;
        // An even number, so that two threads end together.
        body.Count = (int)Math.Clamp(worth / 2 * 2, 1, body.Tiles);
        Threads.Run(body.Count, ref body);
    }

    private struct Strips : IChunkBody
    {
        public Product<T> P;
        public int Tiles, Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            int start = (int)((long)Tiles * chunk / Count) * TileRows;
            int end = Math.Min(P.M, (int)((long)Tiles * (chunk + 1) / Count) * TileRows);
            T* sums = stackalloc T[25];
            int panels = (P.N + TileColumns - 1) / TileColumns;
            bool inPlace = P.Out.Column == 1 && (P.Finish & Finish.Accumulate) == 0;
            for (int i = start; i < end; i += TileRows)
            {
                int rows = Math.Min(TileRows, end - i);
                for (int panel = 0; panel < panels; panel++)
                {
                    int j = P.N * panel / panels, columns = P.N * (panel + 1) / panels - j;
                    T* to = inPlace && rows == TileRows ? P.Out.At(i, j) : sums;
                    nint step = to == sums ? columns : P.Out.Row;
                    Tile(rows, columns, P.Left.At(i, 0), P.Left.Row, P.Right.At(0, j), P.Right.Column, P.K, to, step);
                    if (to == sums) Finished(sums, rows, columns, i, j);
                    else if (P.Finish != Finish.None) TileFinish<S, V, T>.Run(rows, columns, to, step, P.Finish, P.BiasAt(i, j));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Finished(T* sums, int rows, int columns, int i, int j)
        {
            bool more = (P.Finish & Finish.Accumulate) != 0, bias = (P.Finish & (Finish.ColumnBias | Finish.RowBias)) != 0;
            bool relu = (P.Finish & Finish.Relu) != 0;
            for (int r = 0; r < rows; r++)
            {
                T* to = P.Out.At(i + r, j);
                for (int c = 0; c < columns; c++, sums++, to += P.Out.Column)
                {
                    T sum = *sums;
                    if (more) sum += *to;
                    if (bias) sum += *P.BiasAt(i + r, j + c);
                    if (relu && sum < T.Zero) sum = T.Zero;
                    *to = sum;
                }
            }
        }
    }

    private static void Tile(int rows, int columns, T* a, nint row, T* b, nint column, nint k, T* sums, nint step)
    {
        switch (columns)
        {
            case 1: SkinnyTile<S, V, T, Rows1>.Run(rows, a, row, b, column, k, sums, step); break;
            case 2: SkinnyTile<S, V, T, Rows2>.Run(rows, a, row, b, column, k, sums, step); break;
            case 3: SkinnyTile<S, V, T, Rows3>.Run(rows, a, row, b, column, k, sums, step); break;
            case 4: SkinnyTile<S, V, T, Rows4>.Run(rows, a, row, b, column, k, sums, step); break;
            case 5: SkinnyTile<S, V, T, Rows5>.Run(rows, a, row, b, column, k, sums, step); break;
        }
    }
}
