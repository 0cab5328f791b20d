using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>A function of rows, or of columns: every element of y depends on all of its line of x.</summary>
internal unsafe interface IRowKernel
{
    /// <summary>y = f(x). y may be x. There is space for two numbers a line.</summary>
    static abstract void Forward<T>(T* x, T* y, Lines lines, T* space) where T : unmanaged;
}

/// <summary>
/// Applies a function of rows along the middle dimension of contiguous arrays [outer, n, inner]. See Note [Columns side by side].
/// </summary>
internal static unsafe class RowKernel<TKernel> where TKernel : struct, IRowKernel
{
    /// <summary>y = f(x). y may be x.</summary>
    public static void Forward<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged
    {
        Lines.Check(x.Length, y.Length, outer, n, inner);
        if (y.IsEmpty) return;
        if (inner > 1 && !Lines.FillRegisters<T>(inner))
        {
            using var rows = new RowsLast<T>(outer, n, inner);
            rows.From(x);
            Forward<T>(rows.Rows, outer * inner, n, 1, rows.Rows);
            rows.To(y);
            return;
        }
        fixed (T* px = x, py = y)
        {
            if (inner == 1) Rows.Run<ForwardRow<T>>(new(px, py, n), outer, n);
            else LineTiles.Run<ForwardTile<T>, T>(new(px, py), outer, n, inner);
        }
    }

    private readonly struct ForwardRow<T>(T* x, T* y, int n) : IRowOfMatrix where T : unmanaged
    {
        [SkipLocalsInit]
        public void Run(int row)
        {
            T* space = stackalloc T[2];
            TKernel.Forward(x + (long)row * n, y + (long)row * n, Lines.Row(n), space);
        }
    }

    private readonly struct ForwardTile<T>(T* x, T* y) : ILineTile where T : unmanaged
    {
        [SkipLocalsInit]
        public void Run(long start, Lines lines, long result)
        {
            T* space = stackalloc T[2 * Lines.Most<T>()];
            TKernel.Forward(x + start, y + start, lines, space);
        }
    }
}
