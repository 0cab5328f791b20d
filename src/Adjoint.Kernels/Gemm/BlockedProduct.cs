using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>The product of matrices too large for the cache: cut into blocks, operands packed, blocks shared out to threads.</summary>
/// <remarks>
/// Note [Packing]: the micro-kernel reads the right operand in panels as wide as a tile and the left in strips as high. A
/// packed operand holds each panel or strip in one piece, in the order of reading. An operand that only one chunk reads is
/// packed by that chunk, just before use; one that several chunks read is packed for all of them beforehand.
/// </remarks>
internal static unsafe class BlockedProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private static int TileColumns => 2 * S.Lanes;

    // A panel of the right operand stays in the first-level cache, a block of the left in the second.
    private static int DepthLimit => Tuning.Depth;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Product<T> product)
    {
        Product<T> p = PreferTransposed(product) ? product.Transposed : product;
        int depths = Math.Max(1, (p.K + DepthLimit - 1) / DepthLimit);
        var chunks = new Compute { P = p, Depth = Math.Max(1, (p.K + depths - 1) / depths), PackedLeft = null, PackedRight = null };
        chunks.Cut();

        if (PacksLeft(p))
        {
            chunks.PackedLeft = Workspace.Get<T>(Workspace.Block.SharedLeft, (nint)p.M * p.K);
            var pack = new PackStrips { Source = p.Left, Rows = p.M, Steps = p.K, Height = S.TileRows, Target = chunks.PackedLeft };
            Threads.Run(pack.Chunks, ref pack);
        }
        chunks.PacksRight = PacksRight(p);
        if (chunks.PacksRight && chunks.RowBlocks > 1)
        {
            chunks.PackedRight = Workspace.Get<T>(Workspace.Block.SharedRight, (nint)p.N * p.K);
            var pack = new PackStrips { Source = p.Right.Transposed, Rows = p.N, Steps = p.K, Height = TileColumns, Target = chunks.PackedRight };
            Threads.Run(pack.Chunks, ref pack);
        }
        Threads.Run(chunks.RowBlocks * chunks.ColumnBlocks, ref chunks);
    }

    /// <summary>Estimated cycles: two multiply-adds each, plus the elements that are transposed on their way in or out.</summary>
    private static bool PreferTransposed(in Product<T> p)
    {
        return Cost(p.M, p.N, p.Right.Column == 1, p.K) > Cost(p.N, p.M, p.Left.Row == 1, p.K) + 1.2 * p.M * p.N;

        static double Cost(double m, double n, bool rightInRows, double k) =>
            Math.Ceiling(n / TileColumns) * m * k + (rightInRows ? 0.3 : 1) * n * k;
    }

    private static bool PacksLeft(in Product<T> p) => p.N > Tuning.LeftN && (p.Left.Column != 1 || p.N > Tuning.LeftRowN);

    private static bool PacksRight(in Product<T> p) => p.Right.Column != 1 || p.M > 2 * S.TileRows;

    /// <summary>Packs the panels or strips of an operand; each chunk packs one.</summary>
    private struct PackStrips : IChunkBody
    {
        public Operand<T> Source;
        public int Rows, Steps, Height;
        public T* Target;

        public readonly int Chunks => (Rows + Height * 4 - 1) / (Height*4);

        public readonly void Run(int chunk)
        {
            int end = Math.Min(Rows, (chunk + 1) * 4 * Height);
            for (int row = chunk * 4 * Height; row < end; row += Height)
                Pack(Source.From(row, 0), Math.Min(Height, Rows - row), Steps, Target + (nint)row * Steps);
        }
    }

    /// <summary>target[p·rows + i] = source[i, p].</summary>
    private static void Pack(Operand<T> source, int rows, int steps, T* target)
    {
        if (source.Row == 1) Blocks.Copy(source.Data, source.Column, target, rows, steps, rows);
        else Blocks.Transpose(source.Data, source.Row, target, rows, rows, steps);
    }

    private struct Compute : IChunkBody
    {
        public Product<T> P;
        public int Depth;
        public bool PacksRight;
        public T* PackedLeft, PackedRight;
        public int RowBlocks, ColumnBlocks;
        private int _rows, _columns;

        /// <summary>Cuts the product into chunks: few enough rows for the cache, at least eight chunks if they are worth a thread.</summary>
        public void Cut()
        {
            const long WorthAThread = 1 << 17;
            _rows = Even(P.M, Tuning.Rows, S.TileRows);
            _columns = Even(P.N, Tuning.Columns, TileColumns);
            while (true)
            {
                RowBlocks = (P.M + _rows - 1) / _rows;
                ColumnBlocks = (P.N + _columns - 1) / _columns;
                if (RowBlocks * ColumnBlocks >= 8 || (long)_rows * _columns * P.K < 2 * WorthAThread) return;
                if (_rows >= _columns && _rows > S.TileRows) _rows = Even(_rows, (_rows + 1) / 2, S.TileRows);
                else if (_columns > TileColumns) _columns = Even(_columns, (_columns + 1) / 2, TileColumns);
                else return;
            }
        }

        private static int Even(int length, int limit, int unit)
        {
            int parts = (length + limit - 1) / limit;
            return ((length + parts - 1) / parts + unit - 1) / unit * unit;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            int i0 = chunk % RowBlocks * _rows, j0 = chunk / RowBlocks * _columns;
            int i1 = Math.Min(i0 + _rows, P.M), j1 = Math.Min(j0 + _columns, P.N);

            // A product that is stored transposed is computed in rows here, and turned at the end.
            bool turn = P.Out.Column != 1;
            nint ldc = turn ? j1 - j0 : P.Out.Row;
            T* c = turn ? Workspace.Get<T>(Workspace.Block.Product, (nint)(i1 - i0) * ldc) : P.Out.At(i0, j0);
            if (turn && (P.Finish & Finish.Accumulate) != 0)
                Blocks.Transpose(P.Out.At(i0, j0), P.Out.Column, c, ldc, j1 - j0, i1 - i0);
            T* own = PacksRight && PackedRight == null ? Workspace.Get<T>(Workspace.Block.OwnRight, (nint)(j1 - j0) * Depth) : null;

            int first = 0;
            do
            {
                int k = Math.Min(Depth, P.K - first);
                Finish finish = P.FinishOf(first, first + k);
                for (int j = j0; j < j1; j += TileColumns)
                {
                    int columns = Math.Min(TileColumns, j1 - j);
                    T* b = P.Right.At(first, j);
                    nint stepB = P.Right.Row;
                    if (own != null)
                    {
                        Pack(P.Right.Transposed.From(j, first), columns, k, own);
                        b = own;
                        stepB = columns;
                    }
                    else if (PackedRight != null)
                    {
                        b = PackedRight + (nint)j * P.K + (nint)first * columns;
                        stepB = columns;
                    }

                    for (int i = i0; i < i1; i += S.TileRows)
                    {
                        int rows = Math.Min(S.TileRows, i1 - i);
                        T* tile = c + (i - i0) * ldc + (j - j0);
                        if (PackedLeft != null)
                        {
                            T* a = PackedLeft + (nint)i * P.K + (nint)first * rows;
                            Tiles<S, V, T>.Run(rows, columns, k, a, 1, rows, b, stepB, tile, ldc, finish, P.BiasAt(i, j));
                        }
                        else
                        {
                            Tiles<S, V, T>.Run(
                                rows, columns, k, P.Left.At(i, first), P.Left.Row, P.Left.Column, b, stepB, tile, ldc, finish, P.BiasAt(i, j));
                        }
                    }
                }
                first += k;
            }
            while (first < P.K);

            if (turn) Blocks.Transpose(c, ldc, P.Out.At(i0, j0), P.Out.Column, i1 - i0, j1 - j0);
        }
    }
}

internal static class Tuning
{
    public static int Depth = 384, Rows = 168, Columns = 256, LeftN = 32, LeftRowN = 256;
}
