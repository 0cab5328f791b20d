namespace Adjoint.Nn;

/// <summary>
/// A layer of a transformer's decoder (Vaswani et al. 2017): attention of a sequence to itself, attention to what an encoder made of
/// another, and a net that
/// looks at each step alone.
/// </summary>
/// <remarks>
/// [T, N, dModel] and [S, N, dModel] → [T, N, dModel], with batchFirst [N, …, dModel], or single sequences without N. Each part is added
/// to its input, and then
/// normalised; with normFirst normalised first. As PyTorch's <c>TransformerDecoderLayer</c>, with its initial numbers for the same seed.
/// </remarks>
/// <example><code>
/// var layer = new TransformerDecoderLayer(dModel: 16, nhead: 4, dimFeedforward: 32);
/// Shape shape = layer.Call(Tensor.Randn([5, 2, 16]), Tensor.Randn([7, 2, 16])).Shape;      // [5, 2, 16]
/// </code></example>
public sealed class TransformerDecoderLayer : Module<
    (Tensor Tgt, Tensor Memory, Tensor? TgtMask, Tensor? MemoryMask, Tensor? TgtKeyPaddingMask, Tensor? MemoryKeyPaddingMask), Tensor>
{
    private readonly MultiheadAttention selfAttn, multiheadAttn;
    private readonly Linear linear1;
    private readonly Dropout dropout;
    private readonly Linear linear2;
    private readonly LayerNorm norm1, norm2, norm3;
    private readonly Dropout dropout1, dropout2, dropout3;
    private readonly Module? activation;
    private readonly Func<Tensor, Tensor>? _activation;
    private readonly bool _normFirst;

    /// <summary>Makes the layer and draws its weights.</summary>
    /// <param name="dModel">How many numbers each step has; at least 1.</param>
    /// <param name="nhead">How many heads; at least 1. It divides dModel.</param>
    /// <param name="dimFeedforward">How wide the net is; at least 0.</param>
    /// <param name="dropout">The probability of 0 in the weights and in what each part gives, in training; in [0, 1].</param>
    /// <param name="activation">The function in the net; max(·, 0) by default.</param>
    /// <param name="layerNormEps">Added to variances; at least 0.</param>
    /// <param name="batchFirst">Whether inputs and output are [N, …, dModel].</param>
    /// <param name="normFirst">Whether the input of each part is normalised, and not its sum with what the part gives.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The heads do not divide dModel.</exception>
    public TransformerDecoderLayer(
        int dModel, int nhead, int dimFeedforward = 2048, double dropout = 0.1, Func<Tensor, Tensor>? activation = null,
        double layerNormEps = 1e-5,
        bool batchFirst = false, bool normFirst = false, DType dtype = DType.Float32, Generator? generator = null)
    {
        TransformerOptions.Check(dModel, nhead, dimFeedforward, dropout, layerNormEps);
        selfAttn = new MultiheadAttention(dModel, nhead, dropout, batchFirst: batchFirst, dtype: dtype, generator: generator);
        multiheadAttn = new MultiheadAttention(dModel, nhead, dropout, batchFirst: batchFirst, dtype: dtype, generator: generator);
        linear1 = new Linear(dModel, dimFeedforward, true, dtype, generator);
        this.dropout = new Dropout(dropout);
        linear2 = new Linear(dimFeedforward, dModel, true, dtype, generator);
        norm1 = new LayerNorm(dModel, layerNormEps, dtype: dtype);
        norm2 = new LayerNorm(dModel, layerNormEps, dtype: dtype);
        norm3 = new LayerNorm(dModel, layerNormEps, dtype: dtype);
        (dropout1, dropout2, dropout3) = (new Dropout(dropout), new Dropout(dropout), new Dropout(dropout));
        (_activation, _normFirst) = (activation, normFirst);
    }

    /// <summary>Makes the layer with a module as the function in its net.</summary>
    /// <inheritdoc cref="TransformerDecoderLayer(int, int, int, double, Func{Tensor, Tensor}, double, bool, bool, DType, Generator)"/>
    public TransformerDecoderLayer(
        int dModel, int nhead, Module activation, int dimFeedforward = 2048, double dropout = 0.1, double layerNormEps = 1e-5,
        bool batchFirst = false,
        bool normFirst = false, DType dtype = DType.Float32, Generator? generator = null)
        : this(dModel, nhead, dimFeedforward, dropout, activation.Given().Call, layerNormEps, batchFirst, normFirst, dtype, generator) =>
        this.activation = activation;

    /// <summary>What the layer makes of a sequence beside what an encoder made of another.</summary>
    /// <param name="tgt">[T, N, dModel], with batchFirst [N, T, dModel], or [T, dModel].</param>
    /// <param name="memory">[S, N, dModel], with batchFirst [N, S, dModel], or [S, dModel].</param>
    /// <param name="tgtMask">[T, T] or [N·heads, T, T]: as of <see cref="MultiheadAttention"/>, or null.</param>
    /// <param name="memoryMask">[T, S] or [N·heads, T, S], or null.</param>
    /// <param name="tgtKeyPaddingMask">[N, T], or [T]; or null.</param>
    /// <param name="memoryKeyPaddingMask">[N, S], or [S]; or null.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    /// <exception cref="DTypeException">A dtype does not fit.</exception>
    public Tensor Call(
        Tensor tgt, Tensor memory, Tensor? tgtMask = null, Tensor? memoryMask = null, Tensor? tgtKeyPaddingMask = null,
        Tensor? memoryKeyPaddingMask = null) => Call((tgt, memory, tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask));

    /// <inheritdoc/>
    protected override Tensor Forward(
        (Tensor Tgt, Tensor Memory, Tensor? TgtMask, Tensor? MemoryMask, Tensor? TgtKeyPaddingMask, Tensor? MemoryKeyPaddingMask) input)
    {
        (Tensor x, Tensor memory) = (input.Tgt.Given("tgt"), input.Memory.Given("memory"));
        TransformerOptions.Check(TypeName, "tgt", x, selfAttn.EmbedDim, selfAttn.OutProj.Weight.DType);
        TransformerOptions.Check(TypeName, "memory", memory, selfAttn.EmbedDim, selfAttn.OutProj.Weight.DType);
        if (_normFirst)
        {
            x += Attended(norm1.Call(x), input.TgtMask, input.TgtKeyPaddingMask);
            x += Informed(norm2.Call(x), memory, input.MemoryMask, input.MemoryKeyPaddingMask);
            return x + Thought(norm3.Call(x));
        }
        x = norm1.Call(x + Attended(x, input.TgtMask, input.TgtKeyPaddingMask));
        x = norm2.Call(x + Informed(x, memory, input.MemoryMask, input.MemoryKeyPaddingMask));
        return norm3.Call(x + Thought(x));
    }

    private Tensor Attended(Tensor x, Tensor? mask, Tensor? padding) =>
        dropout1.Call(selfAttn.Call(x, x, x, padding, needWeights: false, mask).Output);

    private Tensor Informed(Tensor x, Tensor memory, Tensor? mask, Tensor? padding) =>
        dropout2.Call(multiheadAttn.Call(x, memory, memory, padding, needWeights: false, mask).Output);

    private Tensor Thought(Tensor x) => dropout3.Call(FeedForward.Of(x, linear1, IsHooked(linear1), _activation, dropout, linear2));
}
