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
        int* counts = stackalloc int[8 * 256], bytes = stackalloc int[8];
        int differing = Differing(items, count, bytes);
        new Span<int>(counts, differing * 256).Clear();
        for (int i = 0; i < count; i++)
        {
            ulong key = items[i].Key;
            for (int d = 0; d < differing; d++) counts[d * 256 + (int)(key >> bytes[d] & 255)]++;
        }
        for (int d = 0; d < differing; d++)
        {
            int* starts = counts + d * 256;
            int shift = bytes[d];
            int sum = 0;
            for (int digit = 0; digit < 256; digit++) (starts[digit], sum) = (sum, sum + starts[digit]);
            for (int i = 0; i < count; i++)
            {
                E item = items[i];
                spare[starts[item.Key >> shift & 255]++] = item;
            }
            E* sorted = spare;
            spare = items;
            items = sorted;
        }
        return items;
    }

    /// <summary>Which bytes of the keys are not the same everywhere, each as the number of bits below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Differing<E>(E* items, int count, int* bytes) where E : unmanaged, IRanked<E>
    {
        ulong first = items[0].Key, others = 0;
        for (int i = 1; i < count; i++) others |= items[i].Key ^ first;
        int found = 0;
        for (int b = 0; b < E.KeyBytes; b++)
            if ((others >> 8 * b & 255) != 0) bytes[found++] = 8 * b;
        return found;
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
