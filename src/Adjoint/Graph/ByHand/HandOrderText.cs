namespace Adjoint;

/// <summary>The methods of sorting as text.</summary>
internal static class HandOrderText
{
    internal const string Order = """
        // The places of n numbers in the order of their sizes: equal ones keep their order, and NaN is largest.
        static int[] InOrder(real[] x, int start, int step, int n, bool descending)
        {
            int[] places = new int[n];
            for (int k = 0; k < n; k++) places[k] = k;
            Array.Sort(places, (i, j) =>
            {
                real a = x[start + i * step], b = x[start + j * step];
                int order = a < b || (b != b && a == a) ? -1 : b < a || (a != a && b == b) ? 1 : 0;
                return order == 0 ? i - j : descending ? -order : order;
            });
            return places;
        }
        """;

    internal const string MostFrequent = """
        // The place of the most frequent of n numbers, of several the smallest, where it stands last. NaN is equal to NaN here.
        static int MostFrequent(real[] x, int start, int step, int n)
        {
            int[] places = InOrder(x, start, step, n, false);
            int longest = 0, run = 0, found = 0;
            for (int k = 0; k < n; k++)
            {
                run = k > 0 && x[start + places[k] * step].Equals(x[start + places[k - 1] * step]) ? run + 1 : 1;
                if (run > longest) (longest, found) = (run, places[k]);
            }
            return found;
        }
        """;

    internal const string Middle = """
        // The place of the middle one of n numbers, the lower one of two; of the first NaN, if there is any.
        static int Middle(real[] x, int start, int step, int n)
        {
            for (int k = 0; k < n; k++)
                if (x[start + k * step] != x[start + k * step]) return k;
            return InOrder(x, start, step, n, false)[(n - 1) / 2];
        }
        """;
}
