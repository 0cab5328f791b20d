namespace Adjoint.Kernels;

/// <summary>What is done with one tile of columns.</summary>
internal interface ILineTile
{
    /// <summary>
    /// Does the columns whose first element stands at <paramref name="start"/> of [outer, n, inner], and the first of whose results
    /// stands at <paramref name="result"/> of [outer, inner].
    /// </summary>
    void Run(long start, Lines lines, long result);
}

/// <summary>Goes through the columns of matrices [outer, n, inner] in tiles, on as many threads as pay.</summary>
internal static class LineTiles
{
    /// <summary>Does all columns.</summary>
    public static void Run<TTile, T>(TTile tile, int outer, int n, int inner) where TTile : struct, ILineTile where T : unmanaged
    {
        int tiles = Lines.Tiles<T>(inner);
        int width = (int)Math.Min(int.MaxValue, (long)n * (inner / tiles));
        Rows.Run(new Body<TTile, T>(tile, n, inner, tiles), checked(outer * tiles), width);
    }

    private readonly struct Body<TTile, T>(TTile tile, int n, int inner, int tiles) : IRowOfMatrix
        where TTile : struct, ILineTile where T : unmanaged
    {
        public void Run(int row)
        {
            (int matrix, int part) = Math.DivRem(row, tiles);
            Lines lines = Lines.OfTile<T>(n, inner, part, out int left);
            tile.Run((long)matrix * n * inner + left, lines, (long)matrix * inner + left);
        }
    }
}
