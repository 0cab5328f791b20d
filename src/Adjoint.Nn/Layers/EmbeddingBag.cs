namespace Adjoint.Nn;

/// <summary>What the vectors of a bag become: PyTorch's <c>mode</c>.</summary>
public enum EmbeddingBagMode
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest of each place.</summary>
    Max,
}

/// <summary>A table of vectors, of which those of each bag of numbers are added up, averaged, or the largest of each place taken.</summary>
public sealed class EmbeddingBag : Module
{
    private readonly EmbeddingBagMode _mode;
    private readonly bool _includeLastOffset;
    private readonly int? _paddingIdx;

    /// <summary>Makes the table and draws it.</summary>
    /// <param name="numEmbeddings">How many vectors; at least 0.</param>
    /// <param name="embeddingDim">The size of each; at least 0.</param>
    /// <param name="mode">What becomes of the vectors of a bag.</param>
    /// <param name="includeLastOffset">Whether the last offset is the end of the last bag.</param>
    /// <param name="paddingIdx">A vector that is zero at first and counts in no bag; negative numbers count from the end.</param>
    /// <param name="dtype">The dtype of the vectors.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    public EmbeddingBag(
        int numEmbeddings, int embeddingDim, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool includeLastOffset = false,
        int? paddingIdx = null, DType dtype = DType.Float32, Generator? generator = null)
    {
        (NumEmbeddings, EmbeddingDim) = (numEmbeddings.AtLeast(0), embeddingDim.AtLeast(0));
        (_mode, _includeLastOffset) = (mode.Known(), includeLastOffset);
        _paddingIdx = EmbeddingOp.Padding("EmbeddingBag", paddingIdx, numEmbeddings);
        Weight = Tensor.Empty([numEmbeddings, embeddingDim], dtype).AsParameter();
        Init.Normal(Weight, generator: generator);
        using Unrecorded _ = Unrecorded.Begin();
        if (_paddingIdx is { } padding) Weight.Select(0, padding).FillInPlace(0);
    }

    /// <summary>How many vectors; at least 0.</summary>
    public int NumEmbeddings { get; }

    /// <summary>The size of each vector.</summary>
    public int EmbeddingDim { get; }

    /// <summary>The vectors [numEmbeddings, embeddingDim].</summary>
    /// <exception cref="SlotException">Assigned what is no parameter: use <c>AsParameter()</c>, or change the values in place.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor Weight
    {
        get => Parametrized(field);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = ParameterSlot(field, value, [NumEmbeddings, EmbeddingDim]);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        F.EmbeddingBag(input, Weight, null, _mode, null, _includeLastOffset, _paddingIdx);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor other) =>
        F.EmbeddingBag(input, Weight, other, _mode, null, _includeLastOffset, _paddingIdx);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"{NumEmbeddings}, {EmbeddingDim}, mode={PythonText.Of(_mode)}{(_paddingIdx is { } index ? $", padding_idx={index}" : "")}";
}

public static partial class F
{
    /// <summary>
    /// One row for each bag of numbers: the rows of <paramref name="weight"/> with these numbers added up, averaged, or the largest of each
    /// place. A bag without numbers is 0.
    /// </summary>
    /// <param name="input">Int64 or Int32 numbers: a matrix with a bag in each row, or a vector cut by <paramref name="offsets"/>.</param>
    /// <param name="weight">[numEmbeddings, embeddingDim].</param>
    /// <param name="offsets">Where each bag of a vector begins: in order, the first at 0.</param>
    /// <param name="mode">What becomes of the rows of a bag.</param>
    /// <param name="perSampleWeights">A factor of each row, in the shape of the numbers; for sums.</param>
    /// <param name="includeLastOffset">Whether the last offset is the end of the last bag.</param>
    /// <param name="paddingIdx">A row that counts in no bag; negative numbers count from the end.</param>
    /// <exception cref="ArgumentException">Offsets are given for a matrix, or none for a vector; factors without a sum.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The padding index is no row.</exception>
    /// <exception cref="DTypeException">The numbers are not integers.</exception>
    /// <exception cref="ShapeException">Shapes do not fit, or the offsets are not in order.</exception>
    /// <exception cref="TensorIndexException">There is no such row.</exception>
    public static Tensor EmbeddingBag(Tensor input, Tensor weight, Tensor? offsets = null, EmbeddingBagMode mode = EmbeddingBagMode.Mean,
        Tensor? perSampleWeights = null, bool includeLastOffset = false, int? paddingIdx = null)
    {
        Bags bags = Bags.Of(input.Given(), weight.Given(), offsets, includeLastOffset);
        if (perSampleWeights is not null && mode.Known() != EmbeddingBagMode.Sum)
            throw new ArgumentException($"EmbeddingBag: factors are for sums, but the mode is {mode}.", nameof(perSampleWeights));
        if (perSampleWeights is not null && !perSampleWeights.Shape.Equals(input.Shape))
            throw new ShapeException(
                $"EmbeddingBag: the factors of shape {perSampleWeights.Shape} must have the shape {input.Shape} of the numbers.");
        int rows = weight.Shape[0];
        int? padding = EmbeddingOp.Padding("EmbeddingBag", paddingIdx, rows);
        try
        {
            return bags.Combined(weight, mode.Known(), perSampleWeights?.Flatten(), padding);
        }
        catch (TensorException e) when (e.IsOf(nameof(EmbeddingBag)))
        {
            throw;
        }
    }
}

/// <summary>Numbers in a row, and the bag of each.</summary>
internal readonly struct Bags(Tensor numbers, Tensor bags, int count)
{
    internal static Bags Of(Tensor input, Tensor weight, Tensor? offsets, bool includeLast)
    {
        if (!input.DType.Row.IsIndex)
            throw new DTypeException(
                $"EmbeddingBag: the numbers must be Int64 or Int32, but they are {input.DType}. Convert with To(DType.Int64).");
        if (weight.NDim != 2) throw new ShapeException($"EmbeddingBag: the weight must be a matrix, but its shape is {weight.Shape}.");
        if (input.NDim == 2)
        {
            if (offsets is not null)
                throw new ArgumentException("EmbeddingBag: the rows of a matrix are bags; offsets cut a vector.", nameof(offsets));
            int rows = input.Shape[0];
            return new Bags(input.Flatten(), Tensor.Arange(rows).To(DType.Int64).Unsqueeze(1).Expand(input.Shape).Flatten(), rows);
        }
        if (input.NDim != 1)
            throw new ShapeException($"EmbeddingBag: the numbers must be a vector or a matrix, but have shape {input.Shape}.");
        if (offsets is null)
            throw new ArgumentException("EmbeddingBag: a vector of numbers needs offsets, where each bag begins.", nameof(offsets));
        if (offsets.NDim != 1 || !offsets.DType.Row.IsIndex || (includeLast && offsets.NumEl == 0))
            throw new ShapeException($"EmbeddingBag: the offsets must be a vector of integers, but are {offsets.DType} {offsets.Shape}.");
        int count = offsets.NumEl - (includeLast ? 1 : 0);
        long[] starts = offsets.To(DType.Int64).ToArray<long>();
        for (int i = 0; i < starts.Length; i++)
        {
            if (starts[i] < (i == 0 ? 0 : starts[i - 1]) || starts[i] > input.NumEl || (i == 0 && starts[i] != 0))
                throw new ShapeException($"EmbeddingBag: offset {i} is {starts[i]}; they begin with 0 and rise to at most {input.NumEl}.");
        }
        // Of several bags that begin at one place all but the last are empty.
        Tensor places = Tensor.Arange(input.NumEl).To(DType.Int64);
        Tensor bags = Tensor.From(starts[..count]).SearchSorted(places, right: true) - 1;
        int end = includeLast ? (int)starts[^1] : input.NumEl;
        return new Bags(input.Narrow(0, 0, end), bags.Narrow(0, 0, end), count);
    }

    internal Tensor Combined(Tensor weight, EmbeddingBagMode mode, Tensor? factors, int? padding)
    {
        (Tensor rows, Tensor bag) = (numbers, bags);
        factors = factors?.Narrow(0, 0, rows.NumEl);
        if (padding is { } left)
        {
            Tensor kept = rows.Ne(left).NonZero().Flatten();
            (rows, bag, factors) = (rows.IndexSelect(0, kept), bag.IndexSelect(0, kept), factors?.IndexSelect(0, kept));
        }
        Tensor vectors = F.Embedding(rows, weight), empty = Tensor.Zeros([count, weight.Shape[1]], weight.DType);
        if (count == 0) return empty + vectors.Sum() * 0;
        if (factors is not null) vectors *= factors.Unsqueeze(1);
        if (mode == EmbeddingBagMode.Max) return empty.IndexReduce(0, bag, vectors, ScatterReduction.Amax, includeSelf: false);
        Tensor sums = empty.IndexAdd(0, bag, vectors);
        if (mode == EmbeddingBagMode.Sum) return sums;
        Tensor sizes = Tensor.Zeros([count], weight.DType).IndexAdd(0, bag, Tensor.Ones([rows.NumEl], weight.DType));
        return sums / sizes.ClampMin(1).Unsqueeze(1);
    }
}
