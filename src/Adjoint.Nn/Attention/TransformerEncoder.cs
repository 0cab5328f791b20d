namespace Adjoint.Nn;

/// <summary>Layers of a transformer's encoder, one after the other: copies of one layer, which begin alike.</summary>
/// <remarks>As PyTorch's <c>TransformerEncoder</c>; the layer that is given is only copied.</remarks>
/// <example><code>
/// var encoder = new TransformerEncoder(new TransformerEncoderLayer(16, 4, 32), numLayers: 3, norm: new LayerNorm(16));
/// Shape shape = encoder.Call(Tensor.Randn([5, 2, 16])).Shape;      // [5, 2, 16]
/// </code></example>
public sealed class TransformerEncoder : Module<Tensor, Tensor?, Tensor?, Tensor>
{
    private readonly ModuleList layers;
    private readonly Module? norm;

    /// <summary>Copies a layer.</summary>
    /// <param name="encoderLayer">The layer: of a sequence, a mask and a padding mask, of which the masks may be null.</param>
    /// <param name="numLayers">How many copies; at least 0.</param>
    /// <param name="norm">What is done to the output of the last, or null.</param>
    public TransformerEncoder(Module<Tensor, Tensor?, Tensor?, Tensor> encoderLayer, int numLayers, Module? norm = null)
    {
        encoderLayer.Given();
        layers = new ModuleList(Enumerable.Range(0, TransformerOptions.Layers(numLayers, 0,
            nameof(numLayers))).Select(_ => encoderLayer.DeepCopy()).ToArray());
        this.norm = norm;
    }

    /// <summary>The layers.</summary>
    public IReadOnlyList<Module> Layers => layers;

    /// <summary>What the layers make of a sequence, without masks.</summary>
    /// <param name="src">[L, N, dModel], with batchFirst [N, L, dModel], or [L, dModel].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public new Tensor Call(Tensor src) => Call(src, null, null);

    /// <summary>What the layers make of a sequence.</summary>
    /// <param name="src">[L, N, dModel], with batchFirst [N, L, dModel], or [L, dModel].</param>
    /// <param name="mask">[L, L] or [N·heads, L, L]: as of <see cref="MultiheadAttention"/>, or null.</param>
    /// <param name="srcKeyPaddingMask">[N, L], or [L]: as of <see cref="MultiheadAttention"/>, or null.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    /// <exception cref="DTypeException">A dtype does not fit.</exception>
    public new Tensor Call(Tensor src, Tensor? mask = null, Tensor? srcKeyPaddingMask = null) => Call((src, mask, srcKeyPaddingMask));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input1, Tensor? input2, Tensor? input3)
    {
        Tensor x = input1.Given("src");
        foreach (Module layer in layers) x = ((Module<Tensor, Tensor?, Tensor?, Tensor>)layer).Call(x, input2, input3);
        return norm is null ? x : norm.Call(x);
    }

    private protected override bool TakesTensor => true;

    private protected override Tensor ForwardAs(Tensor input) => Forward(input, null, null);
}
