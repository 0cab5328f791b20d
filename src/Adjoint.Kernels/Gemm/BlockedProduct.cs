using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>The product of matrices too large for the cache: cut into blocks, operands packed, blocks shared out to threads.</summary>
/// <remarks>
/// Note [Packing]: the micro-kernel reads the right operand in panels as wide as a tile and the left in strips as high. A
/// packed operand holds each panel or strip in one piece, in the order of reading. Large operands that several chunks read are
/// packed for all of them beforehand. Small ones each thread packs for itself, when it first needs them: that costs less than
/// waiting for each other and reading what another core has written. Where the right operand lies by rows, the first tile of
/// each panel packs it as it computes, in every chunk.
///
/// Note [Few steps]: where sums are short, as in the gradient of a layer's weights, writing the product is what a tile is kept waiting
/// by. So all panels of a chunk are packed first, and strip after strip is multiplied with each of them: then the product is
/// written row by row, as it lies in memory. Each thread has half of the rows and packs none of the other's.
///
/// Note [Fetching ahead]: when a block begins, its packed operands are in the third-level cache or in memory. So each tile
/// asks, in every step, for a number that will be needed soon: the first tile below a panel for the next panel, the others
/// for the next strip. Rows that are copied are fetched a chunk before. Where there is nothing to fetch a tile asks for what it reads
/// anyway, as asking for an address that is not mapped is slow.
/// </remarks>
internal static unsafe class BlockedProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private static int TileColumns => 2 * S.Lanes;

    // Limits of a block in steps, rows and columns: a panel of the right operand and a block of the left stay in the second-level
    // cache. The steps are the same for every width of register, as the bits depend on them.
    private const int DepthLimit = 512;
    private static int RowLimit => (S.Lanes * sizeof(T) == 64 ? 1008 : 384) / sizeof(T);
    private const int ColumnLimit = 256;

    // See Note [Few steps].
    private const int FewSteps = 128;

    // A product is cut into so many blocks at least, if each has so many multiplications.
    private const int Enough = 8;
    private const long WorthAThread = 1 << 17;

    private static int LineElements => 64 / sizeof(T);

    // One place of eight is left for the panel.
    private const int LowTileRows = 7;

    // What a thread packs for itself stays in the second-level cache, with room for the rest.
    private const int OwnBytes = 1 << 19;

    // A packed operand has at most this many elements, so scratch memory is bounded; larger products are computed in slices.
    private const int PackedLimit = 1 << 22;

    /// <summary>The product or its transpose, whichever takes less time.</summary>
    public static Product<T> Oriented(in Product<T> product) => PreferTransposed(product) ? product.Transposed : product;

    /// <summary>
    /// Estimated cycles: two multiply-adds each, plus the elements that are packed or transposed on their way in or out. Of registers of
    /// 512 bits, whatever there are: the bits of a product that has a rest depend on it.
    /// </summary>
    public static bool PreferTransposed(in Product<T> p)
    {
        return Cost(p.M, p.N, p.K, p.Left.Column == 1, p.Right.Column == 1)
            > Cost(p.N, p.M, p.K, p.Right.Row == 1, p.Left.Row == 1) + 1.2 * p.M * p.N;

        static double Cost(double m, double n, double k, bool leftInRows, bool rightInRows) =>
            Math.Ceiling(n / (2 * LineElements)) * m * k + (rightInRows ? 0.3 : 1) * n * k + (leftInRows ? 0 : 0.3) * m * k;
    }

    /// <summary>Computes <paramref name="p"/> as it is given: <see cref="Oriented"/> before.</summary>
    public static void Run(in Product<T> p)
    {
        int steps = Math.Min(p.K, DepthLimit * 16), side = PackedLimit / Math.Max(1, steps);
        int rows = PacksLeft(p) ? Slice(p.M, side, S.TileRows) : p.M, columns = PacksRight(p) ? Slice(p.N, side, TileColumns) : p.N;
        int first = 0;
        do
        {
            int end = Math.Min(p.K, first + steps);
            for (long j = 0; j < p.N; j += columns)
                for (long i = 0; i < p.M; i += rows)
                    RunSlice(p.Part((int)i, (int)Math.Min(rows, p.M - i), (int)j, (int)Math.Min(columns, p.N - j), first, end));
            first = end;
        }
        while (first < p.K);
    }

    private static int Slice(int length, int limit, int unit) => length <= limit ? length : limit / unit * unit;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunSlice(in Product<T> p)
    {
        int depths = Math.Max(1, (p.K + DepthLimit - 1) / DepthLimit);
        var blocks = new Compute { P = p, Depth = Math.Max(1, (p.K + depths - 1) / depths) };
        blocks.PacksRight = PacksRight(p);
        blocks.Cut();
        blocks.Number = Workspace.NextProduct();
        bool competes = LeftCompetes(p), isReadOften = p.N > 4 * TileColumns;
        blocks.CopiesOwnLeft = competes && isReadOften;
        blocks.HasLowTiles = competes && !isReadOften;
        blocks.PacksOwnLeft = PacksLeft(p) && blocks.LeftIsSmall;
        bool sharesLeft = PacksLeft(p) && !blocks.PacksOwnLeft;
        bool packsRight = blocks.PacksRight && blocks.RowBlocks > 1 && p.Right.Column != 1;
        blocks.PacksWholeRight = packsRight && blocks.RightIsSmall;
        using Scratch<T> left = sharesLeft ? new((long)p.M * p.K) : default;
        if (sharesLeft) PackForAll(p.Left, p.M, S.TileRows, p.K, blocks.Depth, blocks.PackedLeft = left.Data);
        bool sharesRight = packsRight && !blocks.PacksWholeRight;
        using Scratch<T> right = sharesRight ? new((long)p.N * p.K) : default;
        if (sharesRight) PackForAll(p.Right.Transposed, p.N, TileColumns, p.K, blocks.Depth, blocks.PackedRight = right.Data);
        Threads.Run(blocks.RowBlocks * blocks.ColumnBlocks, ref blocks);
    }

    private static void PackForAll(Operand<T> source, int rows, int height, int steps, int depth, T* target)
    {
        var pack = new PackAll { Source = source, Rows = rows, Steps = steps, Height = height, Depth = depth, Target = target };
        Threads.Run(pack.Count, ref pack);
    }

    // Rows of the left operand are read where they are, unless there are so many that they crowd each other out of the cache.
    private static bool PacksLeft(in Product<T> p) =>
        p.Left.Column != 1 ? p.N > 2 * TileColumns : p.M > RowLimit && p.N > ColumnLimit;

    // Rows that lie a multiple of a page apart compete for the same eight places of the first-level cache: a strip of more does not stay
    // there from one step to the next. Where it is read for many panels, each chunk copies what it reads to where rows lie a line further
    // apart; for few, tiles are lower.
    private static bool LeftCompetes(in Product<T> p)
    {
        const int page = 4096;
        return !PacksLeft(p) && p.Left.Column == 1 && p.Left.Row * sizeof(T) % page == 0 && p.M > S.TileRows;
    }

    // Panels of the right operand that are read once or twice are read where they are.
    private static bool PacksRight(in Product<T> p) => p.Right.Column != 1 || p.M > 2 * S.TileRows;

    /// <summary>Packs an operand for all threads; each chunk packs as many panels or strips as are worth a thread.</summary>
    private struct PackAll : IChunkBody
    {
        public Operand<T> Source;
        public int Rows, Steps, Height, Depth;
        public T* Target;

        public readonly int Count => (Rows + Each - 1) / Each;

        private readonly int Each => Math.Max(1, Chunks.Cheap / (Height * Math.Max(1, Steps))) * Height;

        public readonly void Run(int chunk)
        {
            int start = chunk * Each, rows = Math.Min(Rows - start, Each);
            for (int first = 0; first < Steps; first += Depth)
            {
                int k = Math.Min(Depth, Steps - first);
                Pack(Source.From(start, first), rows, Height, k, Target + (nint)first * Rows + (nint)start * k);
            }
        }
    }

    /// <summary>
    /// Packs strips of <paramref name="height"/> rows (the last may be lower), one after the other: strip[p·height + i] = source[i, p].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(Operand<T> source, int rows, int height, int steps, T* target)
    {
        int whole = source.Row == 1 ? rows / height : 0;
        if (whole > 0) Blocks.Pack(source.Data, source.Column, target, steps, height, whole);
        for (int i = whole * height; i < rows; i += height)
        {
            int h = Math.Min(height, rows - i);
            if (source.Row == 1) Blocks.Pack(source.At(i, 0), source.Column, target + (nint)i * steps, steps, h, 1);
            else Blocks.PackTransposed(source.At(i, 0), source.Row, target + (nint)i * steps, h, steps);
        }
    }

    private struct Compute : IChunkBody
    {
        public Product<T> P;
        public int Depth;
        public bool PacksRight, PacksOwnLeft, CopiesOwnLeft, PacksWholeRight, HasLowTiles;
        public T* PackedLeft, PackedRight;
        public int RowBlocks, ColumnBlocks;

        /// <summary>Tells what this product packs from what others did. See <see cref="Workspace.Holds"/>.</summary>
        public long Number;

        /// <summary>Whether a block of the left operand is so small that each thread packs it for itself, once.</summary>
        public readonly bool LeftIsSmall => P.K <= Depth && (long)(P.M / RowBlocks) * P.K * sizeof(T) <= OwnBytes;

        /// <summary>Whether all of the right operand is.</summary>
        public readonly bool RightIsSmall => (long)P.N * P.K * sizeof(T) <= OwnBytes;

        private readonly int Height => HasLowTiles ? Math.Min(S.TileRows, LowTileRows) : S.TileRows;

        private readonly bool HasFewSteps => PacksRight && P.K <= FewSteps;

        /// <summary>
        /// Cuts the product into blocks that suit the cache, and into at least eight if each is still worth a thread. The rows are cut
        /// into an even number of blocks where they are cut at all, and each half into blocks that differ by at most one tile, so that
        /// two threads end together.
        /// </summary>
        public void Cut()
        {
            int strips = (P.M + S.TileRows - 1) / S.TileRows, panels = (P.N + TileColumns - 1) / TileColumns;
            RowBlocks = (P.M + RowLimit - 1) / RowLimit;
            ColumnBlocks = (P.N + ColumnLimit - 1) / ColumnLimit;
            long size = (long)P.M * P.N * P.K;
            if (HasFewSteps && P.Out.Column == 1 && size >= 2 * WorthAThread)
            {
                // Not by columns if by rows will do: what one thread reads ahead of in a row would be what the other writes.
                RowBlocks = 2 * (int)(((long)P.M * P.K * sizeof(T) + OwnBytes - 1) / OwnBytes);
                while (WantsMore(size) && 2 * ColumnBlocks <= panels) ColumnBlocks *= 2;
                return;
            }
            while (WantsMore(size))
            {
                int rows = P.M / RowBlocks, columns = P.N / ColumnBlocks;
                if (rows >= columns && 2 * RowBlocks <= strips) RowBlocks *= 2;
                else if (2 * ColumnBlocks <= panels) ColumnBlocks *= 2;
                else if (2 * RowBlocks <= strips) RowBlocks *= 2;
                else break;
            }
            // Of a product that is turned, too, each thread has half of the rows and not of the panels, though it packs all panels
            // then: the rows are a layer's weights, and each core has in its cache those that it changed in the step before.
            if (RowBlocks > 1) RowBlocks += RowBlocks & 1;
        }

        private readonly bool WantsMore(long size) =>
            RowBlocks * ColumnBlocks < Enough && size / (RowBlocks * ColumnBlocks) >= 2 * WorthAThread;

        /// <summary>Where block number <paramref name="block"/> of rows begins. See <see cref="Cut"/>.</summary>
        private readonly int StartRow(int block)
        {
            int half = RowBlocks / 2, middle = P.M / 2;
            if (half == 0) return block == 0 ? 0 : P.M;
            // Strips that are packed for all threads begin where whole tiles do.
            if (PackedLeft != null) middle = middle / S.TileRows * S.TileRows;
            return block <= half ? Start(block, half, middle, S.TileRows) : middle + Start(block - half, half, P.M - middle, S.TileRows);
        }

        /// <summary>
        /// Where block number <paramref name="block"/> of <paramref name="blocks"/> begins along a side of <paramref name="length"/>.
        /// </summary>
        private static int Start(int block, int blocks, int length, int unit) =>
            (int)Math.Min(length, (long)((length + unit - 1) / unit) * block / blocks * unit);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            // The rows of the result in order, as other loops over it go.
            bool turn = P.Out.Column != 1;
            int row = turn ? chunk % RowBlocks : chunk / ColumnBlocks, column = turn ? chunk / RowBlocks : chunk % ColumnBlocks;
            int i0 = StartRow(row), i1 = StartRow(row + 1);
            int j0 = Start(column, ColumnBlocks, P.N, TileColumns), j1 = Start(column + 1, ColumnBlocks, P.N, TileColumns);

            // A product that is stored transposed is computed in rows here, and turned at the end.
            nint ldc = turn ? j1 - j0 : P.Out.Row;
            T* c = turn ? Workspace.Get<T>(Workspace.Block.Product, (nint)(i1 - i0) * ldc) : P.Out.At(i0, j0);
            if (turn && (P.Finish & Finish.Accumulate) != 0)
                Blocks.Transpose(P.Out.At(i0, j0), P.Out.Column, c, ldc, j1 - j0, i1 - i0);
            int firstColumn = PacksWholeRight && turn ? j0 : 0, width = PacksWholeRight && turn ? j1 - j0 : P.N;
            T* packedRight = PacksWholeRight ? OwnRight(firstColumn, width) : PackedRight;
            bool packsPanels = PacksRight && packedRight == null && !HasFewSteps;
            T* own = packsPanels ? Workspace.Get<T>(Workspace.Block.OwnRight, (nint)TileColumns * Depth) : null;
            nint copiedRow = (Depth + 2 * LineElements - 1) / LineElements * LineElements;
            T* ownLeft = PacksOwnLeft || CopiesOwnLeft
                ? Workspace.Get<T>(Workspace.Block.OwnLeft, (nint)(i1 - i0) * copiedRow) : null;

            int first = 0;
            do
            {
                int k = Math.Min(Depth, P.K - first);
                T* strips = PackedLeft == null ? null : PackedLeft + (nint)first * P.M + (nint)i0 * k;
                Operand<T> left = P.Left.From(i0, first);
                if (ownLeft != null)
                {
                    bool held = Workspace.Holds(Workspace.Block.OwnLeft, Number, i0, first);
                    if (PacksOwnLeft)
                    {
                        strips = ownLeft;
                        if (!held) Pack(left, i1 - i0, S.TileRows, k, strips);
                    }
                    else
                    {
                        if (!held) Blocks.Copy(left.Data, left.Row, ownLeft, copiedRow, i1 - i0, k);
                        left = new(ownLeft, copiedRow, 1);
                    }
                }
                Finish finish = P.FinishOf(first, first + k);
                T* panels = packedRight == null ? null : packedRight + (nint)first * width + (nint)(j0 - firstColumn) * k;
                if (HasFewSteps) StripByStrip(first, k, i0, i1, j0, j1, left, strips, panels, c, ldc, finish);
                else PanelByPanel(first, k, i0, i1, j0, j1, left, strips, panels, own, c, ldc, finish);
                first += k;
            }
            while (first < P.K);

            if (turn) Blocks.Transpose(c, ldc, P.Out.At(i0, j0), P.Out.Column, i1 - i0, j1 - j0);
        }

        /// <summary>The steps from <paramref name="first"/> on of rows i0 to i1 and columns j0 to j1: each panel with all strips.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void PanelByPanel(
            int first, int k, int i0, int i1, int j0, int j1, Operand<T> left, T* strips, T* panels, T* own, T* c, nint ldc,
            Finish finish)
        {
            for (int j = j0; j < j1; j += TileColumns)
            {
                int columns = Math.Min(TileColumns, j1 - j);
                T* tile = c + (j - j0), b = P.Right.At(first, j);
                nint stepB = P.Right.Row;
                int i = i0;
                if (panels != null)
                {
                    b = panels + (nint)(j - j0) * k;
                    stepB = columns;
                }
                else if (own != null)
                {
                    if (P.Right.Column == 1 && columns == TileColumns && i1 - i0 >= S.TileRows)
                    {
                        // The first tile packs the panel while it computes.
                        Operand<T> a = strips == null ? left : new(strips, 1, S.TileRows);
                        Tiles<S, V, T>.RunPacking(k, a.Data, a.Row, a.Column, b, stepB, tile, ldc, finish, P.BiasAt(i0, j), own);
                        i += S.TileRows;
                    }
                    else Pack(P.Right.Transposed.From(j, first), columns, TileColumns, k, own);
                    b = own;
                    stepB = columns;
                }
                for (; i < i1; i += Height)
                {
                    int rows = Math.Min(Height, i1 - i);
                    Operand<T> a = strips == null ? left.From(i - i0, 0) : new(strips + (nint)(i - i0) * k, 1, rows);
                    // See Note [Fetching ahead].
                    bool panelAhead = panels != null && i == i0 && j + TileColumns < j1,
                        stripAhead = !panelAhead && strips != null;
                    T* ahead = panelAhead ? b + TileColumns * k : stripAhead ? a.Data + S.TileRows * k : a.Data;
                    int stepAhead = panelAhead ? TileColumns : stripAhead ? S.TileRows : 0;
                    if (CopiesOwnLeft || HasLowTiles)
                    {
                        // What the next chunk copies, or the strip below: a part with each panel.
                        nint row = CopiesOwnLeft ? (nint)i1 + i - i0 : i + Height, offset = (nint)(j - j0) / TileColumns * k * LineElements;
                        bool more = row + Height + LineElements <= P.M && offset < Height * P.Left.Row;
                        ahead = more ? P.Left.At(row, first) + offset : a.Data;
                        stepAhead = more ? LineElements : 0;
                    }
                    Tiles<S, V, T>.Run(
                        rows, columns, k, a.Data, a.Row, a.Column, b, stepB, tile + (i - i0) * ldc, ldc, finish, P.BiasAt(i, j),
                        ahead, stepAhead);
                }
            }
        }

        /// <summary>As <see cref="PanelByPanel"/>, but each strip with all panels. See Note [Few steps].</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void StripByStrip(
            int first, int k, int i0, int i1, int j0, int j1, Operand<T> left, T* strips, T* panels, T* c, nint ldc, Finish finish)
        {
            if (panels == null)
            {
                panels = Workspace.Get<T>(Workspace.Block.OwnRight, (nint)(j1 - j0) * k);
                Pack(P.Right.Transposed.From(j0, first), j1 - j0, TileColumns, k, panels);
            }
            for (int i = i0; i < i1; i += S.TileRows)
            {
                int rows = Math.Min(S.TileRows, i1 - i);
                Operand<T> a = strips == null ? left.From(i - i0, 0) : new(strips + (nint)(i - i0) * k, 1, rows);
                for (int j = j0; j < j1; j += TileColumns)
                {
                    int columns = Math.Min(TileColumns, j1 - j);
                    T* b = panels + (nint)(j - j0) * k;
                    Tiles<S, V, T>.Run(
                        rows, columns, k, a.Data, a.Row, a.Column, b, columns, c + (j - j0) + (i - i0) * ldc, ldc, finish, P.BiasAt(i, j),
                        ahead: j + TileColumns < j1 ? b + columns * k : panels, stepAhead: TileColumns);
                }
            }
        }

        /// <summary>
        /// So many columns of the right operand as <see cref="PackForAll"/> packs all, packed by this thread if it has not done so yet.
        /// </summary>
        private readonly T* OwnRight(int column, int width)
        {
            T* target = Workspace.Get<T>(Workspace.Block.WholeRight, (nint)width * P.K);
            if (Workspace.Holds(Workspace.Block.WholeRight, Number, column, 0)) return target;
            for (int first = 0; first < P.K; first += Depth)
            {
                int k = Math.Min(Depth, P.K - first);
                Pack(P.Right.Transposed.From(column, first), width, TileColumns, k, target + (nint)first * width);
            }
            return target;
        }
    }
}
