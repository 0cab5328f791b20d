using System.Numerics;

namespace Adjoint.Kernels;

internal static partial class Along
{
    /// <summary>y[o, index[o, j, i], i] *= x[o, j, i], in row-major order.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner)
        where T : unmanaged, INumber<T> =>
        Combine<T, Product<T>>(x, index, k, y, outer, n, inner);

    /// <summary>y[o, index[o, j, i], i] = the larger of it and x[o, j, i]; a NaN stays.</summary>
    public static void Raise<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner)
        where T : unmanaged, INumber<T> =>
        Combine<T, Larger<T>>(x, index, k, y, outer, n, inner);

    /// <summary>y[o, index[o, j, i], i] = the smaller of it and x[o, j, i]; a NaN stays.</summary>
    public static void Lower<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner)
        where T : unmanaged, INumber<T> =>
        Combine<T, Smaller<T>>(x, index, k, y, outer, n, inner);

    private static void Combine<T, TStep>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner)
        where T : unmanaged, INumber<T> where TStep : struct, IStep<T>
    {
        Check(y.Length, x.Length, index, outer, n, k, inner);
        for (int o = 0; o < outer; o++)
        {
            Span<T> block = y.Slice(o * n * inner, n * inner);
            for (int j = 0, from = o * k * inner; j < k; j++)
                for (int i = 0; i < inner; i++, from++)
                {
                    long place = index[from];
                    if ((ulong)place >= (ulong)n) Places.Refuse(place, n);
                    ref T target = ref block[(int)place * inner + i];
                    target = TStep.Of(target, x[from]);
                }
        }
    }

    private interface IStep<T>
    {
        static abstract T Of(T old, T value);
    }

    private readonly struct Product<T> : IStep<T> where T : unmanaged, INumber<T>
    {
        public static T Of(T old, T value) => old * value;
    }

    private readonly struct Larger<T> : IStep<T> where T : unmanaged, INumber<T>
    {
        public static T Of(T old, T value) => old > value || T.IsNaN(old) ? old : value;
    }

    private readonly struct Smaller<T> : IStep<T> where T : unmanaged, INumber<T>
    {
        public static T Of(T old, T value) => old < value || T.IsNaN(old) ? old : value;
    }
}
