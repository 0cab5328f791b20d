namespace Adjoint.Kernels;

/// <summary>Rows of a matrix written to longer ones, with zeros on both sides of them: each place is written once.</summary>
internal static unsafe class RowsAmongZeros
{
    /// <summary>Writes whole rows.</summary>
    /// <param name="source">The rows, one after the other.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">How long they are.</param>
    /// <param name="before">Zeros before each.</param>
    /// <param name="width">How long the rows are that are written.</param>
    /// <param name="target">The rows that are written, one after the other.</param>
    public static void Write<T>(ReadOnlySpan<T> source, int rows, int columns, int before, int width, Span<T> target)
        where T : unmanaged
    {
        if (source.Length != (long)rows * columns || target.Length != (long)rows * width || before < 0 || before > width - columns)
            throw new ArgumentException(
                $"{rows} rows of {columns} behind {before} zeros in {width}: the arrays have {source.Length} and {target.Length} "
                + "elements.");
        if (target.IsEmpty) return;
        fixed (T* from = source, to = target) Rows.Run<Row<T>>(new(from, columns, before, to, width), rows, width);
    }

    private readonly struct Row<T>(T* source, int columns, int before, T* target, int width) : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            T* to = target + (long)row * width;
            new Span<T>(to, before).Clear();
            Copying.Run(source + (long)row * columns, to + before, columns);
            new Span<T>(to + before + columns, width - before - columns).Clear();
        }
    }
}
