using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>The order of the elements of rows.</summary>
internal static class RowOrder
{
    /// <summary>order[r, i] = where in row r of x[rows, n] the element stands that is i-th in order; equal ones keep their order, NaN is largest.</summary>
    public static void Of<T>(ReadOnlySpan<T> x, int n, bool descending, Span<long> order) where T : unmanaged, INumber<T>
    {
        if (x.Length != order.Length) throw new ArgumentException($"There are {x.Length} elements and {order.Length} places.");
        var row = new T[n];
        for (int start = 0; start < x.Length; start += n)
        {
            x.Slice(start, n).CopyTo(row);
            Span<long> places = order.Slice(start, n);
            for (int i = 0; i < n; i++) places[i] = i;
            places.Sort(new ByElement<T>(row, descending));
        }
    }

    private readonly struct ByElement<T>(T[] row, bool descending) : IComparer<long> where T : unmanaged, INumber<T>
    {
        public int Compare(long a, long b)
        {
            T x = row[a], y = row[b];
            int order = x < y ? -1 : x > y ? 1 : T.IsNaN(x).CompareTo(T.IsNaN(y));
            if (order == 0) return a.CompareTo(b);
            return descending ? -order : order;
        }
    }
}
