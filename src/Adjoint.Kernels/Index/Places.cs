using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>Lists of places in a dimension, as indices give them.</summary>
internal static class Places
{
    /// <summary>Where in the list the first stands that is not one of 0 … n − 1, or −1. </summary>
    public static int FirstOutside(ReadOnlySpan<long> places, int n)
    {
        var chunks = new Chunks(places.Length);
        if (chunks.Count > 1 && Threads.Count > 1)
        {
            int outside = 0;
            var body = new Body(places, n, chunks, ref outside);
            Threads.Run(chunks.Count, ref body);
            return outside == 0 ? -1 : FirstOutsideHere(places, n);
        }
        return FirstOutsideHere(places, n);
    }

    private static int FirstOutsideHere(ReadOnlySpan<long> places, int n)
    {
        int start = IsAllInside(places, n) ? places.Length / Vector<long>.Count * Vector<long>.Count : 0;
        for (int i = start; i < places.Length; i++)
            if ((ulong)places[i] >= (ulong)n) return i;
        return -1;
    }

    private readonly ref struct Body(ReadOnlySpan<long> places, int n, Chunks chunks, ref int outside) : IChunkBody
    {
        private readonly ReadOnlySpan<long> _places = places;
        private readonly ref int _outside = ref outside;

        public void Run(int chunk)
        {
            int start = (int)chunks.Start(chunk), end = (int)chunks.End(chunk);
            if (FirstOutsideHere(_places[start..end], n) >= 0) Volatile.Write(ref _outside, 1);
        }
    }

    // Of the whole registers. The sign of p says whether p < 0, that of n − 1 − p whether p ≥ n; places next to the smallest
    // numbers, whose difference wraps, are negative themselves.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsAllInside(ReadOnlySpan<long> places, int n)
    {
        ReadOnlySpan<Vector<long>> registers = MemoryMarshal.Cast<long, Vector<long>>(places);
        var last = new Vector<long>(n - 1L);
        Vector<long> signs = default, others = default;
        int i = 0;
        for (; i + 2 <= registers.Length; i += 2)
        {
            signs |= registers[i] | (last - registers[i]);
            others |= registers[i + 1] | (last - registers[i + 1]);
        }
        if (i < registers.Length) signs |= registers[i] | (last - registers[i]);
        return Vector.GreaterThanOrEqualAll(signs | others, Vector<long>.Zero);
    }

    /// <summary>Throws if a place is not one of 0 … n − 1.</summary>
    public static void Check(ReadOnlySpan<long> places, int n)
    {
        if (FirstOutside(places, n) is >= 0 and int bad) Refuse(places[bad], n);
    }

    /// <summary>Says that there is no such place.</summary>
    [DoesNotReturn]
    public static void Refuse(long place, int n) =>
        throw new ArgumentOutOfRangeException(nameof(place), place, $"There is no place {place} among {n}.");
}
