using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// The gradient of a function of rows, said once for every algebra: what is summed along a row, and what becomes of the sum.
/// </summary>
internal interface IRowSlope
{
    /// <summary>What is summed along the row, from the gradient g of the function's value y.</summary>
    static abstract V Summed<V>(V g, V y) where V : IAlgebra<V>;

    /// <summary>The gradient of the argument, from that sum.</summary>
    static abstract V Slope<V>(V g, V y, V sum) where V : IAlgebra<V>;
}

/// <summary>
/// Computes the gradient of a function of rows along the middle dimension of contiguous arrays [outer, n, inner], over registers. See
/// Note [Columns side by side].
/// </summary>
internal static unsafe class RowSlopes<TSlope> where TSlope : struct, IRowSlope
{
    /// <summary>dx from the gradient g and the value y. dx may be g or y.</summary>
    public static void Run<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, int outer, int n, int inner, Span<T> dx) where T : unmanaged
    {
        Lines.Check(g.Length, dx.Length, outer, n, inner);
        Lines.Check(y.Length, dx.Length, outer, n, inner);
        if (dx.IsEmpty) return;
        if (inner > 1 && !Lines.FillRegisters<T>(inner))
        {
            using var gRows = new RowsLast<T>(outer, n, inner);
            using var yRows = new RowsLast<T>(outer, n, inner);
            gRows.From(g);
            yRows.From(y);
            Run<T>(gRows.Rows, yRows.Rows, outer * inner, n, 1, gRows.Rows);
            gRows.To(dx);
            return;
        }
        fixed (T* pg = g, py = y, pdx = dx)
        {
            if (inner == 1) Rows.Run<Row<T>>(new(pg, py, pdx, n), outer, n);
            else LineTiles.Run<Tile<T>, T>(new(pg, py, pdx), outer, n, inner);
        }
    }

    private static void Of<T>(T* g, T* y, T* dx, Lines lines, T* sums) where T : unmanaged
    {
        RowSteps.Sum<Summand, T>(g, y, y, sums, lines);
        RowSteps.Map<Slope, T>(g, y, sums, dx, lines);
    }

    private readonly struct Summand : IRowElement
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => TSlope.Summed(x, y);
    }

    private readonly struct Slope : IRowElement
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => TSlope.Slope(x, y, a);
    }

    private readonly struct Row<T>(T* g, T* y, T* dx, int n) : IRowOfMatrix where T : unmanaged
    {
        [SkipLocalsInit]
        public void Run(int row)
        {
            T* sum = stackalloc T[1];
            Of(g + (long)row * n, y + (long)row * n, dx + (long)row * n, Lines.Row(n), sum);
        }
    }

    private readonly struct Tile<T>(T* g, T* y, T* dx) : ILineTile where T : unmanaged
    {
        [SkipLocalsInit]
        public void Run(long start, Lines lines, long result)
        {
            T* sums = stackalloc T[Lines.Most<T>()];
            Of(g + start, y + start, dx + start, lines, sums);
        }
    }
}
