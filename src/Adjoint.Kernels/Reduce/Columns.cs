using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Combines the rows of matrices: y[o, j] = x[o, 0, j] ∘ x[o, 1, j] ∘ ….</summary>
/// <remarks>
/// Rows are combined in fours, sixteen fours to a first level, thirty-two of those to a second and so on, each level in an
/// array of its own; see Note [Order of summation]. Tall matrices are cut into bands of rows, combined in the same way.
/// </remarks>
internal static unsafe class Columns
{
    // Bands of rows, and so the order in which they are combined, do not follow from the width of tiles.
    private const int Tile = 1024, BandWidth = 512, FirstLevel = 64, NextLevel = 32, Levels = 6;

    /// <summary>
    /// Combines <paramref name="n"/> rows of <paramref name="inner"/> elements in each of <paramref name="outer"/> matrices.
    /// </summary>
    public static void Run<TFold, T>(T* x, T* y, int outer, int n, int inner) where TFold : struct, IFold where T : unmanaged
    {
        int tiles = (int)(((long)inner + Tile - 1) / Tile);
        int bandRows = BandOf(inner);
        int bands = (int)Math.Max(1, ((long)n + bandRows - 1) / bandRows);
        if (bands == 1)
        {
            Bands<TFold, T>(x, y, outer, n, inner, tiles, 1, n);
            return;
        }
        using var parts = new Scratch<T>((long)outer * bands * inner);
        Bands<TFold, T>(x, parts.Data, outer, n, inner, tiles, bands, bandRows);
        Run<TFold, T>(parts.Data, y, outer, bands, inner);
    }

    /// <summary>Of so many columns side by side, how many rows are one band.</summary>
    public static int BandOf(int inner) => (2 * Sweep.Grain / Math.Min(inner, BandWidth) + FirstLevel - 1) / FirstLevel * FirstLevel;

    private static void Bands<TFold, T>(T* x, T* y, int outer, int n, int inner, int tiles, int bands, int bandRows)
        where TFold : struct, IFold where T : unmanaged
    {
        long elementsOfTask = Math.Max(1, (long)bandRows * Math.Min(inner, Tile));
        var body =
            new Body<TFold, T>(
                x, y, n, inner, tiles, bands, bandRows,
                new Chunks((long)outer * bands * tiles, (int)Math.Max(1, Sweep.Grain / elementsOfTask)));
        Threads.Run(body.Chunks.Count, ref body);
    }

    private readonly struct Body<TFold, T>(T* x, T* y, int n, int inner, int tiles, int bands, int bandRows, Chunks chunks) : IChunkBody
        where TFold : struct, IFold where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        public void Run(int chunk)
        {
            T* levels = stackalloc T[Levels * Tile];
            for (long task = Chunks.Start(chunk); task < Chunks.End(chunk); task++)
            {
                (long band, long tile) = Math.DivRem(task, tiles);
                (long matrix, long part) = Math.DivRem(band, bands);
                int first = (int)part * bandRows, last = Math.Min(n, first + bandRows), left = (int)tile * Tile;
                Combine<TFold, T>(
                    x + (matrix * n + first) * inner + left, last - first, inner, y + band * inner + left,
                    Math.Min(Tile, inner - left), levels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine<TFold, T>(T* x, int rows, int stride, T* y, int width, T* levels) where TFold : struct, IFold
        where T : unmanaged
    {
        T identity = Numbers.Convert<T>(TFold.Identity);
        int blocks = (int)(((long)rows + FirstLevel - 1) / FirstLevel), count = 1;
        for (long capacity = 1; capacity < blocks; capacity *= NextLevel) count++;
        for (int level = 0; level < count; level++) new Span<T>(levels + level * Tile, width).Fill(identity);
        long row = 0;
        for (int done = 0; row < rows;)
        {
            long end = Math.Min(row + FirstLevel, rows);
            for (; row < end; row += 4) Rows<TFold, T>(x + row * stride, (int)Math.Min(4, end - row), stride, levels, width);
            // A full level is added to the next and begins anew.
            done++;
            for (int level = 1, size = 1; level < count && done % size == 0; level++, size *= NextLevel)
            {
                Rows<TFold, T>(levels + (level - 1) * Tile, 1, 0, levels + level * Tile, width);
                new Span<T>(levels + (level - 1) * Tile, width).Fill(identity);
            }
        }
        for (int level = 1; level < count; level++) Rows<TFold, T>(levels + (level - 1) * Tile, 1, 0, levels + level * Tile, width);
        new Span<T>(levels + (count - 1) * Tile, width).CopyTo(new Span<T>(y, width));
    }

    /// <summary>Combines one to four rows into the row at <paramref name="target"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<TFold, T>(T* x, int rows, long stride, T* target, int width) where TFold : struct, IFold where T : unmanaged
    {
        if (rows == 4) Sweep.Range(new Four<TFold, T>(target, x, stride), target, 0, (nuint)width, false);
        else for (int r = 0; r < rows; r++) Sweep.Range(new Two<TFold, T>(target, x + r * stride), target, 0, (nuint)width, false);
    }

    private readonly struct Two<TFold, T>(T* target, T* x) : IElements<T> where TFold : struct, IFold where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint index) where R : struct, IRegister<R, T> => TFold.Combine(R.Load(in *target, index), R.Load(in *x, index));
    }

    private readonly struct Four<TFold, T>(T* target, T* x, long stride) : IElements<T> where TFold : struct, IFold where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint index) where R : struct, IRegister<R, T>
        {
            R first = TFold.Combine(R.Load(in *x, index), R.Load(in *(x + stride), index));
            R second = TFold.Combine(R.Load(in *(x + 2 * stride), index), R.Load(in *(x + 3 * stride), index));
            return TFold.Combine(R.Load(in *target, index), TFold.Combine(first, second));
        }
    }
}
