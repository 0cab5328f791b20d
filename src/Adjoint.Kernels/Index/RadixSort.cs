using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Sorting by the bytes of keys, from the lowest to the highest, each time into 256 piles: equal keys keep their order, and the time
/// grows as the number of elements does, whatever they are. Bytes that are the same everywhere are passed over.
/// </summary>
internal static unsafe class RadixSort
{
    // So few are sorted sooner by moving each down to its place.
    private const int Few = 48;

    /// <summary>Sorts <paramref name="items"/>; <paramref name="spare"/> is as long. Gives the one of both that holds the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static E* Sort<E>(E* items, E* spare, int count) where E : unmanaged, IRanked<E>
    {
        if (count <= Few)
        {
            Insert(items, count);
            return items;
        }
        int bytes = E.KeyBytes;
        int* counts = stackalloc int[8 * 256];
        new Span<int>(counts, bytes * 256).Clear();
        for (int i = 0; i < count; i++)
        {
            ulong key = items[i].Key;
            for (int b = 0; b < bytes; b++) counts[b * 256 + (int)(key >> 8 * b & 255)]++;
        }
        for (int b = 0; b < bytes; b++)
        {
            int* starts = counts + b * 256;
            if (starts[items[0].Key >> 8 * b & 255] == count) continue;
            int sum = 0;
            for (int digit = 0; digit < 256; digit++) (starts[digit], sum) = (sum, sum + starts[digit]);
            for (int i = 0; i < count; i++)
            {
                E item = items[i];
                spare[starts[item.Key >> 8 * b & 255]++] = item;
            }
            E* sorted = spare;
            spare = items;
            items = sorted;
        }
        return items;
    }

    private static void Insert<E>(E* items, int count) where E : unmanaged, IRanked<E>
    {
        for (int i = 1; i < count; i++)
        {
            E item = items[i];
            int j = i;
            for (; j > 0 && item.Key < items[j - 1].Key; j--) items[j] = items[j - 1];
            items[j] = item;
        }
    }
}
