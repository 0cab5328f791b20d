using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>How often numbers occur, or lie in intervals.</summary>
internal static class Counts
{
    /// <summary>The smallest and the largest of the numbers, of which there is at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (long Least, long Most) Extremes(ReadOnlySpan<long> x)
    {
        int i = 0, lanes = Vector<long>.Count;
        long least = x[0], most = x[0];
        if (x.Length >= lanes)
        {
            Vector<long> low = new(least), high = new(most);
            for (; i + lanes <= x.Length; i += lanes)
            {
                var here = new Vector<long>(x[i..]);
                (low, high) = (Vector.Min(low, here), Vector.Max(high, here));
            }
            for (int lane = 0; lane < lanes; lane++) (least, most) = (Math.Min(least, low[lane]), Math.Max(most, high[lane]));
        }
        for (; i < x.Length; i++) (least, most) = (Math.Min(least, x[i]), Math.Max(most, x[i]));
        return (least, most);
    }

    /// <summary>Adds 1 to counts[x[i]] for every i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<long> x, Span<long> counts)
    {
        foreach (long place in x) counts[checked((int)place)]++;
    }

    /// <summary>
    /// Adds a weight for each x to the interval between two ends that it lies in: from its lower end on, the last one with its upper end.
    /// </summary>
    /// <param name="x">The numbers; those outside of all intervals and those that are none are passed over.</param>
    /// <param name="edges">The ends of the intervals in order, at least two.</param>
    /// <param name="weights">What each number counts; empty for 1.</param>
    /// <param name="sums">One for each interval.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> edges, ReadOnlySpan<T> weights, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int last = edges.Length - 2;
        T least = edges[0], most = edges[^1], scale = T.CreateChecked(edges.Length - 1) / (most - least);
        for (int i = 0; i < x.Length; i++)
        {
            T value = x[i];
            if (!(value >= least && value <= most)) continue;
            // Where ends are at equal distances the guess is right, or beside it.
            int place = Math.Clamp(int.CreateSaturating((value - least) * scale), 0, last);
            if (value < edges[place]) place = Math.Max(0, place - 1);
            else if (place < last && value >= edges[place + 1]) place++;
            bool isRight = (place == 0 || value >= edges[place]) && (place == last || value < edges[place + 1]);
            sums[isRight ? place : Search(edges, value)] += weights.IsEmpty ? T.One : weights[i];
        }
    }

    private static int Search<T>(ReadOnlySpan<T> edges, T value) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int low = 0, high = edges.Length - 1;
        while (high - low > 1)
        {
            int middle = low + (high - low) / 2;
            if (edges[middle] <= value) low = middle;
            else high = middle;
        }
        return low;
    }
}
