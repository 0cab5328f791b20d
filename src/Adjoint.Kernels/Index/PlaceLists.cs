namespace Adjoint.Kernels;

/// <summary>Makes lists of places: of what is true, of several indices together, of places counted from the end.</summary>
internal static class PlaceLists
{
    /// <summary>The places whose flags, bytes 0 and 1, are 1; as many as the list is long.</summary>
    public static void OfTrue(ReadOnlySpan<byte> flags, Span<long> places)
    {
        // Written always, counted only where the flag is set: no branch that is guessed wrong.
        for (int i = 0, next = 0; next < places.Length; i++)
        {
            places[next] = i;
            next += flags[i];
        }
    }

    /// <summary>Ascending places of a row-major array as coordinates, [count, dimensions].</summary>
    public static void Coordinates(ReadOnlySpan<long> places, ReadOnlySpan<int> sizes, Span<long> coordinates)
    {
        int dims = sizes.Length, last = dims == 0 ? 1 : sizes[dims - 1];
        long end = 0;
        for (int i = 0; i < places.Length; i++)
        {
            long place = places[i];
            if (place < end)
            {
                // In the row of the one before: only the last coordinate is another.
                coordinates.Slice((i - 1) * dims, dims - 1).CopyTo(coordinates[(i * dims)..]);
                coordinates[i * dims + dims - 1] = place - (end - last);
                continue;
            }
            end = (place / last + 1) * last;
            long rest = place;
            for (int d = dims - 1; d >= 0; d--) (rest, coordinates[i * dims + d]) = Math.DivRem(rest, sizes[d]);
        }
    }

    /// <summary>The first place that is not one of <paramref name="least"/> … n − 1, or null.</summary>
    public static long? Outside(ReadOnlySpan<long> places, int least, int n)
    {
        foreach (long place in places)
            if (place < least || place >= n) return place;
        return null;
    }

    /// <summary>Makes negative places, which count from the end of n, ordinary ones.</summary>
    public static void Wrap(Span<long> places, int n)
    {
        foreach (ref long place in places)
            if (place < 0) place += n;
    }

    /// <summary>sum += step·places: one index more of several.</summary>
    public static void Add(ReadOnlySpan<long> places, int step, Span<long> sum)
    {
        for (int i = 0; i < sum.Length; i++) sum[i] += places[i] * step;
    }

    /// <summary>0 … n − 1, each several times in a row.</summary>
    public static void Repeat(int n, int repeats, Span<long> places)
    {
        for (int i = 0; i < n && repeats > 0; i++) places.Slice(i * repeats, repeats).Fill(i);
    }
}
