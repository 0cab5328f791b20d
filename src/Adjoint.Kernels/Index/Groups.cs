using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Equal rows of a matrix, brought together in groups. What is no number equals nothing.</summary>
internal static unsafe class Groups
{
    /// <summary>Numbers the groups of rows that are equal and follow each other.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="width">How many elements each has.</param>
    /// <param name="order">In which order they are looked at; empty for that in which they stand.</param>
    /// <param name="first">For each group the first row of it.</param>
    /// <param name="groups">For each row the number of its group.</param>
    /// <param name="counts">For each group how many rows it has.</param>
    /// <returns>How many groups there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Runs<T>(
        ReadOnlySpan<T> x, int width, ReadOnlySpan<long> order, Span<long> first, Span<long> groups, Span<long> counts)
        where T : unmanaged, INumber<T>
    {
        if (width == 1 && order.IsEmpty) return Runs(x, first, groups, counts);
        int group = -1;
        long before = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            long row = order.IsEmpty ? i : order[i];
            if (i == 0 || !AreEqual(x, width, before, row))
            {
                first[++group] = row;
                counts[group] = 0;
            }
            groups[(int)row] = group;
            counts[group]++;
            before = row;
        }
        return group + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Runs<T>(ReadOnlySpan<T> x, Span<long> first, Span<long> groups, Span<long> counts) where T : unmanaged, INumber<T>
    {
        if (x.IsEmpty) return 0;
        if (first.Length < x.Length || groups.Length < x.Length || counts.Length < x.Length)
            throw new ArgumentException(
                $"{first.Length}, {groups.Length} and {counts.Length} places do not suffice for {x.Length} numbers.");
        fixed (T* px = x)
        fixed (long* pf = first, pg = groups, pc = counts)
        {
            // Where the next group begins is written for each number, until it is true: a branch would be guessed.
            long group = pf[0] = pg[0] = 0;
            T before = *px;
            for (long i = 1; i < x.Length; i++)
            {
                T value = px[i];
                pf[group + 1] = i;
                group += value != before ? 1 : 0;
                pg[i] = group;
                before = value;
            }
            for (long i = 0; i < group; i++) pc[i] = pf[i + 1] - pf[i];
            pc[group] = x.Length - pf[group];
            return (int)group + 1;
        }
    }

    /// <summary>
    /// Numbers the groups of equal whole numbers, the smallest first, where they are from so small a range that each of it can be counted.
    /// </summary>
    /// <param name="x">The numbers.</param>
    /// <param name="first">For each group the first place of it.</param>
    /// <param name="groups">For each number the number of its group.</param>
    /// <param name="counts">For each group how many there are.</param>
    /// <returns>How many groups there are, or −1 where the range is not small or the numbers are not whole.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Counted<T>(ReadOnlySpan<T> x, Span<long> first, Span<long> groups, Span<long> counts) where T : unmanaged, INumber<T>
    {
        if (x.IsEmpty || typeof(T) == typeof(float) || typeof(T) == typeof(double)) return -1;
        T least = x[0], most = x[0];
        foreach (T value in x) (least, most) = (T.Min(least, value), T.Max(most, value));
        long start = long.CreateTruncating(least);
        // As without a sign: the difference of two longs need not be one.
        ulong range = (ulong)(long.CreateTruncating(most) - start);
        if (range >= Math.Min(4UL * (ulong)x.Length, int.MaxValue)) return -1;
        using var memory = new Scratch<int>((long)range + 1);
        int* places = memory.Data;
        new Span<int>(places, (int)range + 1).Fill(-1);
        for (int i = x.Length - 1; i >= 0; i--) places[long.CreateTruncating(x[i]) - start] = i;
        int group = 0;
        for (long value = 0; value <= (long)range; value++)
        {
            if (places[value] < 0) continue;
            (first[group], counts[group]) = (places[value], 0);
            places[value] = group++;
        }
        for (int i = 0; i < x.Length; i++)
        {
            int own = places[long.CreateTruncating(x[i]) - start];
            groups[i] = own;
            counts[own]++;
        }
        return group;
    }

    private static bool AreEqual<T>(ReadOnlySpan<T> x, int width, long a, long b) where T : unmanaged, INumber<T>
    {
        if (width == 1) return x[(int)a] == x[(int)b];
        ReadOnlySpan<T> left = x.Slice((int)(a * width), width), right = x.Slice((int)(b * width), width);
        for (int i = 0; i < width; i++)
            if (left[i] != right[i]) return false;
        return true;
    }
}
