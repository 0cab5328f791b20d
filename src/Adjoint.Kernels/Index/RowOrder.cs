using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>The order of the elements of rows: equal ones keep their order, NaN is largest, −0 equals 0.</summary>
internal static unsafe class RowOrder
{
    // The highest bits of the keys decide which elements are worth sorting when only some places are wanted.
    private const int PileBits = 12;

    // So few are kept in order while the others pass by.
    private const int Few = 16;

    /// <summary>order[r, i] = where in row r of x[rows, n] the element stands that is i-th in order, for i &lt; k.</summary>
    public static void First<T>(ReadOnlySpan<T> x, int n, int k, bool descending, Span<long> order) where T : unmanaged, INumber<T> =>
        Places(x, n, 0, k, descending, false, order);

    /// <summary>order[r] = where the element stands that is k-th in order, counted from 0.</summary>
    public static void At<T>(ReadOnlySpan<T> x, int n, int k, Span<long> order) where T : unmanaged, INumber<T> =>
        Places(x, n, k, 1, false, false, order);

    /// <summary>order[r] = where the middle element stands, of an even number the lower one; the first NaN, if there is any.</summary>
    public static void Middle<T>(ReadOnlySpan<T> x, int n, Span<long> order) where T : unmanaged, INumber<T> =>
        Places(x, n, (n - 1) / 2, 1, false, true, order);

    private static void Places<T>(ReadOnlySpan<T> x, int n, int first, int count, bool descending, bool preferNaN, Span<long> order)
        where T : unmanaged, INumber<T>
    {
        if (order.IsEmpty) return;
        if ((long)x.Length * count != (long)order.Length * n)
            throw new ArgumentException(
                $"There are {x.Length} elements in rows of {n}; {order.Length} places are not {count} for each row.");
        fixed (T* px = x)
        fixed (long* po = order)
        {
            if (sizeof(T) == 8) Run<T, WideRanked>(px, n, x.Length / n, first, count, descending, preferNaN, po);
            else Run<T, NarrowRanked>(px, n, x.Length / n, first, count, descending, preferNaN, po);
        }
    }

    private static void Run<T, E>(T* x, int n, int rows, int first, int count, bool descending, bool preferNaN, long* order)
        where T : unmanaged, INumber<T> where E : unmanaged, IRanked<E>
    {
        var body = new Body<T, E>(x, n, first, count, descending, preferNaN, order, new Chunks(rows, Math.Max(1, Chunks.Costly / n)));
        Threads.Run(body.Chunks.Count, ref body);
    }

    private readonly struct Body<T, E>(T* x, int n, int first, int count, bool descending, bool preferNaN, long* order, Chunks chunks)
        : IChunkBody
        where T : unmanaged, INumber<T> where E : unmanaged, IRanked<E>
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk)
        {
            using var items = new Scratch<E>(2L * n);
            for (long row = Chunks.Start(chunk); row < Chunks.End(chunk); row++)
                Row(x + row * n, items.Data, items.Data + n, order + row * count);
        }

        private void Row(T* row, E* items, E* spare, long* places)
        {
            if (preferNaN && FirstNaN(row) is >= 0 and var place)
            {
                *places = place;
                return;
            }
            if (first == 0 && count <= Few && n > 4 * Few)
            {
                Best(row, items, places);
                return;
            }
            // Half of all or more, or a short row: sorting all is as quick as looking for those that matter.
            bool all = n < 128 || count > n / 4;
            (int found, int before) = all ? (Take(row, items, 0, ulong.MaxValue, 0), 0) : Candidates(row, items);
            E* sorted = RadixSort.Sort(items, spare, found);
            for (int i = 0; i < count; i++) places[i] = sorted[first - before + i].Place;
        }

        /// <summary>The first few: each element is compared with the last of the best so far, and seldom is one of them.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Best(T* row, E* best, long* places)
        {
            for (int i = 0; i < count; i++) best[i] = E.At(RankKey.Of(row[i], descending), i);
            best = RadixSort.Sort(best, best + count, count);
            int next = count, lanes = Lanes256<T>.Count;
            Lanes256<T> last = Lanes256<T>.Broadcast(row[best[count - 1].Place]);
            for (; next <= n - lanes; next += lanes)
            {
                // Whatever is surely worse than the last of the best is passed over, a register at a time. No comparison with a NaN holds.
                Lanes256<T> here = Lanes256<T>.Load(in *row, (nuint)next);
                ulong worse = Lanes256<T>.Equal(here, last) | (descending ? Lanes256<T>.Less(here, last) : Lanes256<T>.Less(last, here));
                if (worse == ulong.MaxValue >> (64 - lanes)) continue;
                for (int i = next; i < next + lanes; i++) Offer(row, best, i);
                last = Lanes256<T>.Broadcast(row[best[count - 1].Place]);
            }
            for (; next < n; next++) Offer(row, best, next);
            for (int i = 0; i < count; i++) places[i] = best[i].Place;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Offer(T* row, E* best, int place)
        {
            ulong key = RankKey.Of(row[place], descending);
            int j = count - 1;
            if (key >= best[j].Key) return;
            for (; j > 0 && key < best[j - 1].Key; j--) best[j] = best[j - 1];
            best[j] = E.At(key, place);
        }

        private int FirstNaN(T* row)
        {
            if (typeof(T) != typeof(float) && typeof(T) != typeof(double)) return -1;
            for (int i = 0; i < n; i++)
                if (T.IsNaN(row[i])) return i;
            return -1;
        }

        /// <summary>The elements that may stand at the places wanted, and how many smaller ones were left out.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private (int Count, int Before) Candidates(T* row, E* items)
        {
            int shift = 8 * E.KeyBytes - PileBits;
            int* piles = stackalloc int[1 << PileBits];
            new Span<int>(piles, 1 << PileBits).Clear();
            for (int i = 0; i < n; i++) piles[RankKey.Of(row[i], descending) >> shift]++;
            int low = 0, before = 0;
            while (before + piles[low] <= first) before += piles[low++];
            int high = low, sum = before;
            while (sum + piles[high] < first + count) sum += piles[high++];
            return (Take(row, items, (ulong)low, (ulong)high, shift), before);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Take(T* row, E* items, ulong low, ulong high, int shift)
        {
            int found = 0;
            ulong span = high - low;
            for (int i = 0; i < n; i++)
            {
                ulong key = RankKey.Of(row[i], descending);
                // Written always, kept only if it matters: no branch that is guessed wrong.
                items[found] = E.At(key, i);
                found += (key >> shift) - low <= span ? 1 : 0;
            }
            return found;
        }
    }
}
