namespace Adjoint.Kernels;

/// <summary>The part of matrices on one side of a diagonal.</summary>
internal static class Triangle
{
    /// <summary>
    /// y = x where column − row is at most (<paramref name="lower"/>) or at least <paramref name="diagonal"/>, else 0, for each [rows,
    /// columns] matrix.
    /// </summary>
    public static void Copy<T>(ReadOnlySpan<T> x, Span<T> y, int rows, int columns, int diagonal, bool lower) where T : unmanaged
    {
        if (x.Length != y.Length) throw new ArgumentException($"The source has {x.Length} elements, the target {y.Length}.");
        for (int row = 0; !x.IsEmpty; row = row + 1 == rows ? 0 : row + 1)
        {
            int cut = (int)Math.Clamp((long)row + diagonal + (lower ? 1 : 0), 0, columns);
            if (lower)
            {
                x[..cut].CopyTo(y);
                y[cut..columns].Clear();
            }
            else
            {
                y[..cut].Clear();
                x[cut..columns].CopyTo(y[cut..]);
            }
            x = x[columns..];
            y = y[columns..];
        }
    }
}
