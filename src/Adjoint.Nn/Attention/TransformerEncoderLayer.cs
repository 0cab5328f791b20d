namespace Adjoint.Nn;

/// <summary>
/// A layer of a transformer's encoder (Vaswani et al. 2017): attention of a sequence to itself, and a net that looks at each step alone.
/// </summary>
/// <remarks>
/// [L, N, dModel] → [L, N, dModel], with batchFirst [N, L, dModel], or a single sequence [L, dModel]. Each part is added to its input, and
/// then normalised; with normFirst normalised first. As PyTorch's <c>TransformerEncoderLayer</c>, with its initial numbers for the same
/// seed.
/// It may stand in
/// a <see cref="Sequential"/>, without masks.
/// </remarks>
/// <example><code>
/// var layer = new TransformerEncoderLayer(dModel: 16, nhead: 4, dimFeedforward: 32, batchFirst: true);
/// Shape shape = layer.Call(Tensor.Randn([2, 5, 16])).Shape;      // [2, 5, 16]
/// </code></example>
public sealed class TransformerEncoderLayer : Module<Tensor, Tensor?, Tensor?, Tensor>
{
    private readonly MultiheadAttention selfAttn;
    private readonly Linear linear1;
    private readonly Dropout dropout;
    private readonly Linear linear2;
    private readonly LayerNorm norm1, norm2;
    private readonly Dropout dropout1, dropout2;
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
    /// <param name="batchFirst">Whether input and output are [N, L, dModel].</param>
    /// <param name="normFirst">Whether the input of each part is normalised, and not its sum with what the part gives.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The heads do not divide dModel.</exception>
    public TransformerEncoderLayer(
        int dModel, int nhead, int dimFeedforward = 2048, double dropout = 0.1, Func<Tensor, Tensor>? activation = null,
        double layerNormEps = 1e-5,
        bool batchFirst = false, bool normFirst = false, DType dtype = DType.Float32, Generator? generator = null)
    {
        TransformerOptions.Check(dModel, nhead, dimFeedforward, dropout, layerNormEps);
        selfAttn = new MultiheadAttention(dModel, nhead, dropout, batchFirst: batchFirst, dtype: dtype, generator: generator);
        linear1 = new Linear(dModel, dimFeedforward, true, dtype, generator);
        this.dropout = new Dropout(dropout);
        linear2 = new Linear(dimFeedforward, dModel, true, dtype, generator);
        (norm1, norm2) = (new LayerNorm(dModel, layerNormEps, dtype: dtype), new LayerNorm(dModel, layerNormEps, dtype: dtype));
        (dropout1, dropout2) = (new Dropout(dropout), new Dropout(dropout));
        (_activation, _normFirst) = (activation, normFirst);
    }

    /// <summary>Makes the layer with a module as the function in its net.</summary>
    /// <inheritdoc cref="TransformerEncoderLayer(int, int, int, double, Func{Tensor, Tensor}, double, bool, bool, DType, Generator)"/>
    public TransformerEncoderLayer(
        int dModel, int nhead, Module activation, int dimFeedforward = 2048, double dropout = 0.1, double layerNormEps = 1e-5,
        bool batchFirst = false,
        bool normFirst = false, DType dtype = DType.Float32, Generator? generator = null)
        : this(dModel, nhead, dimFeedforward, dropout, activation.Given().Call, layerNormEps, batchFirst, normFirst, dtype, generator) =>
        this.activation = activation;

    /// <summary>What the layer makes of a sequence, without masks.</summary>
    /// <param name="src">[L, N, dModel], with batchFirst [N, L, dModel], or [L, dModel].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public new Tensor Call(Tensor src) => Call(src, null, null);

    /// <summary>What the layer makes of a sequence.</summary>
    /// <param name="src">[L, N, dModel], with batchFirst [N, L, dModel], or [L, dModel].</param>
    /// <param name="srcMask">[L, L] or [N·heads, L, L]: as of <see cref="MultiheadAttention"/>, or null.</param>
    /// <param name="srcKeyPaddingMask">[N, L], or [L]: as of <see cref="MultiheadAttention"/>, or null.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    /// <exception cref="DTypeException">A dtype does not fit.</exception>
    public new Tensor Call(Tensor src, Tensor? srcMask = null, Tensor? srcKeyPaddingMask = null) => Call((src, srcMask, srcKeyPaddingMask));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input1, Tensor? input2, Tensor? input3)
    {
        Tensor x = input1.Given("src");
        TransformerOptions.Check(TypeName, "src", x, selfAttn.EmbedDim, selfAttn.OutProj.Weight.DType);
        if (_normFirst)
        {
            x += Attended(norm1.Call(x), input2, input3);
            return x + Thought(norm2.Call(x));
        }
        x = norm1.Call(x + Attended(x, input2, input3));
        return norm2.Call(x + Thought(x));
    }

    private protected override bool TakesTensor => true;

    private protected override Tensor ForwardAs(Tensor input) => Forward(input, null, null);

    private Tensor Attended(Tensor x, Tensor? mask, Tensor? padding) =>
        dropout1.Call(selfAttn.Call(x, x, x, padding, needWeights: false, mask).Output);

    private Tensor Thought(Tensor x) => dropout2.Call(FeedForward.Of(x, linear1, IsHooked(linear1), _activation, dropout, linear2));
}
