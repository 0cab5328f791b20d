using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Checks and conversions of index tensors and masks.</summary>
internal static class IndexTensors
{
    /// <summary>The index as contiguous Int64 with every place between 0 and size − 1.</summary>
    /// <param name="operation">The operation, for the message.</param>
    /// <param name="index">The index.</param>
    /// <param name="size">How many places there are.</param>
    /// <param name="dim">The dimension they are in, for the message.</param>
    /// <param name="wrap">Whether negative ones count from the end.</param>
    /// <exception cref="DTypeException">The index is not of integers.</exception>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    internal static Tensor Checked(string operation, Tensor index, int size, int dim, bool wrap)
    {
        if (!index.DType.Row.IsIndex)
            throw new DTypeException(
                $"{operation}: an index must be Int64 (or Int32), but is {index.DType}. Convert it with To(DType.Int64).");
        Here here = Here.Now;
        return Door.IsWatched(here)
            ? Door.Run(here, new CheckedPlacesOp(operation, size, dim, wrap), index) : Wrapped(operation, index, size, dim, wrap);
    }

    /// <summary>As <see cref="Checked"/>, behind the door.</summary>
    internal static Tensor Wrapped(string operation, Tensor index, int size, int dim, bool wrap)
    {
        Tensor places = Elements.ToContiguous(Binary.Operand(index, DType.Int64));
        using var memory = new Loan();
        if (Places.FirstOutside(memory.Of<long>(places), size) < 0) return places;
        if (PlaceLists.Outside(memory.Of<long>(places), wrap ? -size : 0, size) is { } place)
            throw new TensorIndexException($"{operation}: index {place} is out of range for dimension {dim} of size {size}.");
        places = Elements.Copy(places);
        PlaceLists.Wrap(memory.Of<long>(places), size);
        return places;
    }

    /// <summary>An index in the place of another: of the same shape, contiguous Int64.</summary>
    /// <exception cref="TensorIndexException">It is something else.</exception>
    internal static Tensor Like(Tensor index, Tensor before)
    {
        if (index.DType != before.DType || !index.Shape.Equals(before.Shape))
            throw new TensorIndexException(
                $"An index of dtype {before.DType} and shape {before.Shape} is needed, but {index.DType} {index.Shape} was given.");
        return Elements.ToContiguous(index);
    }

    /// <summary>Checks places that come from elsewhere.</summary>
    /// <exception cref="TensorIndexException">One does not exist.</exception>
    internal static void RequireInside(Tensor places, int size)
    {
        using var memory = new Loan();
        if (Places.FirstOutside(memory.Of<long>(places), size) < 0) return;
        if (PlaceLists.Outside(memory.Of<long>(places), 0, size) is { } place)
            throw new TensorIndexException($"Index {place} is out of range for {size} places.");
    }

    /// <summary>Checks that an index (or a mask) is what it was when the operation ran.</summary>
    /// <exception cref="VersionException">It was changed in place since.</exception>
    internal static Tensor Unchanged(string node, Tensor index, int version) => index.ChangeCount == version ? index
        : throw new VersionException(
            $"{node}: the index that it needs for its gradient was changed in place: the {index.DType} tensor of shape {index.Shape} is "
            + $"at version {index.ChangeCount}, but version {version} was saved. Change a Clone() instead.");

    /// <summary>The places of the flattened tensor whose elements are not zero.</summary>
    internal static Tensor True(Tensor mask) => Door.Run(new TrueOp(), mask);

    /// <summary>The slices along a dimension, each several times in a row.</summary>
    internal static Tensor RepeatInterleave(Tensor x, int repeats, int dim)
    {
        if (repeats < 0)
            throw new ArgumentOutOfRangeException(
                nameof(repeats), repeats, $"RepeatInterleave: a slice cannot be repeated {repeats} times.");
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        long[] result = [.. x.Shape];
        if (x.NDim > 0) result[d] = (long)size * repeats;
        int count = x.NDim > 0 ? Shape.Computed(result)[d] : repeats;
        Tensor places = Tensor.Outside([count], DType.Int64);
        using (var memory = new Loan()) PlaceLists.Repeat(size, repeats, memory.Of<long>(places));
        return x.IndexSelect(dim, places);
    }

    /// <summary>The places whose elements are not zero, [count, dimensions].</summary>
    internal static Tensor NonZero(Tensor x) => Door.Run(new NonZeroOp(), x);

    /// <summary>The indices with each mask replaced by one index for every dimension that it masks.</summary>
    internal static List<Tensor?> WithoutMasks(Shape shape, IReadOnlyList<Tensor?> indices)
    {
        var all = new List<Tensor?>();
        foreach (Tensor? index in indices)
        {
            if (index is null || !index.DType.Row.IsMask)
            {
                all.Add(index);
                continue;
            }
            int at = all.Count;
            bool fits = index.NDim > 0 && at + index.NDim <= shape.NDim;
            for (int d = 0; fits && d < index.NDim; d++) fits = index.Shape[d] == shape[at + d];
            if (!fits)
                throw new TensorIndexException(
                    $"Index: the mask of shape {index.Shape} at dimension {at} does not match the indexed tensor of shape {shape}.");
            Tensor coordinates = NonZero(index);
            for (int d = 0; d < index.NDim; d++) all.Add(coordinates.Select(1, d));
        }
        if (all.Count > shape.NDim)
            throw new TensorIndexException($"Index: {all.Count} indices are too many for the {shape.NDim} dimensions of shape {shape}.");
        return all;
    }
}

/// <summary>
/// The index as places: checked, negative ones counted from the end; always with memory of its own, whatever the values are.
/// </summary>
internal readonly struct CheckedPlacesOp(string operation, int size, int dim, bool wrap) : ITensorOperation, IByHand
{
    public string Name => "checked_index";

    public void Describe(OpAttributes to)
    {
        to.Add("of", operation);
        to.Add("size", size);
        to.Add("dim", dim);
        to.Add("wrap", wrap);
    }

    public void Write(Hand hand)
    {
        (int places, bool wraps) = (size, wrap);
        hand.Each(e => hand.Store(e[1], HandIndex.Checked(hand, hand.Element(e[0]), places, wraps)), hand.Input(0), hand.Result);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> index)
    {
        Tensor places = IndexTensors.Wrapped(operation, index[0]!, size, dim, wrap);
        return places.SharesStorageWith(index[0]!) ? Elements.Copy(places) : places;
    }
}
