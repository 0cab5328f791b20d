using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// Elements chosen along the middle dimension, each by an index of its own between 0 and n − 1: arrays [outer, n, inner] and
/// [outer, k, inner], the index shaped as the latter.
/// </summary>
internal static unsafe partial class Along
{
    /// <summary>y[o, j, i] = x[o, index[o, j, i], i].</summary>
    public static void Gather<T>(ReadOnlySpan<T> x, int outer, int n, int inner, ReadOnlySpan<long> index, int k, Span<T> y)
        where T : unmanaged
    {
        Check(x.Length, y.Length, index, outer, n, k, inner);
        if (y.IsEmpty) return;
        fixed (T* px = x, py = y)
        fixed (long* pi = index)
            Rows.Run<GatherMatrix<T>>(new(px, n, inner, pi, k, py), outer, k * inner);
    }

    /// <summary>y[o, index[o, j, i], i] = x[o, j, i]; of several for one place the last stays.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner)
        where T : unmanaged
    {
        Check(y.Length, x.Length, index, outer, n, k, inner);
        if (x.IsEmpty) return;
        fixed (T* px = x, py = y)
        fixed (long* pi = index)
            Rows.Run<ScatterMatrix<T>>(new(px, pi, k, py, n, inner), outer, k * inner);
    }

    /// <summary>y[o, index[o, j, i], i] += x[o, j, i], in row-major order.</summary>
    public static void ScatterAdd<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner)
        where T : unmanaged
    {
        Check(y.Length, x.Length, index, outer, n, k, inner);
        if (x.IsEmpty) return;
        fixed (T* px = x, py = y)
        fixed (long* pi = index)
            Rows.Run<AddMatrix<T>>(new(px, pi, k, py, n, inner), outer, k * inner);
    }

    // Each place is looked at once more where it is used: the list belongs to a tensor that another thread may be changing.

    private readonly struct GatherMatrix<T>(T* x, int n, int inner, long* index, int k, T* y) : IRowOfMatrix where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            T* block = x + (long)row * n * inner, to = y + (long)row * k * inner;
            long* places = index + (long)row * k * inner;
            long* end = places + (long)k * inner;
            ulong size = (ulong)n;
            if (inner == 1)
            {
                Pick(block, n, places, k, to);
                return;
            }
            for (long width = inner; places < end; places += width, to += width)
                for (long i = 0; i < width; i++)
                {
                    long place = places[i];
                    if ((ulong)place >= size) Places.Refuse(place, n);
                    to[i] = block[place * width + i];
                }
        }
    }

    private readonly struct ScatterMatrix<T>(T* x, long* index, int k, T* y, int n, int inner) : IRowOfMatrix where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            T* block = y + (long)row * n * inner, from = x + (long)row * k * inner;
            long* places = index + (long)row * k * inner;
            long* end = places + (long)k * inner;
            ulong size = (ulong)n;
            if (inner == 1)
            {
                for (; places < end; places++, from++)
                {
                    long place = *places;
                    if ((ulong)place >= size) Places.Refuse(place, n);
                    block[place] = *from;
                }
                return;
            }
            for (long width = inner; places < end; places += width, from += width)
                for (long i = 0; i < width; i++)
                {
                    long place = places[i];
                    if ((ulong)place >= size) Places.Refuse(place, n);
                    block[place * width + i] = from[i];
                }
        }
    }

    private readonly struct AddMatrix<T>(T* x, long* index, int k, T* y, int n, int inner) : IRowOfMatrix where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            T* block = y + (long)row * n * inner, from = x + (long)row * k * inner;
            long* places = index + (long)row * k * inner;
            long* end = places + (long)k * inner;
            ulong size = (ulong)n;
            if (inner == 1)
            {
                for (; places < end; places++, from++)
                {
                    long place = *places;
                    if ((ulong)place >= size) Places.Refuse(place, n);
                    Add(block + place, *from);
                }
                return;
            }
            for (long width = inner; places < end; places += width, from += width)
                for (long i = 0; i < width; i++)
                {
                    long place = places[i];
                    if ((ulong)place >= size) Places.Refuse(place, n);
                    Add(block + place * width + i, from[i]);
                }
        }
    }

    /// <summary>to[i] = from[places[i]], each of which is looked at: four at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Pick<T>(T* from, int n, long* places, long count, T* to) where T : unmanaged
    {
        long* end = places + count, last = end - 3;
        ulong size = (ulong)n;
        for (; places < last; places += 4, to += 4)
        {
            long a = places[0], b = places[1], c = places[2], d = places[3];
            // One that is not below n is found again below.
            if ((ulong)a >= size || (ulong)b >= size || (ulong)c >= size || (ulong)d >= size) break;
            to[0] = from[a];
            to[1] = from[b];
            to[2] = from[c];
            to[3] = from[d];
        }
        for (; places < end; places++, to++)
        {
            long place = *places;
            if ((ulong)place >= size) Places.Refuse(place, n);
            *to = from[place];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add<T>(T* sum, T x) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) *(float*)sum += Unsafe.BitCast<T, float>(x);
        else if (typeof(T) == typeof(double)) *(double*)sum += Unsafe.BitCast<T, double>(x);
        else *sum = (Lane<T>.Broadcast(*sum) + Lane<T>.Broadcast(x)).Value.ToScalar();
    }

    private static void Check(int whole, int chosen, ReadOnlySpan<long> index, int outer, int n, int k, int inner) =>
        Check(whole, chosen, index.Length, outer, n, k, inner);

    private static void Check(int whole, int chosen, int places, int outer, int n, int k, int inner)
    {
        if (whole != (long)outer * n * inner || chosen != (long)outer * k * inner || places != chosen)
            throw new ArgumentException(
                $"Elements of [{outer}, {n}, {inner}] at {k} places along n: the arrays have {whole} and {chosen} elements, the index "
                + $"{places}.");
    }
}
