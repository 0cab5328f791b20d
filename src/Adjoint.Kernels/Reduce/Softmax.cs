namespace Adjoint.Kernels;

/// <summary>yₖ = e^xₖ / Σⱼ e^xⱼ along the middle dimension of a contiguous array [outer, n, inner].</summary>
internal static unsafe class Softmax
{
    /// <summary>y = softmax x. y may be x.</summary>
    public static void Forward<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged
    {
        Check(x.Length, y.Length, outer, n, inner);
        if (inner > 1)
        {
            using var rows = new RowsLast<T>(outer, n, inner);
            rows.From(x);
            Forward<T>(rows.Rows, outer * inner, n, 1, rows.Rows);
            rows.To(y);
            return;
        }
        fixed (T* px = x, py = y) Rows.Run<ForwardRow<T>>(new(px, py, n), outer * inner, n);
    }

    /// <summary>dx = y·(g − Σ g·y). dx may be g or y.</summary>
    public static void Backward<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, int outer, int n, int inner, Span<T> dx) where T : unmanaged
    {
        Check(g.Length, dx.Length, outer, n, inner);
        Check(y.Length, dx.Length, outer, n, inner);
        if (inner > 1)
        {
            using var gRows = new RowsLast<T>(outer, n, inner);
            using var yRows = new RowsLast<T>(outer, n, inner);
            gRows.From(g);
            yRows.From(y);
            Backward<T>(gRows.Rows, yRows.Rows, outer * inner, n, 1, gRows.Rows);
            gRows.To(dx);
            return;
        }
        fixed (T* pg = g, py = y, pdx = dx) Rows.Run<BackwardRow<T>>(new(pg, py, pdx, n), outer * inner, n);
    }

    private readonly struct ForwardRow<T>(T* x, T* y, int n) : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            T* px = x + (long)row * n, py = y + (long)row * n;
            RowSteps.Map<ShiftedExp, T>(px, px, RowSteps.Max(px, n), py, n);
            RowSteps.Map<Divided, T>(py, py, Fold.Range<SumFold, Dense<T>, T>(new(py), 0, (nuint)n), py, n);
        }
    }

    private readonly struct BackwardRow<T>(T* g, T* y, T* dx, int n) : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            T* pg = g + (long)row * n, py = y + (long)row * n, pdx = dx + (long)row * n;
            RowSteps.Map<SoftmaxSlope, T>(pg, py, RowSteps.Sum<Product, T>(pg, py, default, n), pdx, n);
        }
    }

    private static void Check(int x, int y, int outer, int n, int inner)
    {
        long length = (long)outer * n * inner;
        if (x != length || y != length) throw new ArgumentException($"Softmax over [{outer}, {n}, {inner}]: the spans have {x} and {y} elements; they should have {length}.");
    }
}
