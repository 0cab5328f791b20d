using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>A table of vectors that are looked up by their numbers; normally distributed at first.</summary>
public sealed class Embedding : Module
{
    private readonly int? _paddingIdx;
    private readonly double? _maxNorm;
    private readonly double _normType;
    private readonly bool _scaleGradByFreq;

    /// <summary>Makes the table and draws it.</summary>
    /// <param name="numEmbeddings">How many vectors; at least 0.</param>
    /// <param name="embeddingDim">The size of each; at least 0.</param>
    /// <param name="paddingIdx">A vector that is zero at first and is never trained; negative numbers count from the end.</param>
    /// <param name="dtype">The dtype of the vectors.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <param name="maxNorm">The largest norm of a vector: longer ones are shortened, in the table, when they are looked up; at least 0
    /// and finite.</param>
    /// <param name="normType">The p of that norm; above 0.</param>
    /// <param name="scaleGradByFreq">Whether the gradient of a vector is divided by how often it was looked up.</param>
    public Embedding(
        int numEmbeddings, int embeddingDim, int? paddingIdx = null, DType dtype = DType.Float32, Generator? generator = null,
        double? maxNorm = null, double normType = 2, bool scaleGradByFreq = false)
    {
        (NumEmbeddings, EmbeddingDim) = (numEmbeddings.AtLeast(0), embeddingDim.AtLeast(0));
        _paddingIdx = EmbeddingOp.Padding("Embedding", paddingIdx, numEmbeddings);
        (_maxNorm, _normType, _scaleGradByFreq) = (maxNorm?.In(Interval.NotNegative), normType.In(Interval.Positive), scaleGradByFreq);
        Weight = Tensor.Empty([numEmbeddings, embeddingDim], dtype).AsParameter();
        Init.Normal(Weight, generator: generator);
        using Unrecorded _ = Unrecorded.Begin();
        if (_paddingIdx is { } padding) Weight.Select(0, padding).FillInPlace(0);
    }

    private Embedding(Tensor vectors, bool freeze, int? paddingIdx, double? maxNorm, double normType, bool scaleGradByFreq)
    {
        (NumEmbeddings, EmbeddingDim) = (vectors.Shape[0], vectors.Shape[1]);
        _paddingIdx = EmbeddingOp.Padding("Embedding", paddingIdx, NumEmbeddings);
        (_maxNorm, _normType, _scaleGradByFreq) = (maxNorm?.In(Interval.NotNegative), normType.In(Interval.Positive), scaleGradByFreq);
        Weight = vectors.AsParameter(requiresGrad: !freeze);
    }

    /// <summary>A layer over vectors that are there already, in their memory: PyTorch's from_pretrained.</summary>
    /// <param name="embeddings">The vectors [numEmbeddings, embeddingDim].</param>
    /// <param name="freeze">Whether they are not trained.</param>
    /// <param name="paddingIdx">A vector that is never trained; negative numbers count from the end.</param>
    /// <param name="maxNorm">The largest norm of a vector; at least 0 and finite.</param>
    /// <param name="normType">The p of that norm; above 0.</param>
    /// <param name="scaleGradByFreq">Whether the gradient of a vector is divided by how often it was looked up.</param>
    /// <exception cref="ShapeException">The vectors are no matrix.</exception>
    /// <exception cref="DTypeException">The vectors are to be trained, and are not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The padding index is no vector, or a number is out of its range.</exception>
    public static Embedding FromPretrained(
        Tensor embeddings, bool freeze = true, int? paddingIdx = null, double? maxNorm = null, double normType = 2,
        bool scaleGradByFreq = false) =>
        embeddings.Given().NDim == 2 ? new(embeddings, freeze, paddingIdx, maxNorm, normType, scaleGradByFreq)
        : throw new ShapeException($"Embedding.FromPretrained: the vectors must be a matrix, but their shape is {embeddings.Shape}.");

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
        F.Embedding(input, Weight, _paddingIdx, _maxNorm, _normType, _scaleGradByFreq);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"{NumEmbeddings}, {EmbeddingDim}{(_paddingIdx is { } index ? $", padding_idx={index}" : "")}"
        + EmbeddingNorms.Text(_maxNorm, _normType, _scaleGradByFreq);
}

public static partial class F
{
    /// <summary>
    /// The rows of <paramref name="weight"/> with the numbers in <paramref name="input"/>; rows that occur several times collect their
    /// gradients.
    /// </summary>
    /// <param name="input">Int64 or Int32 numbers of any shape.</param>
    /// <param name="weight">[numEmbeddings, embeddingDim].</param>
    /// <param name="paddingIdx">A row that gets no gradient; negative numbers count from the end.</param>
    /// <param name="maxNorm">The largest norm of a row: longer ones are shortened first, in the weight, without a gradient; at least 0 and
    /// finite.</param>
    /// <param name="normType">The p of that norm; above 0.</param>
    /// <param name="scaleGradByFreq">Whether the gradient of a row is divided by how often its number occurs.</param>
    /// <exception cref="ArgumentOutOfRangeException">The padding index is no row, or a number is out of its range.</exception>
    /// <exception cref="DTypeException">The numbers are not integers.</exception>
    /// <exception cref="TensorIndexException">There is no such row.</exception>
    public static Tensor Embedding(
        Tensor input, Tensor weight, int? paddingIdx = null, double? maxNorm = null, double normType = 2, bool scaleGradByFreq = false)
    {
        input.Given();
        weight.Given();
        normType.In(Interval.Positive);
        if (!input.DType.Row.IsIndex)
            throw new DTypeException(
                $"Embedding: the indices must be Int64 or Int32, but they are {input.DType}. Convert with To(DType.Int64).");
        if (weight.NDim != 2)
            throw new ShapeException($"Embedding: the weight must be a matrix, but its shape is {weight.Shape}.");
        int? padding = EmbeddingOp.Padding("Embedding", paddingIdx, weight.Shape[0]);
        var rows = new EmbeddingRows(input, weight.Shape[0]);
        if (maxNorm is { } most) EmbeddingNorms.Limit("Embedding", weight, input, most.In(Interval.NotNegative, nameof(maxNorm)), normType);
        return Adjoint.Linear.Apply(new EmbeddingOp(rows, padding, scaleGradByFreq), weight);
    }
}

/// <summary>y = the rows of W that were asked for; its transpose adds the gradient of each to its row, except to the padding
/// row.</summary>
internal readonly struct EmbeddingOp(EmbeddingRows rows, int? padding, bool scaled = false) : ILinearInto, IHolder<EmbeddingOp>, IByHand
{
    public IReadOnlyList<Tensor> Held => [rows.Held];

    public EmbeddingOp Holding(IReadOnlyList<Tensor> held) => new(rows.Holding(held[0]), padding, scaled);

    public void Describe(OpAttributes to)
    {
        to.Add("padding_idx", padding);
        to.Add("scale_grad_by_freq", scaled);
    }

    public string NodeName => "EmbeddingBackward0";

    /// <summary>The padding row counted from the start.</summary>
    internal static int? Padding(string operation, int? index, int rows)
    {
        if (index is { } row && (row < -rows || row >= rows))
            throw new ArgumentOutOfRangeException(
                "paddingIdx", row, $"{operation}: the padding index must be one of the {rows} vectors, −{rows} to {rows - 1}.");
        return index < 0 ? index + rows : index;
    }

    public Tensor Forward(Tensor weight)
    {
        Tensor source = Elements.ToContiguous(weight);
        Tensor y = Tensor.Uninitialized([.. rows.Places.Sizes, weight.Shape[1]], weight.DType);
        var work = new Work(rows.Numbers, null, source, y);
        Dispatch.Moving(weight.DType, ref work);
        return y;
    }

    public bool KeepsNumbers => false;

    public bool IsPlain => false;

    public bool GoesInto(GraphOperation call) => EmbeddingRows.ArePlain(call);

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y)
    {
        var work = new Work([], x[1]!, x[0]!, y);
        Dispatch.Moving(y.DType, ref work);
    }

    public Tensor Apply(Tensor weight) => Adjoint.Linear.Apply(this, weight);

    public void Write(Hand hand)
    {
        HandTensor weight = hand.Input(0), index = hand.Input(1), y = hand.Result;
        hand.Over(index.Shape.NDim, e =>
        {
            hand.Line($"int place = (int){HandIndex.Checked(hand, hand.Element(e[0]), weight.Shape[0], wrap: false)};");
            hand.Copy(weight.At("place"), e[1]);
        }, index, y);
    }

    public Tensor Transpose(Tensor g, TensorFacts weight) => Adjoint.Linear.Apply(
        new EmbeddingTransposeOp(rows, padding, weight.Shape), scaled ? g * rows.Shares(weight.Shape[0], g.DType) : g);

    // The rows that were read, or those of an index.
    private readonly struct Work(long[] rows, Tensor? index, Tensor weight, Tensor y) : IMovingWork
    {
        public void Run<T>() where T : unmanaged
        {
            using var memory = new Loan();
            if (index is not null) EmbeddingRows.Check(memory.Of<long>(index), weight.Shape[0]);
            Slices.Gather<T>(
                memory.Of<T>(weight), 1, weight.Shape[0], weight.Shape[1], index is null ? rows : memory.Of<long>(index), memory.Of<T>(y));
        }
    }
}

/// <summary>The transpose of <see cref="EmbeddingOp"/>, whose own transpose is that again.</summary>
internal readonly struct EmbeddingTransposeOp(EmbeddingRows rows, int? padding, Shape shape) : ILinearInto,
    IHolder<EmbeddingTransposeOp>, IByHand
{
    public IReadOnlyList<Tensor> Held => [rows.Held];

    public EmbeddingTransposeOp Holding(IReadOnlyList<Tensor> held) => new(rows.Holding(held[0]), padding, shape);

    public void Describe(OpAttributes to)
    {
        to.Add("padding_idx", padding);
        to.Add("size", shape);
    }

    public string NodeName => "EmbeddingDenseBackwardBackward0";

    public Tensor Forward(Tensor g)
    {
        Tensor source = Elements.ToContiguous(g), sum = Tensor.Zeros(shape, g.DType);
        var work = new Work(this, source, null, sum);
        Dispatch.Floating(g.DType, "Embedding", ref work);
        return sum;
    }

    public bool KeepsNumbers => false;

    public bool IsPlain => false;

    public bool GoesInto(GraphOperation call) => EmbeddingRows.ArePlain(call);

    public void ForwardInto(ReadOnlySpan<Tensor?> g, Tensor sum)
    {
        Elements.Clear(sum);
        var work = new Work(this, g[0]!, g[1]!, sum);
        Dispatch.Floating(sum.DType, "Embedding", ref work);
    }

    public Tensor Apply(Tensor g) => Adjoint.Linear.Apply(this, g);

    public void Write(Hand hand)
    {
        HandTensor g = hand.Input(0), index = hand.Input(1), sum = hand.Result;
        int? left = padding;
        hand.Over(index.Shape.NDim, e =>
        {
            hand.Line($"int place = (int){HandIndex.Checked(hand, hand.Element(e[0]), sum.Shape[0], wrap: false)};");
            if (left is { } row) hand.Block($"if (place != {row})", () => hand.Add(e[1], sum.At("place")));
            else hand.Add(e[1], sum.At("place"));
        }, index, g);
    }

    public Tensor Transpose(Tensor h, TensorFacts g)
    {
        if (padding is not { } row) return Adjoint.Linear.Apply(new EmbeddingOp(rows, padding), h);
        Tensor counts = Tensor.Ones([shape[0], 1], h.DType);
        counts.Select(0, row).FillInPlace(0);
        return Adjoint.Linear.Apply(new EmbeddingOp(rows, padding), h * counts);
    }

    private readonly struct Work(EmbeddingTransposeOp op, Tensor g, Tensor? index, Tensor sum) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            if (index is not null) EmbeddingRows.Check(memory.Of<long>(index), sum.Shape[0]);
            op.Add(memory.Of<T>(g), index is null ? op.Numbers : memory.Of<long>(index), memory.Of<T>(sum), sum.Shape[1]);
        }
    }

    private long[] Numbers => rows.Numbers;

    private void Add<T>(ReadOnlySpan<T> g, ReadOnlySpan<long> numbers, Span<T> sum, int width) where T : unmanaged
    {
        for (int first = 0, last; first < numbers.Length; first = last + 1)
        {
            // Up to the next padding.
            for (last = first; last < numbers.Length && numbers[last] != padding;) last++;
            Slices.ScatterAdd(g[(first * width)..(last * width)], numbers[first..last], sum, 1, shape[0], width);
        }
    }
}

/// <summary>The rows that are asked for, read from an index and checked.</summary>
internal sealed class EmbeddingRows
{
    private readonly Tensor _index;
    private readonly int _count, _version;

    /// <param name="index">The index.</param>
    /// <param name="count">How many rows there are.</param>
    /// <exception cref="TensorIndexException">There is no such row.</exception>
    internal EmbeddingRows(Tensor index, int count)
    {
        (_index, _count, _version) = (index, count, index.ChangeCount);
        Numbers = Elements.ToArray<long>(index);
        Check(Numbers, count);
    }

    /// <summary>Checks numbers of rows of so many.</summary>
    /// <exception cref="TensorIndexException">There is no such row.</exception>
    internal static void Check(ReadOnlySpan<long> numbers, int count)
    {
        foreach (long row in numbers)
            if (row < 0 || row >= count)
                throw new TensorIndexException($"Embedding: index {row} is out of range; the weight has {count} rows.");
    }

    /// <summary>Whether an operand and an index lie one element after the other, and the result does.</summary>
    internal static bool ArePlain(GraphOperation call) => call.Saved.Count == 0 && call.Changes.Count == 0
        && call.Inputs is [{ IsContiguous: true } x, { IsContiguous: true } index] && index.DType == DTypes.Of<long>()
        && call.Results is [{ IsWhole: true, Shape.NumEl: > 0 } y] && y.DType == x.DType && y.DType.IsFloatingPoint;

    /// <summary>The numbers of the rows.</summary>
    internal long[] Numbers { get; }

    /// <summary>The shape of the index.</summary>
    internal Shape Places => _index.Shape;

    /// <summary>The index; where it was changed since, a copy of what it was.</summary>
    internal Tensor Held => _index.ChangeCount == _version ? _index : Tensor.From(Numbers, Places);

    /// <summary>1/n for a row that is asked for n times, at each place of the index.</summary>
    internal Tensor Shares(int rows, DType dtype)
    {
        Tensor index = Held.Flatten().To(DType.Int64);
        Tensor counts = Tensor.Zeros([rows], dtype).IndexAdd(0, index, Tensor.Ones([index.NumEl], dtype));
        return counts.IndexSelect(0, index).Reciprocal().Reshape([.. Places.Sizes, 1]);
    }

    /// <summary>The same of another index of that shape.</summary>
    internal EmbeddingRows Holding(Tensor index) => index.Shape.Equals(Places) && !index.DType.IsFloatingPoint ? new(index, _count)
        : throw new ShapeException($"Embedding: an index of shape {Places} is needed, but {index.DType} {index.Shape} was given.");
}
