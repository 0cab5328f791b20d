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

/// <summary>A table of vectors, of which those of each bag of numbers are added up, averaged, or the largest of each place
/// taken.</summary>
public sealed class EmbeddingBag : Module
{
    private readonly EmbeddingBagMode _mode;
    private readonly bool _includeLastOffset;
    private readonly int? _paddingIdx;
    private readonly double? _maxNorm;
    private readonly double _normType;
    private readonly bool _scaleGradByFreq;

    /// <summary>Makes the table and draws it.</summary>
    /// <param name="numEmbeddings">How many vectors; at least 0.</param>
    /// <param name="embeddingDim">The size of each; at least 0.</param>
    /// <param name="mode">What becomes of the vectors of a bag.</param>
    /// <param name="includeLastOffset">Whether the last offset is the end of the last bag.</param>
    /// <param name="paddingIdx">A vector that is zero at first and counts in no bag; negative numbers count from the end.</param>
    /// <param name="dtype">The dtype of the vectors.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <param name="maxNorm">The largest norm of a vector: longer ones are shortened, in the table, when they are looked up; at least 0
    /// and finite.</param>
    /// <param name="normType">The p of that norm; above 0.</param>
    /// <param name="scaleGradByFreq">Whether the gradient of a vector is divided by how often it was looked up; not of the largest
    /// elements.</param>
    public EmbeddingBag(
        int numEmbeddings, int embeddingDim, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool includeLastOffset = false,
        int? paddingIdx = null, DType dtype = DType.Float32, Generator? generator = null, double? maxNorm = null, double normType = 2,
        bool scaleGradByFreq = false)
    {
        (NumEmbeddings, EmbeddingDim) = (numEmbeddings.AtLeast(0), embeddingDim.AtLeast(0));
        (_mode, _includeLastOffset) = (mode.Known(), includeLastOffset);
        (_maxNorm, _normType, _scaleGradByFreq) = (maxNorm?.In(Interval.NotNegative), normType.In(Interval.Positive), scaleGradByFreq);
        Bags.CheckFrequency(mode, scaleGradByFreq);
        _paddingIdx = EmbeddingOp.Padding("EmbeddingBag", paddingIdx, numEmbeddings);
        Weight = Tensor.Empty([numEmbeddings, embeddingDim], dtype).AsParameter();
        Init.Normal(Weight, generator: generator);
        using Unrecorded _ = Unrecorded.Begin();
        if (_paddingIdx is { } padding) Weight.Select(0, padding).FillInPlace(0);
    }

    private EmbeddingBag(Tensor vectors, bool freeze, EmbeddingBagMode mode, bool includeLastOffset, int? paddingIdx, double? maxNorm,
        double normType, bool scaleGradByFreq)
    {
        (NumEmbeddings, EmbeddingDim) = (vectors.Shape[0], vectors.Shape[1]);
        (_mode, _includeLastOffset) = (mode.Known(), includeLastOffset);
        (_maxNorm, _normType, _scaleGradByFreq) = (maxNorm?.In(Interval.NotNegative), normType.In(Interval.Positive), scaleGradByFreq);
        Bags.CheckFrequency(mode, scaleGradByFreq);
        _paddingIdx = EmbeddingOp.Padding("EmbeddingBag", paddingIdx, NumEmbeddings);
        Weight = vectors.AsParameter(requiresGrad: !freeze);
    }

    /// <summary>A layer over vectors that are there already, in their memory: PyTorch's from_pretrained.</summary>
    /// <param name="embeddings">The vectors [numEmbeddings, embeddingDim].</param>
    /// <param name="freeze">Whether they are not trained.</param>
    /// <param name="mode">What becomes of the vectors of a bag.</param>
    /// <param name="includeLastOffset">Whether the last offset is the end of the last bag.</param>
    /// <param name="paddingIdx">A vector that counts in no bag; negative numbers count from the end.</param>
    /// <param name="maxNorm">The largest norm of a vector; at least 0 and finite.</param>
    /// <param name="normType">The p of that norm; above 0.</param>
    /// <param name="scaleGradByFreq">Whether the gradient of a vector is divided by how often it was looked up.</param>
    /// <exception cref="ShapeException">The vectors are no matrix.</exception>
    /// <exception cref="DTypeException">The vectors are to be trained, and are not of floating point.</exception>
    /// <exception cref="ArgumentException">A number is out of its range, or gradients of largest elements are to be divided.</exception>
    public static EmbeddingBag FromPretrained(
        Tensor embeddings, bool freeze = true, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool includeLastOffset = false,
        int? paddingIdx = null, double? maxNorm = null, double normType = 2, bool scaleGradByFreq = false) =>
        embeddings.Given().NDim == 2
            ? new(embeddings, freeze, mode, includeLastOffset, paddingIdx, maxNorm, normType, scaleGradByFreq)
            : throw new ShapeException($"EmbeddingBag.FromPretrained: the vectors must be a matrix, but their shape is {embeddings.Shape}.");

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

    /// <summary>
    /// A row for each bag, with a factor for each number: PyTorch's call with <c>per_sample_weights</c>.
    /// </summary>
    /// <param name="input">Int64 or Int32 numbers: a matrix with a bag in each row, or a vector cut by <paramref name="offsets"/>.</param>
    /// <param name="offsets">Where each bag of a vector begins: in order, the first at 0; null for a matrix.</param>
    /// <param name="perSampleWeights">A factor of each row, in the shape of the numbers; the mode must be a sum. Null for none.</param>
    /// <exception cref="ArgumentException">Offsets are given for a matrix, or none for a vector; or the mode is no sum.</exception>
    /// <exception cref="ShapeException">Shapes do not fit, or the offsets are not in order.</exception>
    /// <exception cref="TensorIndexException">There is no such row.</exception>
    public Tensor Weighted(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
    {
        Tensor[] given = [.. ((Tensor?[])[input.Given(), offsets, perSampleWeights]).OfType<Tensor>()];
        return CallAs(x => Bagged(x[0], offsets is null ? null : x[1], perSampleWeights is null ? null : x[^1]), given);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Bagged(input, null, null);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor other) => Bagged(input, other, null);

    private Tensor Bagged(Tensor input, Tensor? offsets, Tensor? perSampleWeights) => F.EmbeddingBag(
        input, Weight, offsets, _mode, perSampleWeights, _includeLastOffset, _paddingIdx, _maxNorm, _normType, _scaleGradByFreq);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"{NumEmbeddings}, {EmbeddingDim}, mode={PythonText.Of(_mode)}{(_paddingIdx is { } index ? $", padding_idx={index}" : "")}"
        + EmbeddingNorms.Text(_maxNorm, _normType, _scaleGradByFreq);
}

public static partial class F
{
    /// <summary>
    /// One row for each bag of numbers: the rows of <paramref name="weight"/> with these numbers added up, averaged, or the largest of
    /// each place. A bag without numbers is 0.
    /// </summary>
    /// <param name="input">Int64 or Int32 numbers: a matrix with a bag in each row, or a vector cut by <paramref name="offsets"/>.</param>
    /// <param name="weight">[numEmbeddings, embeddingDim].</param>
    /// <param name="offsets">Where each bag of a vector begins: in order, the first at 0.</param>
    /// <param name="mode">What becomes of the rows of a bag.</param>
    /// <param name="perSampleWeights">A factor of each row, in the shape of the numbers; for sums.</param>
    /// <param name="includeLastOffset">Whether the last offset is the end of the last bag.</param>
    /// <param name="paddingIdx">A row that counts in no bag; negative numbers count from the end.</param>
    /// <param name="maxNorm">The largest norm of a row: longer ones are shortened first, in the weight, without a gradient; at least 0 and
    /// finite.</param>
    /// <param name="normType">The p of that norm; above 0.</param>
    /// <param name="scaleGradByFreq">Whether the gradient of a row is divided by how often its number occurs; not of the largest
    /// elements.</param>
    /// <exception cref="ArgumentException">Offsets are given for a matrix, or none for a vector; factors without a sum; gradients of
    /// largest elements are to be divided.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The padding index is no row.</exception>
    /// <exception cref="DTypeException">The numbers are not integers.</exception>
    /// <exception cref="ShapeException">Shapes do not fit, or the offsets are not in order.</exception>
    /// <exception cref="TensorIndexException">There is no such row.</exception>
    public static Tensor EmbeddingBag(Tensor input, Tensor weight, Tensor? offsets = null, EmbeddingBagMode mode = EmbeddingBagMode.Mean,
        Tensor? perSampleWeights = null, bool includeLastOffset = false, int? paddingIdx = null, double? maxNorm = null,
        double normType = 2,
        bool scaleGradByFreq = false)
    {
        normType.In(Interval.Positive);
        Bags bags = Bags.Of(input.Given(), weight.Given(), offsets, includeLastOffset);
        if (perSampleWeights is not null && mode.Known() != EmbeddingBagMode.Sum)
            throw new ArgumentException($"EmbeddingBag: factors are for sums, but the mode is {mode}.", nameof(perSampleWeights));
        if (perSampleWeights is not null && !perSampleWeights.Shape.Equals(input.Shape))
            throw new ShapeException(
                $"EmbeddingBag: the factors of shape {perSampleWeights.Shape} must have the shape {input.Shape} of the numbers.");
        int rows = weight.Shape[0];
        int? padding = EmbeddingOp.Padding("EmbeddingBag", paddingIdx, rows);
        Bags.CheckFrequency(mode, scaleGradByFreq);
        double? most = maxNorm?.In(Interval.NotNegative, nameof(maxNorm));
        try
        {
            return bags.Combined(weight, mode.Known(), perSampleWeights?.Flatten(), padding, most, normType, scaleGradByFreq);
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
        HostAccess.Read("EmbeddingBag");
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

    internal static void CheckFrequency(EmbeddingBagMode mode, bool scaleGradByFreq)
    {
        if (scaleGradByFreq && mode == EmbeddingBagMode.Max)
            throw new ArgumentException(
                "EmbeddingBag: gradients of the largest elements are not divided by how often rows occur.", nameof(scaleGradByFreq));
    }

    internal Tensor Combined(
        Tensor weight, EmbeddingBagMode mode, Tensor? factors, int? padding, double? maxNorm, double normType, bool scaleGradByFreq)
    {
        (Tensor rows, Tensor bag) = (numbers, bags);
        factors = factors?.Narrow(0, 0, rows.NumEl);
        if (padding is { } left)
        {
            Tensor kept = rows.Ne(left).NonZero().Flatten();
            (rows, bag, factors) = (rows.IndexSelect(0, kept), bag.IndexSelect(0, kept), factors?.IndexSelect(0, kept));
        }
        Tensor vectors = F.Embedding(rows, weight, null, maxNorm, normType, scaleGradByFreq);
        Tensor empty = Tensor.Zeros([count, weight.Shape[1]], weight.DType);
        if (count == 0) return empty + vectors.Sum() * 0;
        if (factors is not null) vectors *= factors.Unsqueeze(1);
        if (mode == EmbeddingBagMode.Max) return empty.IndexReduce(0, bag, vectors, ScatterReduction.Amax, includeSelf: false);
        Tensor sums = empty.IndexAdd(0, bag, vectors);
        if (mode == EmbeddingBagMode.Sum) return sums;
        Tensor sizes = Tensor.Zeros([count], weight.DType).IndexAdd(0, bag, Tensor.Ones([rows.NumEl], weight.DType));
        return sums / sizes.ClampMin(1).Unsqueeze(1);
    }
}
