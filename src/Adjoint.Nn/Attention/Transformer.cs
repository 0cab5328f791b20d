namespace Adjoint.Nn;

/// <summary>A transformer (Vaswani et al. 2017): an encoder that reads a sequence, and a decoder that writes another beside it.</summary>
/// <remarks>
/// [S, N, dModel] and [T, N, dModel] → [T, N, dModel], with batchFirst [N, …, dModel], or single sequences without N. As PyTorch's
/// <c>Transformer</c>, with its initial
/// numbers for the same seed: every matrix is drawn again at the end, uniform as <see cref="Init.XavierUniform"/> has it.
/// </remarks>
/// <example><code>
/// var transformer = new Transformer(dModel: 16, nhead: 4, numEncoderLayers: 2, numDecoderLayers: 2, dimFeedforward: 32);
/// Tensor mask = Transformer.GenerateSquareSubsequentMask(5);
/// Tensor y = transformer.Call(Tensor.Randn([7, 2, 16]), Tensor.Randn([5, 2, 16]), tgtMask: mask);      // [5, 2, 16]
/// </code></example>
public sealed class Transformer : Module<
    (Tensor Src, Tensor Tgt, Tensor? SrcMask, Tensor? TgtMask, Tensor? MemoryMask, Tensor? SrcKeyPaddingMask, Tensor? TgtKeyPaddingMask,
        Tensor? MemoryKeyPaddingMask), Tensor>
{
    private readonly TransformerEncoder encoder;
    private readonly TransformerDecoder decoder;

    /// <summary>Makes the transformer and draws its weights.</summary>
    /// <param name="dModel">How many numbers each step has; at least 1.</param>
    /// <param name="nhead">How many heads; at least 1. It divides dModel.</param>
    /// <param name="numEncoderLayers">How many layers the encoder has; at least 0.</param>
    /// <param name="numDecoderLayers">How many layers the decoder has; at least 0.</param>
    /// <param name="dimFeedforward">How wide the nets of the layers are; at least 0.</param>
    /// <param name="dropout">The probability of 0 in the weights and in what each part gives, in training; in [0, 1].</param>
    /// <param name="activation">The function in the nets; max(·, 0) by default.</param>
    /// <param name="layerNormEps">Added to variances; at least 0.</param>
    /// <param name="batchFirst">Whether inputs and output are [N, …, dModel].</param>
    /// <param name="normFirst">Whether the input of each part is normalised, and not its sum with what the part gives.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The heads do not divide dModel.</exception>
    public Transformer(
        int dModel = 512, int nhead = 8, int numEncoderLayers = 6, int numDecoderLayers = 6, int dimFeedforward = 2048,
        double dropout = 0.1,
        Func<Tensor, Tensor>? activation = null, double layerNormEps = 1e-5, bool batchFirst = false, bool normFirst = false,
        DType dtype = DType.Float32, Generator? generator = null)
    {
        TransformerOptions.Check(dModel, nhead, dimFeedforward, dropout, layerNormEps);
        TransformerOptions.Layers(numEncoderLayers, 0, nameof(numEncoderLayers));
        TransformerOptions.Layers(numDecoderLayers, 0, nameof(numDecoderLayers));
        (DModel, BatchFirst) = (dModel, batchFirst);
        var encoderLayer = new TransformerEncoderLayer(
            dModel, nhead, dimFeedforward, dropout, activation, layerNormEps, batchFirst, normFirst, dtype, generator);
        encoder = new TransformerEncoder(encoderLayer, numEncoderLayers, new LayerNorm(dModel, layerNormEps, dtype: dtype));
        var decoderLayer = new TransformerDecoderLayer(
            dModel, nhead, dimFeedforward, dropout, activation, layerNormEps, batchFirst, normFirst, dtype, generator);
        decoder = new TransformerDecoder(decoderLayer, numDecoderLayers, new LayerNorm(dModel, layerNormEps, dtype: dtype));
        foreach (Tensor parameter in Parameters())
            if (parameter.NDim > 1 && parameter.NumEl > 0) Init.XavierUniform(parameter, generator: generator);
    }

    /// <summary>How many numbers each step has.</summary>
    public int DModel { get; }

    /// <summary>Whether inputs and output are [N, …, dModel].</summary>
    public bool BatchFirst { get; }

    /// <summary>The encoder.</summary>
    public TransformerEncoder Encoder => encoder;

    /// <summary>The decoder.</summary>
    public TransformerDecoder Decoder => decoder;

    /// <summary>The mask with which step i sees steps up to i only: 0 there, and −∞ beyond.</summary>
    /// <param name="size">How many steps; at least 0.</param>
    /// <param name="dtype">A dtype of floating point.</param>
    /// <exception cref="DTypeException">The dtype is not of floating point.</exception>
    public static Tensor GenerateSquareSubsequentMask(int size, DType dtype = DType.Float32)
    {
        size.AtLeast(0);
        if (!dtype.IsFloatingPoint)
            throw new DTypeException($"GenerateSquareSubsequentMask: dtype must be of floating point, but is {dtype}.");
        return AttentionScores.Causal(size, size, dtype);
    }

    /// <summary>What the decoder makes of a sequence beside what the encoder makes of another.</summary>
    /// <param name="src">The encoder's: [S, N, dModel], with batchFirst [N, S, dModel], or [S, dModel].</param>
    /// <param name="tgt">The decoder's: [T, N, dModel], with batchFirst [N, T, dModel], or [T, dModel].</param>
    /// <param name="srcMask">[S, S] or [N·heads, S, S]: as of <see cref="MultiheadAttention"/>, or null.</param>
    /// <param name="tgtMask">[T, T] or [N·heads, T, T], or null.</param>
    /// <param name="memoryMask">[T, S] or [N·heads, T, S], or null.</param>
    /// <param name="srcKeyPaddingMask">[N, S], or [S]; or null.</param>
    /// <param name="tgtKeyPaddingMask">[N, T], or [T]; or null.</param>
    /// <param name="memoryKeyPaddingMask">[N, S], or [S]; or null.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    /// <exception cref="DTypeException">A dtype does not fit.</exception>
    public Tensor Call(
        Tensor src, Tensor tgt, Tensor? srcMask = null, Tensor? tgtMask = null, Tensor? memoryMask = null, Tensor? srcKeyPaddingMask = null,
        Tensor? tgtKeyPaddingMask = null, Tensor? memoryKeyPaddingMask = null) =>
        Call((src, tgt, srcMask, tgtMask, memoryMask, srcKeyPaddingMask, tgtKeyPaddingMask, memoryKeyPaddingMask));

    /// <inheritdoc/>
    protected override Tensor Forward(
        (Tensor Src, Tensor Tgt, Tensor? SrcMask, Tensor? TgtMask, Tensor? MemoryMask, Tensor? SrcKeyPaddingMask, Tensor? TgtKeyPaddingMask,
            Tensor? MemoryKeyPaddingMask) input)
    {
        (Tensor src, Tensor tgt) = (input.Src.Given("src"), input.Tgt.Given("tgt"));
        TransformerOptions.Check(TypeName, "src", src, DModel, src.DType);
        TransformerOptions.Check(TypeName, "tgt", tgt, DModel, tgt.DType);
        int batch = BatchFirst ? 0 : 1;
        if (src.NDim != tgt.NDim || (src.NDim == 3 && src.Shape[batch] != tgt.Shape[batch]))
            throw new ShapeException(
                $"{TypeName}: src and tgt must be of equally many sequences, but their shapes are {src.Shape} and {tgt.Shape}.");
        Tensor memory = encoder.Call(src, input.SrcMask, input.SrcKeyPaddingMask);
        return decoder.Call(tgt, memory, input.TgtMask, input.MemoryMask, input.TgtKeyPaddingMask, input.MemoryKeyPaddingMask);
    }
}
