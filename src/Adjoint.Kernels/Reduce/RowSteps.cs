using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Steps that kernels over rows are put together from. All on this thread.</summary>
internal static unsafe class RowSteps
{
    /// <summary>target[i] = f(x[i], y[i], a).</summary>
    public static void Map<TElement, T>(T* x, T* y, T a, T* target, int n) where TElement : struct, IRowElement where T : unmanaged =>
        Sweep.Range(new RowElements<TElement, T>(x, y, a), target, 0, (nuint)n, false);

    /// <summary>The same of every line, each with a number of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<TElement, T>(T* x, T* y, T* a, T* target, Lines lines) where TElement : struct, IRowElement where T : unmanaged
    {
        if (lines.IsRow) Map<TElement, T>(x, y, *a, target, lines.N);
        else
            for (long k = 0, at = 0; k < lines.N; k++, at += lines.Stride)
                Sweep.Range(new ColumnElements<TElement, T>(x + at, y + at, a), target + at, 0, (nuint)lines.Count, false);
    }

    /// <summary>Σ f(x[i], y[i], a).</summary>
    public static T Sum<TElement, T>(T* x, T* y, T a, int n) where TElement : struct, IRowElement where T : unmanaged =>
        Fold.Range<SumFold, RowElements<TElement, T>, T>(new(x, y, a), 0, (nuint)n);

    /// <summary>The same of every line, each with a number of its own.</summary>
    public static void Sum<TElement, T>(T* x, T* y, T* a, T* sums, Lines lines) where TElement : struct, IRowElement where T : unmanaged
    {
        if (lines.IsRow) *sums = Sum<TElement, T>(x, y, *a, lines.N);
        else ColumnFold.Run<SumFold, TElement, T>(x, y, a, sums, lines);
    }

    /// <summary>The sum of every line.</summary>
    public static void Sum<T>(T* x, T* sums, Lines lines) where T : unmanaged
    {
        if (lines.IsRow) *sums = Fold.Range<SumFold, Dense<T>, T>(new(x), 0, (nuint)lines.N);
        else ColumnFold.Run<SumFold, Itself, T>(x, x, x, sums, lines);
    }

    /// <summary>The largest of x; NaN if any is.</summary>
    public static T Max<T>(T* x, int n) where T : unmanaged => Fold.Range<MaxFold, Dense<T>, T>(new(x), 0, (nuint)n);

    /// <summary>The largest of every line; of zeros of both signs, one of them.</summary>
    public static void Max<T>(T* x, T* largest, Lines lines) where T : unmanaged
    {
        if (lines.IsRow) *largest = Max(x, lines.N);
        else ColumnFold.RunInAnyOrder<MaxFold, Itself, T>(x, x, x, largest, lines);
    }

    /// <summary>ln x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Log<T>(T x) where T : unmanaged => Registers.Log<Lane<T>, T>(Lane<T>.Broadcast(x)).Value.ToScalar();
}
