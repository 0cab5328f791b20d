using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>Slices of the middle dimension of contiguous arrays [outer, n, inner], chosen by a list of places between 0 and n − 1.</summary>
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
            var body = new GatherBody<T>(px, py, pp, n, inner, places.Length, new Chunks((long)outer * places.Length, Math.Max(1, Chunks.Cheap / Math.Max(1, inner))));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    /// <summary>y[o, places[j], i] = x[o, j, i]; of several for one place the last stays.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> places, Span<T> y, int outer, int n, int inner) where T : unmanaged
    {
        Check(y.Length, x.Length, outer, n, inner, places);
        if (x.IsEmpty) return;
        for (int o = 0; o < outer; o++)
            for (int j = 0; j < places.Length; j++)
                x.Slice((o * places.Length + j) * inner, inner).CopyTo(y[((o * n + (int)places[j]) * inner)..]);
    }

    /// <summary>y[o, places[j], i] += x[o, j, i], in the order of j.</summary>
    public static void ScatterAdd<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> places, Span<T> y, int outer, int n, int inner) where T : unmanaged, INumber<T>
    {
        Check(y.Length, x.Length, outer, n, inner, places);
        if (x.IsEmpty) return;
        for (int o = 0; o < outer; o++)
            for (int j = 0; j < places.Length; j++)
            {
                ReadOnlySpan<T> from = x.Slice((o * places.Length + j) * inner, inner);
                Span<T> to = y.Slice((o * n + (int)places[j]) * inner, inner);
                for (int i = 0; i < from.Length; i++) to[i] += from[i];
            }
    }

    private static void Check(int whole, int chosen, int outer, int n, int inner, ReadOnlySpan<long> places)
    {
        if (whole != (long)outer * n * inner || chosen != (long)outer * places.Length * inner)
            throw new ArgumentException($"Slices of [{outer}, {n}, {inner}] at {places.Length} places: the arrays have {whole} and {chosen} elements.");
        foreach (long place in places)
            if ((ulong)place >= (ulong)n) throw new ArgumentOutOfRangeException(nameof(places), place, $"There is no slice {place} among {n}.");
    }

    private readonly struct GatherBody<T>(T* x, T* y, long* places, int n, int inner, int count, Chunks chunks) : IChunkBody where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk)
        {
            long end = Chunks.End(chunk);
            for (long row = Chunks.Start(chunk); row < end; row++)
            {
                (long o, long j) = Math.DivRem(row, count);
                T* from = x + (o * n + places[j]) * inner, to = y + row * inner;
                if (inner == 1) *to = *from;
                else new ReadOnlySpan<T>(from, inner).CopyTo(new Span<T>(to, inner));
            }
        }
    }
}
