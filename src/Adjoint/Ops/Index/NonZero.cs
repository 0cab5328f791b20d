namespace Adjoint;

/// <summary>The places of the flattened tensor whose elements are not zero.</summary>
internal readonly struct TrueOp : ITensorOperation
{
    public string Name => "flatnonzero";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> mask)
    {
        Tensor flags = Elements.ToContiguous(Binary.Operand(mask[0]!, DType.Bool));
        ReadOnlySpan<byte> values = flags.Span<byte>();
        Tensor places = Tensor.Uninitialized(here, [values.Length - values.Count((byte)0)], DType.Int64);
        Span<long> found = places.Span<long>();
        // Written always, counted only where the mask holds (its bytes are 0 and 1): no branch that is guessed wrong.
        for (int i = 0, next = 0; next < found.Length; i++)
        {
            found[next] = i;
            next += values[i];
        }
        GC.KeepAlive(flags);
        return places;
    }
}

/// <summary>The places whose elements are not zero, [count, dimensions].</summary>
internal readonly struct NonZeroOp : ITensorOperation
{
    public string Name => "nonzero";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!, flat = IndexTensors.True(x), y = Tensor.Uninitialized(here, [flat.NumEl, x.NDim], DType.Int64);
        ReadOnlySpan<long> places = flat.Span<long>();
        Span<long> coordinates = y.Span<long>();
        int dims = x.NDim, last = dims == 0 ? 1 : x.Shape[dims - 1];
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
            for (int d = dims - 1; d >= 0; d--) (rest, coordinates[i * dims + d]) = Math.DivRem(rest, x.Shape[d]);
        }
        GC.KeepAlive(flat);
        return y;
    }
}
