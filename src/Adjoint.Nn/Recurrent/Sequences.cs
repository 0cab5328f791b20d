using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>Sequences of several lengths, padded to one or packed: PyTorch's <c>torch.nn.utils.rnn</c>.</summary>
public static class Sequences
{
    /// <summary>Packs sequences that were padded to one length.</summary>
    /// <param name="input">[T, N, …], with batchFirst [N, T, …].</param>
    /// <param name="lengths">The length of each sequence; at least 1 and at most T.</param>
    /// <param name="batchFirst">Whether the sequences are the first dimension.</param>
    /// <param name="enforceSorted">Whether the longest has to be the first; otherwise they are sorted.</param>
    /// <exception cref="ShapeException">The input has fewer than two dimensions, or other sequences than lengths.</exception>
    /// <exception cref="ArgumentException">A length is out of range, or they are not sorted.</exception>
    /// <example><code>
    /// Tensor padded = Tensor.Randn([4, 2, 3]);                                       // two sequences of up to four steps
    /// PackedSequence packed = Sequences.PackPaddedSequence(padded, [2, 4], enforceSorted: false);
    /// Shape rows = packed.Data.Shape;                                                // [6, 3]
    /// </code></example>
    [OverloadResolutionPriority(1)]      // an array is a tensor, too
    public static PackedSequence PackPaddedSequence(
        Tensor input, IReadOnlyList<int> lengths, bool batchFirst = false, bool enforceSorted = true)
    {
        const string Name = nameof(PackPaddedSequence);
        int[] each = [.. lengths.Given()];
        if (input.Given().NDim < 2)
            throw new ShapeException($"{Name}: input must have two dimensions at least, those of steps and sequences, but its shape is {input.Shape}.");
        Tensor x = batchFirst ? input.Transpose(0, 1) : input;
        (int steps, int count) = (x.Shape[0], x.Shape[1]);
        if (each.Length != count || count == 0)
            throw new ShapeException($"{Name}: input of shape {input.Shape} has {count} sequences, but lengths are {each.Length}.");
        foreach (int length in each)
            if (length < 1 || length > steps)
                throw new ArgumentException($"{Name}: lengths must be at least 1 and at most {steps}, but one is {length}.",
                    nameof(lengths));
        int[]? sorted = null;
        if (!enforceSorted)
        {
            sorted = [.. Enumerable.Range(0, count).OrderByDescending(i => each[i])];
            each = [.. sorted.Select(i => each[i])];
            x = PackedSequence.Chosen(x, sorted, 1);
        }
        else if (!each.SequenceEqual(each.OrderDescending()))
        {
            throw new ArgumentException(
                $"{Name}: lengths must be in order, the longest first, but are {string.Join(", ", each)}. "
                + "Pass enforceSorted: false to have them sorted.",
                nameof(lengths));
        }
        int[] batchSizes = [.. Enumerable.Range(0, each[0]).Select(t => each.Count(length => length > t))];
        return new PackedSequence(Tensor.Cat([.. batchSizes.Select((size, t) => x.Select(0, t).Narrow(0, 0, size))], 0), batchSizes,
            sorted);
    }

    /// <summary>Packs sequences that were padded to one length.</summary>
    /// <param name="input">[T, N, …], with batchFirst [N, T, …].</param>
    /// <param name="lengths">The length of each sequence [N], of an integer dtype; at least 1 and at most T.</param>
    /// <param name="batchFirst">Whether the sequences are the first dimension.</param>
    /// <param name="enforceSorted">Whether the longest has to be the first; otherwise they are sorted.</param>
    /// <exception cref="ShapeException">The input has fewer than two dimensions, or other sequences than lengths.</exception>
    /// <exception cref="ArgumentException">A length is out of range, or they are not sorted.</exception>
    /// <exception cref="DTypeException">The lengths are not integers.</exception>
    public static PackedSequence PackPaddedSequence(Tensor input, Tensor lengths, bool batchFirst = false, bool enforceSorted = true)
    {
        input.Given();
        if (lengths.Given().DType.Row.Kind != DTypeKind.Whole)
            throw new DTypeException($"{nameof(PackPaddedSequence)}: lengths must be of an integer dtype, but are {lengths.DType}.");
        if (lengths.NDim != 1)
            throw new ShapeException($"{nameof(PackPaddedSequence)}: lengths must be one for each sequence, but their shape is {lengths.Shape}.");
        return PackPaddedSequence(
            input, [.. lengths.To(DType.Int64).ToArray<long>().Select(n => (int)Math.Clamp(n, int.MinValue, int.MaxValue))], batchFirst,
            enforceSorted);
    }

    /// <summary>Pads packed sequences to one length, in the order before they were sorted.</summary>
    /// <param name="sequence">The sequences.</param>
    /// <param name="batchFirst">Whether the result is [N, T, …], and not [T, N, …].</param>
    /// <param name="paddingValue">What the rest holds; any number.</param>
    /// <param name="totalLength">T; at least the longest length, which it is by default.</param>
    /// <returns>The padded sequences, and the length of each.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A sequence is longer than the total length.</exception>
    public static (Tensor Padded, IReadOnlyList<int> Lengths) PadPackedSequence(
        PackedSequence sequence, bool batchFirst = false, double paddingValue = 0, int? totalLength = null)
    {
        IReadOnlyList<int> sizes = sequence.Given().BatchSizes;
        if (totalLength is { } least && least < sizes.Count)
            throw new ArgumentOutOfRangeException(
                nameof(totalLength), totalLength,
                $"{nameof(PadPackedSequence)}: totalLength must be at least the longest length, which is {sizes.Count}.");
        if ((long)(totalLength ?? 0) * sizes[0] > Array.MaxLength)
            throw new ArgumentOutOfRangeException(
                nameof(totalLength), totalLength, $"{nameof(PadPackedSequence)}: totalLength is more than a tensor of {sizes[0]} sequences holds.");
        // Each place of the result names the row that comes there, or one of padding after all rows.
        int steps = totalLength ?? sizes.Count, count = sizes[0], start = 0, rows = sequence.Data.Shape[0];
        IReadOnlyList<int>? unsorted = sequence.UnsortedIndices;
        var from = new long[checked(steps * count)];
        for (int t = 0; t < steps; t++)
        {
            int size = t < sizes.Count ? sizes[t] : 0;
            for (int i = 0; i < count; i++)
            {
                int place = unsorted is null ? i : unsorted[i];
                from[batchFirst ? i * steps + t : t * count + i] = place < size ? start + place : rows;
            }
            start += size;
        }
        int[] rest = sequence.Data.Shape.Sizes[1..].ToArray();
        Tensor padding = Tensor.Full(Shape.Of([1, .. rest]), paddingValue, sequence.Data.DType);
        Tensor padded = Tensor.Cat([sequence.Data, padding], 0).IndexSelect(0, Tensor.From(from));
        return (padded.Reshape(Shape.Of([batchFirst ? count : steps, batchFirst ? steps : count, .. rest])), sequence.Lengths);
    }

    /// <summary>Packs sequences [length, …].</summary>
    /// <param name="sequences">The sequences, one at least, of one shape but for their length, which is at least 1.</param>
    /// <param name="enforceSorted">Whether the longest has to be the first; otherwise they are sorted.</param>
    /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
    /// <exception cref="ArgumentException">There are no sequences, one is empty, or they are not sorted.</exception>
    public static PackedSequence PackSequence(IReadOnlyList<Tensor> sequences, bool enforceSorted = true)
    {
        Tensor padded = Padded(nameof(PackSequence), sequences, false, 0);
        if (sequences.Any(s => s.Shape[0] == 0))
            throw new ArgumentException($"{nameof(PackSequence)}: a sequence has no steps.", nameof(sequences));
        return PackPaddedSequence(padded, [.. sequences.Select(s => s.Shape[0])], false, enforceSorted);
    }

    /// <summary>Pads sequences [length, …] to the longest.</summary>
    /// <param name="sequences">The sequences, one at least, of one shape but for their length.</param>
    /// <param name="batchFirst">Whether the result is [N, T, …], and not [T, N, …].</param>
    /// <param name="paddingValue">What the rest holds; any number.</param>
    /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
    /// <exception cref="ArgumentException">There are no sequences.</exception>
    public static Tensor PadSequence(IReadOnlyList<Tensor> sequences, bool batchFirst = false, double paddingValue = 0) =>
        Padded(nameof(PadSequence), sequences, batchFirst, paddingValue);

    /// <summary>The sequences [length, …] of packed ones, in the order before they were sorted.</summary>
    /// <param name="sequence">The sequences.</param>
    public static IReadOnlyList<Tensor> UnpackSequence(PackedSequence sequence)
    {
        (Tensor padded, IReadOnlyList<int> lengths) = PadPackedSequence(sequence, batchFirst: true);
        return UnpadSequence(padded, lengths, batchFirst: true);
    }

    /// <summary>The sequences [length, …] that were padded to one length.</summary>
    /// <param name="paddedSequences">[T, N, …], with batchFirst [N, T, …].</param>
    /// <param name="lengths">The length of each; at least 0 and at most T.</param>
    /// <param name="batchFirst">Whether the sequences are the first dimension.</param>
    /// <exception cref="ShapeException">The input has fewer than two dimensions, or other sequences than lengths.</exception>
    /// <exception cref="ArgumentException">A length is out of range.</exception>
    public static IReadOnlyList<Tensor> UnpadSequence(Tensor paddedSequences, IReadOnlyList<int> lengths, bool batchFirst = false)
    {
        lengths.Given();
        if (paddedSequences.Given().NDim < 2)
            throw new ShapeException($"{nameof(UnpadSequence)}: paddedSequences must have two dimensions at least, but their shape is {paddedSequences.Shape}.");
        Tensor x = batchFirst ? paddedSequences : paddedSequences.Transpose(0, 1);
        if (x.Shape[0] != lengths.Count)
            throw new ShapeException(
                $"{nameof(UnpadSequence)}: paddedSequences of shape {paddedSequences.Shape} are {x.Shape[0]}, but lengths are {lengths.Count}.");
        foreach (int length in lengths)
            if (length < 0 || length > x.Shape[1])
                throw new ArgumentException(
                    $"{nameof(UnpadSequence)}: lengths must be at least 0 and at most {x.Shape[1]}, but one is {length}.", nameof(lengths));
        return [.. lengths.Select((length, i) => x.Select(0, i).Narrow(0, 0, length))];
    }

    private static Tensor Padded(string name, IReadOnlyList<Tensor> sequences, bool batchFirst, double paddingValue)
    {
        sequences.AllGiven();
        if (sequences.Count == 0) throw new ArgumentException($"{name}: sequences must be one at least.", nameof(sequences));
        foreach (Tensor s in sequences)
            if (s.NDim == 0 || !s.Shape.Sizes[1..].SequenceEqual(sequences[0].Shape.Sizes[1..]) || s.DType != sequences[0].DType)
                throw new ShapeException(
                    $"{name}: sequences must be [length, …] and of one dtype and one shape but for their length, but are {sequences[0].DType} {sequences[0].Shape} and {s.DType} {s.Shape}.");
        int steps = sequences.Max(s => s.Shape[0]);
        Tensor Filled(Tensor s)
        {
            Shape rest = Shape.Of([steps - s.Shape[0], .. s.Shape.Sizes[1..]]);
            return s.Shape[0] == steps ? s : Tensor.Cat([s, Tensor.Full(rest, paddingValue, s.DType)], 0);
        }
        return Tensor.Stack([.. sequences.Select(Filled)], batchFirst ? 0 : 1);
    }
}
