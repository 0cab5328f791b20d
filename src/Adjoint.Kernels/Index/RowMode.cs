using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>The most frequent elements of rows.</summary>
internal static class RowMode
{
    /// <summary>
    /// modes[r] = where in row r of x[rows, n] the most frequent element stands last (of several the one that is first in order).
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="n">How long they are; at least 1.</param>
    /// <param name="order">Their orders, see <see cref="RowOrder"/>.</param>
    /// <param name="modes">As many as there are rows.</param>
    public static void Of<T>(ReadOnlySpan<T> x, int n, ReadOnlySpan<long> order, Span<long> modes) where T : unmanaged, INumber<T>
    {
        for (int row = 0; row < modes.Length; row++)
            modes[row] = LastOfLongestRun(x.Slice(row * n, n), order.Slice(row * n, n));
    }

    private static long LastOfLongestRun<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> order) where T : unmanaged, INumber<T>
    {
        int longest = 0, run = 0;
        long place = 0;
        for (int i = 0; i < order.Length; i++)
        {
            // Equals, by which a NaN is one more of the NaNs before.
            run = i > 0 && values[(int)order[i]].Equals(values[(int)order[i - 1]]) ? run + 1 : 1;
            if (run > longest) (longest, place) = (run, order[i]);
        }
        return place;
    }
}
