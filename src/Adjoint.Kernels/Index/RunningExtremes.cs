using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>The extreme of all elements so far along the middle dimension of [outer, n, inner], and where it stands.</summary>
internal static unsafe class RunningExtremes
{
    /// <summary>index[o, k, i] = where among x[o, 0…k, i] the largest stands, the last of equal ones; a NaN beats any number.</summary>
    public static void Largest<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> values, Span<long> index) where T : unmanaged =>
        Run<Less, T>(x, outer, n, inner, values, index);

    /// <summary>The same of the smallest.</summary>
    public static void Smallest<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> values, Span<long> index) where T : unmanaged =>
        Run<Greater, T>(x, outer, n, inner, values, index);

    private static void Run<TWorse, T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> values, Span<long> index)
        where TWorse : struct, IComparison where T : unmanaged
    {
        long length = (long)outer * n * inner;
        if (x.Length != length || values.Length != length || index.Length != length)
            throw new ArgumentException(
                $"Running extremes of [{outer}, {n}, {inner}]: the arrays have {x.Length}, {values.Length} and {index.Length} elements; "
                + $"they should have {length}.");
        if (length == 0) return;
        fixed (T* px = x, pv = values)
        fixed (long* pi = index)
            Rows.Run<Matrix<TWorse, T>>(new(px, n, inner, pv, pi), outer, n * inner);
    }

    private readonly struct Matrix<TWorse, T>(T* x, int n, int inner, T* values, long* index) : IRowOfMatrix
        where TWorse : struct, IComparison where T : unmanaged
    {
        public void Run(int row)
        {
            long start = (long)row * n * inner;
            if (inner == 1) One(x + start, values + start, index + start);
            else Many(x + start, values + start, index + start);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void One(T* x, T* values, long* index)
        {
            T held = x[0];
            long place = 0;
            for (int k = 0; k < n; k++)
            {
                if (Beats(x[k], held)) (held, place) = (x[k], k);
                values[k] = held;
                index[k] = place;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Many(T* x, T* values, long* index)
        {
            for (int i = 0; i < inner; i++) (values[i], index[i]) = (x[i], 0);
            for (int k = 1; k < n; k++)
            {
                T* next = x + (long)k * inner, held = values + (long)(k - 1) * inner, now = held + inner;
                long* before = index + (long)(k - 1) * inner, place = before + inner;
                for (int i = 0; i < inner; i++)
                {
                    bool beats = Beats(next[i], held[i]);
                    now[i] = beats ? next[i] : held[i];
                    place[i] = beats ? k : before[i];
                }
            }
        }

        // Not worse, which a NaN never is; but a number does not follow a NaN.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static bool Beats(T next, T held)
        {
            if (Holds(next, held)) return false;
            return typeof(T) != typeof(float) && typeof(T) != typeof(double) || !IsNaN(held) || IsNaN(next);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static bool Holds(T next, T held)
        {
            bool less = typeof(TWorse) == typeof(Less);
            if (typeof(T) == typeof(float))
                return less
                ? Unsafe.BitCast<T, float>(next) < Unsafe.BitCast<T, float>(held)
                : Unsafe.BitCast<T, float>(next) > Unsafe.BitCast<T, float>(held);
            if (typeof(T) == typeof(double))
                return less
                ? Unsafe.BitCast<T, double>(next) < Unsafe.BitCast<T, double>(held)
                : Unsafe.BitCast<T, double>(next) > Unsafe.BitCast<T, double>(held);
            return (TWorse.Of<Lane<T>, T>(Lane<T>.Broadcast(next), Lane<T>.Broadcast(held)) & 1) != 0;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static bool IsNaN(T value) =>
            typeof(T) == typeof(float) ? float.IsNaN(Unsafe.BitCast<T, float>(value)) : double.IsNaN(Numbers.ToDouble(value));
    }
}
