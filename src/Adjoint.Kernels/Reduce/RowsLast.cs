namespace Adjoint.Kernels;

/// <summary>Moves the middle dimension of [outer, n, inner] last, where kernels over rows want it, and back.</summary>
internal readonly ref struct RowsLast<T>(int outer, int n, int inner) : IDisposable where T : unmanaged
{
    private readonly Scratch<T> _rows = new((long)outer * n * inner);

    /// <summary>[outer, inner, n].</summary>
    public Span<T> Rows => _rows.Span;

    /// <summary>Copies from [outer, n, inner].</summary>
    public void From(ReadOnlySpan<T> x) => Strided.Gather(x, 0, [outer, inner, n], [n * inner, 1, inner], Rows);

    /// <summary>Copies to [outer, n, inner].</summary>
    public void To(Span<T> x) => Strided.Gather(Rows, 0, [outer, n, inner], [n * inner, 1, n], x);

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => _rows.Dispose();
}
