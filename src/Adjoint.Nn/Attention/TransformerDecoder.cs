namespace Adjoint.Nn;

/// <summary>Layers of a transformer's decoder, one after the other: copies of one layer, which begin alike.</summary>
/// <remarks>As PyTorch's <c>TransformerDecoder</c>; the layer that is given is only copied.</remarks>
/// <example><code>
/// var decoder = new TransformerDecoder(new TransformerDecoderLayer(16, 4, 32), numLayers: 3);
/// Shape shape = decoder.Call(Tensor.Randn([5, 2, 16]), Tensor.Randn([7, 2, 16])).Shape;      // [5, 2, 16]
/// </code></example>
public sealed class TransformerDecoder : Module<
    (Tensor Tgt, Tensor Memory, Tensor? TgtMask, Tensor? MemoryMask, Tensor? TgtKeyPaddingMask, Tensor? MemoryKeyPaddingMask), Tensor>
{
    private readonly ModuleList layers;
    private readonly Module? norm;

    /// <summary>Copies a layer.</summary>
    /// <param name="decoderLayer">The layer: of a sequence, what an encoder made of another, and four masks, each of which may be
    /// null.</param>
    /// <param name="numLayers">How many copies; at least 0.</param>
    /// <param name="norm">What is done to the output of the last, or null.</param>
    public TransformerDecoder(
        Module<(Tensor Tgt, Tensor Memory, Tensor? TgtMask, Tensor? MemoryMask, Tensor? TgtKeyPaddingMask, Tensor? MemoryKeyPaddingMask),
        Tensor> decoderLayer,
        int numLayers, Module? norm = null)
    {
        decoderLayer.Given();
        layers = new ModuleList(Enumerable.Range(0, TransformerOptions.Layers(numLayers, 0,
            nameof(numLayers))).Select(_ => decoderLayer.DeepCopy()).ToArray());
        this.norm = norm;
    }

    /// <summary>The layers.</summary>
    public IReadOnlyList<Module> Layers => layers;

    /// <summary>What the layers make of a sequence beside what an encoder made of another.</summary>
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
        Tensor x = input.Tgt.Given("tgt");
        input.Memory.Given("memory");
        foreach (Module layer in layers)
            x = ((Module<(Tensor, Tensor, Tensor?, Tensor?, Tensor?, Tensor?), Tensor>)layer).Call(
                (x, input.Memory, input.TgtMask, input.MemoryMask, input.TgtKeyPaddingMask, input.MemoryKeyPaddingMask));
        return norm is null ? x : norm.Call(x);
    }
}
