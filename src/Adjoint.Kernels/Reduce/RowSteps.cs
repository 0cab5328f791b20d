using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Steps that kernels over rows are put together from. All on this thread.</summary>
internal static unsafe class RowSteps
{
    /// <summary>target[i] = f(x[i], y[i], a).</summary>
    public static void Map<TElement, T>(T* x, T* y, T a, T* target, int n) where TElement : struct, IRowElement where T : unmanaged =>
        Sweep.Range(new RowElements<TElement, T>(x, y, a), target, 0, (nuint)n, false);

    /// <summary>Σ f(x[i], y[i], a).</summary>
    public static T Sum<TElement, T>(T* x, T* y, T a, int n) where TElement : struct, IRowElement where T : unmanaged =>
        Fold.Range<SumFold, RowElements<TElement, T>, T>(new(x, y, a), 0, (nuint)n);

    /// <summary>The largest of x; NaN if any is.</summary>
    public static T Max<T>(T* x, int n) where T : unmanaged => Fold.Range<MaxFold, Dense<T>, T>(new(x), 0, (nuint)n);

    /// <summary>ln x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Log<T>(T x) where T : unmanaged => Registers.Log<Lane<T>, T>(Lane<T>.Broadcast(x)).Value.ToScalar();
}
