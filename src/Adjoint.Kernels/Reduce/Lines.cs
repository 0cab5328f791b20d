namespace Adjoint.Kernels;

/// <summary>
/// What kernels over rows take at once: one row, or neighbouring columns side by side. Element k of line j stands at
/// k·<see cref="Stride"/> + j.
/// </summary>
/// <remarks>
/// Note [Columns side by side]: a function of columns needs no copy in which they are rows. A tile of neighbouring columns goes through
/// the same steps, each with a register of columns where a row has a register of its own elements, and its sums are combined in the order
/// of a row's (see <see cref="ColumnFold"/>): the bits of a column are those of the same numbers in a row. Tiles are wide, since what is
/// written in short pieces far from each other is not fetched ahead.
/// </remarks>
internal readonly struct Lines
{
    private const int TileBytes = 2048;

    private Lines(int n, int count, int stride) => (N, Count, Stride) = (n, count, stride);

    /// <summary>The elements of a line.</summary>
    internal int N { get; }

    /// <summary>How many lines stand side by side.</summary>
    internal int Count { get; }

    /// <summary>How far apart the elements of a line are.</summary>
    internal int Stride { get; }

    /// <summary>Whether it is one line whose elements are side by side.</summary>
    internal bool IsRow => Stride == 1;

    /// <summary>The most columns in a tile.</summary>
    internal static unsafe int Most<T>() where T : unmanaged => TileBytes / sizeof(T);

    /// <summary>Whether so many columns fill registers; of fewer it is quicker to make rows.</summary>
    internal static unsafe bool FillRegisters<T>(int inner) where T : unmanaged => inner * sizeof(T) >= 64;

    /// <summary>One row.</summary>
    internal static Lines Row(int n) => new(n, 1, 1);

    /// <summary>
    /// The columns of tile number <paramref name="tile"/> of a matrix of <paramref name="inner"/> columns, and where they begin.
    /// </summary>
    internal static Lines OfTile<T>(int n, int inner, int tile, out int left) where T : unmanaged
    {
        int tiles = Tiles<T>(inner);
        left = (int)((long)inner * tile / tiles);
        return new Lines(n, (int)((long)inner * (tile + 1) / tiles) - left, inner);
    }

    /// <summary>How many tiles a matrix has: all of nearly the same width.</summary>
    internal static int Tiles<T>(int inner) where T : unmanaged => (inner - 1) / Most<T>() + 1;

    /// <summary>Whether spans are of the arrays [outer, n, inner] that they are said to be.</summary>
    internal static void Check(int x, int y, int outer, int n, int inner)
    {
        long length = (long)outer * n * inner;
        if (x != length || y != length)
            throw new ArgumentException(
                $"Rows of [{outer}, {n}, {inner}]: the spans have {x} and {y} elements; they should have {length}.");
    }
}
