namespace Adjoint.Kernels;

/// <summary>Matrices written with a number around them: each place is written once.</summary>
internal static unsafe class FramedRows
{
    /// <summary>Writes whole matrices.</summary>
    /// <param name="source">The matrices, one after the other.</param>
    /// <param name="rows">Rows of each.</param>
    /// <param name="columns">How long they are.</param>
    /// <param name="top">Rows of the number above each.</param>
    /// <param name="height">Rows of each that is written.</param>
    /// <param name="before">Places of the number before each row.</param>
    /// <param name="width">How long the rows are that are written.</param>
    /// <param name="value">The number.</param>
    /// <param name="target">The matrices that are written, one after the other.</param>
    public static void Write<T>(ReadOnlySpan<T> source, int rows, int columns, int top, int height, int before, int width, T value,
        Span<T> target) where T : unmanaged
    {
        long size = (long)height * width, count = size == 0 ? 0 : target.Length / size;
        bool fits = target.Length == count * size && (count == 0 || source.Length == count * rows * columns);
        if (!fits || top < 0 || top > height - rows || before < 0 || before > width - columns)
            throw new ArgumentException(
                $"[{rows}, {columns}] at {top}, {before} in [{height}, {width}]: the arrays have {source.Length} and {target.Length} "
                + "elements.");
        if (target.IsEmpty) return;
        fixed (T* from = source, to = target)
            Rows.Run<Row<T>>(new(from, rows, columns, top, height, before, width, value, to), checked((int)(count * height)), width);
    }

    private readonly struct Row<T>(T* source, int rows, int columns, int top, int height, int before, int width, T value, T* target)
        : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            (int matrix, int inside) = Math.DivRem(row, height);
            T* to = target + (long)row * width;
            inside -= top;
            if ((uint)inside >= (uint)rows)
            {
                new Span<T>(to, width).Fill(value);
                return;
            }
            new Span<T>(to, before).Fill(value);
            Copying.Run(source + ((long)matrix * rows + inside) * columns, to + before, columns);
            new Span<T>(to + before + columns, width - before - columns).Fill(value);
        }
    }
}
