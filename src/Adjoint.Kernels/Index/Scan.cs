using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Running sums, products and recurrences along the middle dimension of [outer, n, inner].</summary>
/// <remarks>
/// Note [Running in double]: the k-th result of a running sum is the k-th rounding of the one before, a million of them for a million
/// numbers. So float32 runs in double, and every result is rounded once; so does PyTorch. Integers run as they are.
/// </remarks>
internal static class Scan
{
    // So many neighbouring columns run side by side.
    private const int Columns = 128;

    /// <summary>y[o, k, i] = Σ x[o, j, i] for j ≤ k.</summary>
    public static void Sums<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float)) Run<RunningSum, T, double>(x, default, outer, n, inner, y, false);
        else Run<RunningSum, T, T>(x, default, outer, n, inner, y, false);
    }

    /// <summary>y[o, k, i] = Π x[o, j, i] for j ≤ k.</summary>
    public static void Products<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float)) Run<RunningProduct, T, double>(x, default, outer, n, inner, y, false);
        else Run<RunningProduct, T, T>(x, default, outer, n, inner, y, false);
    }

    /// <summary>y[o, k, i] = x[o, k, i] + a[o, k, i]·y[o, k − 1, i], where y begins as 0; or from the end, with y[o, k + 1, i].</summary>
    public static void Recurrence<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> a, int outer, int n, int inner, Span<T> y, bool fromEnd) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float)) Run<LinearRecurrence, T, double>(x, a, outer, n, inner, y, fromEnd);
        else Run<LinearRecurrence, T, T>(x, a, outer, n, inner, y, fromEnd);
    }

    /// <summary>index[o, k, i] = where among x[o, 0…k, i] the extreme stands, the last of equal ones; a NaN beats any number.</summary>
    public static void Extremes<T>(ReadOnlySpan<T> x, int outer, int n, int inner, bool largest, Span<long> index) where T : unmanaged, INumber<T>
    {
        if (x.IsEmpty) return;
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                int start = o * n * inner + i, best = 0;
                for (int k = 0; k < n; k++)
                {
                    T next = x[start + k * inner], held = x[start + best * inner];
                    if (T.IsNaN(next) || (!T.IsNaN(held) && (largest ? next >= held : next <= held))) best = k;
                    index[start + k * inner] = best;
                }
            }
    }

    // See Note [Running in double].
    private static void Run<TStep, T, TRun>(ReadOnlySpan<T> x, ReadOnlySpan<T> a, int outer, int n, int inner, Span<T> y, bool fromEnd)
        where TStep : struct, IRunning where T : unmanaged, INumber<T> where TRun : unmanaged, INumber<TRun>
    {
        if (y.IsEmpty) return;
        if (a.IsEmpty) a = x;
        Span<TRun> running = stackalloc TRun[Math.Min(inner, Columns)];
        for (int o = 0; o < outer; o++)
        {
            for (long left = 0; left < inner; left += running.Length)
            {
                Span<TRun> r = running[..(int)Math.Min(running.Length, inner - left)];
                r.Fill(TStep.Start<TRun>());
                for (int k = 0; k < n; k++)
                {
                    int start = (o * n + (fromEnd ? n - 1 - k : k)) * inner + (int)left;
                    ReadOnlySpan<T> xs = x.Slice(start, r.Length), factors = a.Slice(start, r.Length);
                    Span<T> ys = y.Slice(start, r.Length);
                    for (int i = 0; i < r.Length; i++)
                    {
                        r[i] = TStep.Next(r[i], TRun.CreateTruncating(xs[i]), TRun.CreateTruncating(factors[i]));
                        ys[i] = T.CreateTruncating(r[i]);
                    }
                }
            }
        }
    }

    /// <summary>One step of what runs along a dimension.</summary>
    private interface IRunning
    {
        /// <summary>What it begins with.</summary>
        static abstract T Start<T>() where T : INumber<T>;

        /// <summary>The next value, from the one before, the next element and its factor.</summary>
        static abstract T Next<T>(T before, T x, T a) where T : INumber<T>;
    }

    private readonly struct RunningSum : IRunning
    {
        public static T Start<T>() where T : INumber<T> => T.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Next<T>(T before, T x, T a) where T : INumber<T> => before + x;
    }

    private readonly struct RunningProduct : IRunning
    {
        public static T Start<T>() where T : INumber<T> => T.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Next<T>(T before, T x, T a) where T : INumber<T> => before * x;
    }

    private readonly struct LinearRecurrence : IRunning
    {
        public static T Start<T>() where T : INumber<T> => T.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Next<T>(T before, T x, T a) where T : INumber<T> => x + a * before;
    }
}
