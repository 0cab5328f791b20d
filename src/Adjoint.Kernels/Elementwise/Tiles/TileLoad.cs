namespace Adjoint.Kernels;

/// <summary>Brings a tile of an operand together that does not lie as the result does: one that is broadcast, or a view.</summary>
internal sealed unsafe class TileLoad<T> : TileKernel where T : unmanaged
{
    private readonly int[] _sizes, _strides;
    private readonly int _inner, _step;

    /// <param name="sizes">The sizes of the result.</param>
    /// <param name="strides">How far apart in memory the operand's elements are along each.</param>
    public TileLoad(ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides)
    {
        List<int> merged = [], steps = [];
        for (int d = 0; d < sizes.Length; d++)
        {
            if (sizes[d] == 1) continue;
            if (merged.Count > 0 && steps[^1] == (long)strides[d] * sizes[d]) (merged[^1], steps[^1]) = (merged[^1] * sizes[d], strides[d]);
            else (merged, steps) = ([.. merged, sizes[d]], [.. steps, strides[d]]);
        }
        (_inner, _step) = merged.Count == 0 ? (1, 0) : (merged[^1], steps[^1]);
        (_sizes, _strides) = merged.Count == 0 ? ([], []) : (merged.ToArray()[..^1], steps.ToArray()[..^1]);
    }

    public override void Run(void** at, ulong repeated, long start, int count)
    {
        T* from = (T*)at[0], to = (T*)at[1], end = to + count;
        long run = start / _inner;
        int first = (int)(start % _inner);
        while (to < end)
        {
            T* row = from + Place(run++) + (long)first * _step;
            int length = (int)Math.Min(_inner - first, end - to);
            if (_step == 0) new Span<T>(to, length).Fill(*row);
            else if (_step == 1) new ReadOnlySpan<T>(row, length).CopyTo(new(to, length));
            else for (int i = 0; i < length; i++) to[i] = row[(long)i * _step];
            to += length;
            first = 0;
        }
    }

    private long Place(long run)
    {
        long place = 0;
        for (int d = _sizes.Length - 1; d >= 0; d--)
        {
            (run, long index) = Math.DivRem(run, _sizes[d]);
            place += index * _strides[d];
        }
        return place;
    }
}
