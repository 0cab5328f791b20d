namespace Adjoint.Tests.Parity;

using Adjoint.Nn;
using Adjoint.Tests.RandomNumbers;

/// <summary>Attention and transformers are PyTorch's: text, initial bits, outputs, gradients and training, with every option and mask.</summary>
[Collection(DefaultGenerator.Collection)]
public class AttentionParityTests
{
    private const int E = 6, W = 5;

    private static readonly Dictionary<string, (LayerCase.Make Make, LayerCase.Run Run)> Layers = new()
    {
        ["attention/self"] = Attention(d => new(E, 2, dtype: d), (m, x) => m.Call(x[0], x[0], x[0])),
        ["attention/memory"] = Attention(d => new(E, 2, 0.3, dtype: d), (m, x) => m.Call(x[0], x[1], x[1])),
        ["attention/three"] = Attention(d => new(E, 2, bias: false, dtype: d), (m, x) => m.Call(x[0], x[1], x[2], needWeights: false)),
        ["attention/query_is_value"] = Attention(d => new(E, 2, dtype: d), (m, x) => m.Call(x[0], x[1], x[0])),
        ["attention/widths"] = Attention(d => new(E, 2, kdim: 5, vdim: 4, dtype: d), (m, x) => m.Call(x[0], x[1], x[2])),
        ["attention/widths_no_bias"] = Attention(d => new(E, 2, bias: false, kdim: 5, vdim: 4, dtype: d), (m, x) => m.Call(x[0], x[1], x[2])),
        ["attention/bias_kv"] = Attention(d => new(E, 2, addBiasKv: true, dtype: d), (m, x) => m.Call(x[0], x[1], x[1], x[2])),
        ["attention/zero"] = Attention(d => new(E, 2, addZeroAttn: true, dtype: d), (m, x) => m.Call(x[0], x[0], x[0], attnMask: x[1])),
        ["attention/both"] = Attention(
            d => new(E, 2, addBiasKv: true, addZeroAttn: true, dtype: d), (m, x) => m.Call(x[0], x[0], x[0], x[2], attnMask: x[1])),
        ["attention/padding"] = Attention(d => new(E, 2, dtype: d), (m, x) => m.Call(x[0], x[1], x[1], x[2])),
        ["attention/causal_bool"] = Attention(d => new(E, 2, dtype: d), (m, x) => m.Call(x[0], x[0], x[0], attnMask: x[1])),
        ["attention/each_head"] = Attention(
            d => new(E, 2, dtype: d), (m, x) => m.Call(x[0], x[1], x[1], attnMask: x[2], averageAttnWeights: false)),
        ["attention/batch_first"] = Attention(d => new(E, 2, batchFirst: true, dtype: d), (m, x) => m.Call(x[0], x[0], x[0], x[1])),
        ["attention/one"] = Attention(d => new(E, 2, dtype: d), (m, x) => m.Call(x[0], x[1], x[1], x[2])),
        ["attention/one_each_head"] = Attention(
            d => new(E, 3, batchFirst: true, dtype: d), (m, x) => m.Call(x[0], x[0], x[0], averageAttnWeights: false)),
        ["encoder_layer/plain"] = (d => new TransformerEncoderLayer(E, 2, W, dtype: d), (m, x) => [((TransformerEncoderLayer)m).Call(x[0])]),
        ["encoder_layer/masks"] = (
            d => new TransformerEncoderLayer(E, 3, W, 0, dtype: d), (m, x) => [((TransformerEncoderLayer)m).Call(x[0], x[1], x[2])]),
        // As a part of others it is called with one tensor.
        ["encoder_layer/norm_first"] = (d => new TransformerEncoderLayer(E, 2, W, 0.2, x => x.Gelu(), 1e-3, true, true, d), (m, x) => [m.Call(x[0])]),
        ["encoder_layer/module"] = (d => new TransformerEncoderLayer(E, 2, new Tanh(), W, 0.2, dtype: d), (m, x) => [m.Call(x[0])]),
        ["encoder_layer/one"] = (d => new TransformerEncoderLayer(E, 3, W, dtype: d), (m, x) => [m.Call(x[0])]),
        ["decoder_layer/plain"] = (d => new TransformerDecoderLayer(E, 2, W, dtype: d), (m, x) => [((TransformerDecoderLayer)m).Call(x[0], x[1])]),
        ["decoder_layer/masks"] = (
            d => new TransformerDecoderLayer(E, 2, W, 0, normFirst: true, dtype: d),
            (m, x) => [((TransformerDecoderLayer)m).Call(x[0], x[1], x[2], tgtKeyPaddingMask: x[3], memoryKeyPaddingMask: x[4])]),
        ["encoder"] = (
            d => new TransformerEncoder(new TransformerEncoderLayer(E, 3, W, dtype: d), 2, new LayerNorm(E, dtype: d)), (m, x) => [m.Call(x[0])]),
        ["decoder"] = (
            d => new TransformerDecoder(new TransformerDecoderLayer(E, 3, W, dtype: d), 2), (m, x) => [((TransformerDecoder)m).Call(x[0], x[1])]),
        ["transformer/plain"] = (d => new Transformer(E, 2, 1, 2, W, dtype: d), (m, x) => [((Transformer)m).Call(x[0], x[1])]),
        ["transformer/masks"] = (
            d => new Transformer(E, 2, 2, 1, W, 0.1, x => x.Gelu(), batchFirst: true, normFirst: true, dtype: d),
            (m, x) =>
                [((Transformer)m).Call(x[0], x[1], tgtMask: x[2], srcKeyPaddingMask: x[3], tgtKeyPaddingMask: x[4], memoryKeyPaddingMask: x[3])]),
    };

    private static readonly LayerCase[] Cases = [.. Fixtures.Read<LayerCase>("attention")];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_is_PyTorchs(string name) =>
        Cases.Single(c => c.Name == name).Differences(Layers[name].Make, Layers[name].Run).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void Compiled_copied_and_loaded_it_does_the_same_to_the_bit(string name) =>
        Cases.Single(c => c.Name == name).DifferencesOfForms(Layers[name].Make, Layers[name].Run).ShouldBeEmpty();

    [Fact]
    public void Scaled_dot_product_attention_is_the_reference_of_PyTorchs_documentation() =>
        OpParity.Differences(Fixtures.Read<OpCase>("scaled_dot_product"), (x, a) =>
        [
            F.ScaledDotProductAttention(
                x[0], x[1], x[2], x.ElementAtOrDefault(3), a.Number(0), a.Flag(1), a.NumberOrNull(2), a.Flag(3), new Generator(5)),
        ]).ShouldBeEmpty();

    private static (LayerCase.Make, LayerCase.Run) Attention(
        Func<DType, MultiheadAttention> make, Func<MultiheadAttention, Tensor[], (Tensor Output, Tensor? Weights)> call) =>
        (d => make(d), (layer, x) =>
        {
            (Tensor output, Tensor? weights) = call((MultiheadAttention)layer, x);
            return [output, weights];
        }
    );
}
