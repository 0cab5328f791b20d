using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Where numbers belong among sorted ones, by halving, on as many threads as pay.</summary>
internal static unsafe class PlacesAmongSorted
{
    /// <summary>
    /// y[r, i] = how many of row r of the sorted numbers are below x[r, i], or with <paramref name="right"/> not above it. A NaN compares
    /// with nothing: it is behind all of them.
    /// </summary>
    /// <param name="sorted">The rows of sorted numbers, or one for all.</param>
    /// <param name="n">How long they are.</param>
    /// <param name="x">The numbers to be placed.</param>
    /// <param name="count">How many for each row.</param>
    /// <param name="y">Their places.</param>
    /// <param name="right">Whether equal ones are before them.</param>
    public static void Find<T>(ReadOnlySpan<T> sorted, int n, ReadOnlySpan<T> x, int count, Span<long> y, bool right)
        where T : unmanaged, INumber<T>
    {
        if (x.Length != y.Length || sorted.Length != (count == 0 ? sorted.Length : y.Length / (long)count * n))
            throw new ArgumentException($"Places of {x.Length} numbers, {count} a row, among {sorted.Length}, {n} a row, in {y.Length}.");
        if (y.IsEmpty) return;
        fixed (T* ps = sorted, px = x)
        fixed (long* py = y)
        {
            var body = new Body<T>(ps, n, px, count, py, right, new Chunks(y.Length, Chunks.Costly));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct Body<T>(T* sorted, int n, T* x, int count, long* y, bool right, Chunks chunks) : IChunkBody
        where T : unmanaged, INumber<T>
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk)
        {
            long end = Chunks.End(chunk);
            for (long start = Chunks.Start(chunk); start < end;)
            {
                (long row, long inside) = Math.DivRem(start, count);
                long next = Math.Min(end, start - inside + count);
                if (right) Right(sorted + row * n, x + start, y + start, next - start);
                else Left(sorted + row * n, x + start, y + start, next - start);
                start = next;
            }
        }

        // Which half a number is in nobody can guess: no branch asks, both ends are moved by what the comparison gives.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Left(T* row, T* values, long* places, long length)
        {
            for (long i = 0; i < length; i++)
            {
                T value = values[i];
                int low = 0, high = n;
                while (low < high)
                {
                    int middle = (int)((uint)(low + high) >> 1), isAfter = row[middle] >= value ? 1 : 0;
                    low += middle + 1 - low & isAfter - 1;
                    high += middle - high & -isAfter;
                }
                places[i] = low;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Right(T* row, T* values, long* places, long length)
        {
            for (long i = 0; i < length; i++)
            {
                T value = values[i];
                int low = 0, high = n;
                while (low < high)
                {
                    int middle = (int)((uint)(low + high) >> 1), isAfter = row[middle] > value ? 1 : 0;
                    low += middle + 1 - low & isAfter - 1;
                    high += middle - high & -isAfter;
                }
                places[i] = low;
            }
        }
    }
}
