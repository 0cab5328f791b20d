using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Reductions of the middle dimension of a contiguous array [outer, n, inner] to [outer, inner]. Results do not depend on
/// the number of threads: see Note [Order of summation].
/// </summary>
internal static unsafe partial class Reduce
{
    /// <summary>y[o, i] = Σₖ x[o, k, i]; 0 for n = 0.</summary>
    public static void Sum<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged =>
        Run<SumFold, T>(x, outer, n, inner, y);

    /// <summary>
    /// Σ x of a matrix whose rows are <paramref name="stride"/> elements apart, with the bits of a copy's in which they are not.
    /// </summary>
    public static T SumOfRows<T>(ReadOnlySpan<T> x, int rows, int columns, int stride) where T : unmanaged
    {
        if (rows < 1 || columns < 1 || stride < 0 || (rows - 1L) * stride + columns > x.Length)
            throw new ArgumentException($"{rows} rows of {columns}, {stride} apart, do not fit in {x.Length} elements.");
        fixed (T* px = x) return Fold.Run<SumFold, RowsApart<T>, T>(new(px, columns, stride), (long)rows * columns);
    }

    /// <summary>Σ x over what is not NaN.</summary>
    public static T NanSum<T>(ReadOnlySpan<T> x) where T : unmanaged
    {
        fixed (T* px = x) return Fold.Run<SumFold, NumbersOnly<T>, T>(new(px), x.Length);
    }

    /// <summary>y[o, i] = Πₖ x[o, k, i]; 1 for n = 0.</summary>
    public static void Prod<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged =>
        Run<ProductFold, T>(x, outer, n, inner, y);

    /// <summary>y[o, i] = maxₖ x[o, k, i]; NaN if any is NaN; −∞ or the smallest integer for n = 0.</summary>
    public static void Max<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged =>
        Run<MaxFold, T>(x, outer, n, inner, y);

    /// <summary>y[o, i] = minₖ x[o, k, i]; NaN if any is NaN; ∞ or the largest integer for n = 0.</summary>
    public static void Min<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged =>
        Run<MinFold, T>(x, outer, n, inner, y);

    /// <summary>y[o, i] = 1 where any x[o, k, i] is 1, else 0. The elements of x are 0 or 1.</summary>
    public static void Any(ReadOnlySpan<byte> x, int outer, int n, int inner, Span<byte> y) => Run<MaxFold, byte>(x, outer, n, inner, y);

    /// <summary>y[o, i] = 1 where all x[o, k, i] are 1, else 0. The elements of x are 0 or 1.</summary>
    public static void All(ReadOnlySpan<byte> x, int outer, int n, int inner, Span<byte> y)
    {
        if (n == 0) y.Fill(1);
        else Run<MinFold, byte>(x, outer, n, inner, y);
    }

    private static void Run<TFold, T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where TFold : struct, IFold
        where T : unmanaged
    {
        Check(x.Length, y.Length, outer, n, inner);
        // Without results there is nothing to point at.
        if (y.IsEmpty) return;
        if (n == 0)
        {
            y.Fill(Numbers.Convert<T>(TFold.Identity));
            return;
        }
        fixed (T* px = x, py = y)
        {
            if (inner > 1) Columns.Run<TFold, T>(px, py, outer, n, inner);
            else if (outer == 1) *py = Fold.Run<TFold, Dense<T>, T>(new(px), n);
            else Rows.Run<FoldRow<TFold, T>>(new(px, py, n), outer, n);
        }
    }

    private readonly struct FoldRow<TFold, T>(T* x, T* y, int n) : IRowOfMatrix where TFold : struct, IFold where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row) => y[row] = Fold.Range<TFold, Dense<T>, T>(new(x + (long)row * n), 0, (nuint)n);
    }

    private static void Check(int x, int y, int outer, int n, int inner)
    {
        if (x != (long)outer * n * inner || y != (long)outer * inner)
            throw new ArgumentException(
                $"Reduction of [{outer}, {n}, {inner}]: the source has {x} elements, the result {y}; they should have "
                + $"{(long)outer * n * inner} and {(long)outer * inner}.");
    }
}
