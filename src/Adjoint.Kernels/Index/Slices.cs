using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Slices of the middle dimension of contiguous arrays [outer, n, inner], chosen by a list of places between 0 and n − 1.
/// </summary>
internal static unsafe class Slices
{
    /// <summary>y[o, j, i] = x[o, places[j], i].</summary>
    public static void Gather<T>(ReadOnlySpan<T> x, int outer, int n, int inner, ReadOnlySpan<long> places, Span<T> y) where T : unmanaged
    {
        Check(x.Length, y.Length, outer, n, inner, places);
        if (y.IsEmpty) return;
        fixed (T* px = x, py = y)
        fixed (long* pp = places)
        {
            var body =
                new GatherBody<T>(
                    px, py, pp, n, inner, places.Length,
                    new Chunks((long)outer * places.Length, Math.Max(1, Chunks.Cheap / Math.Max(1, inner))));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    /// <summary>y[o, places[j], i] = x[o, j, i]; of several for one place the last stays.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> places, Span<T> y, int outer, int n, int inner) where T : unmanaged
    {
        Check(y.Length, x.Length, outer, n, inner, places);
        if (x.IsEmpty) return;
        fixed (T* px = x, py = y)
        fixed (long* pp = places)
            Rows.Run<ScatterMatrix<T>>(new(px, pp, places.Length, py, n, inner), outer, places.Length * inner);
    }

    /// <summary>y[o, places[j], i] += x[o, j, i], in the order of j.</summary>
    public static void ScatterAdd<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> places, Span<T> y, int outer, int n, int inner)
        where T : unmanaged
    {
        Check(y.Length, x.Length, outer, n, inner, places);
        if (x.IsEmpty) return;
        fixed (T* px = x, py = y)
        fixed (long* pp = places)
            Rows.Run<AddMatrix<T>>(new(px, pp, places.Length, py, n, inner), outer, places.Length * inner);
    }

    /// <summary>
    /// Every row of <paramref name="width"/> elements moved to the right by <paramref name="shift"/> &lt; width, and what leaves it there
    /// to its beginning.
    /// </summary>
    public static void Roll<T>(ReadOnlySpan<T> x, int rows, int width, int shift, Span<T> y) where T : unmanaged
    {
        if (x.Length != (long)rows * width || y.Length != x.Length || (uint)shift > (uint)width)
            throw new ArgumentException($"Rolling {rows} rows of {width} by {shift}: the arrays have {x.Length} and {y.Length} elements.");
        fixed (T* px = x, py = y) Kernels.Rows.Run<RollRow<T>>(new(px, width, shift, py), rows, width);
    }

    private readonly struct RollRow<T>(T* x, int width, int shift, T* y) : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            T* from = x + (long)row * width, to = y + (long)row * width;
            Copying.Run(from, to + shift, width - shift);
            Copying.Run(from + (width - shift), to, shift);
        }
    }

    private static void Check(int whole, int chosen, int outer, int n, int inner, ReadOnlySpan<long> places)
    {
        if (whole != (long)outer * n * inner || chosen != (long)outer * places.Length * inner)
            throw new ArgumentException(
                $"Slices of [{outer}, {n}, {inner}] at {places.Length} places: the arrays have {whole} and {chosen} elements.");
    }

    // Each place is looked at where it is used: the list belongs to a tensor that another thread may be changing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Inside(long place, int n)
    {
        if ((ulong)place >= (ulong)n) Places.Refuse(place, n);
        return place;
    }

    private readonly struct GatherBody<T>(T* x, T* y, long* places, int n, int inner, int count, Chunks chunks) : IChunkBody
        where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk)
        {
            long end = Chunks.End(chunk);
            for (long row = Chunks.Start(chunk); row < end;)
            {
                (long o, long first) = Math.DivRem(row, count);
                long last = Math.Min(count, first + end - row);
                if (inner == 1) Along.Pick(x + o * n, n, places + first, last - first, y + row);
                else Rows(x + o * n * inner, first, last, y + row * inner);
                row += last - first;
            }
        }

        private void Rows(T* from, long first, long last, T* to)
        {
            for (long j = first; j < last; j++, to += inner) Copying.Run(from + Inside(places[j], n) * inner, to, inner);
        }
    }

    private readonly struct ScatterMatrix<T>(T* x, long* places, int count, T* y, int n, int inner) : IRowOfMatrix where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            T* from = x + (long)row * count * inner, to = y + (long)row * n * inner;
            if (inner == 1) for (long j = 0; j < count; j++) to[Inside(places[j], n)] = from[j];
            else for (long j = 0; j < count; j++) Copying.Run(from + j * inner, to + Inside(places[j], n) * inner, inner);
        }
    }

    private readonly struct AddMatrix<T>(T* x, long* places, int count, T* y, int n, int inner) : IRowOfMatrix where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            T* from = x + (long)row * count * inner, to = y + (long)row * n * inner;
            if (inner == 1)
            {
                for (long j = 0; j < count; j++) Along.Add(to + Inside(places[j], n), from[j]);
                return;
            }
            for (long j = 0; j < count; j++)
            {
                T* place = to + Inside(places[j], n) * inner;
                Sweep.Range(new Added<T>(place, from + j * inner), place, 0, (nuint)inner, false);
            }
        }
    }
}
