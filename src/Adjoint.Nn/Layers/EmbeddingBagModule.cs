namespace Adjoint.Nn;

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
        _paddingIdx = EmbeddingOp.Padding(paddingIdx, numEmbeddings);
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
        get;
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
