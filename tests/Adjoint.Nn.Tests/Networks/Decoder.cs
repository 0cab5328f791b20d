using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

using Linear = Adjoint.Nn.Linear;

/// <summary>A decoder of a transformer with masks; the words' vectors are its last layer, too.</summary>
internal sealed class Decoder : Module
{
    private readonly Embedding embedding;
    private readonly Tensor pe;
    private readonly TransformerDecoder decoder;
    private readonly Linear @out;

    public Decoder(DType d)
    {
        embedding = new(7, 6, dtype: d);
        pe = (0.7 * Tensor.Arange(30, DType.Float64) * 1.7 + 0.7).Sin().Reshape(5, 1, 6).To(d).AsBuffer();
        decoder = new(new TransformerDecoderLayer(6, 2, 8, dropout: 0.1, dtype: d), 2, norm: new LayerNorm(6, dtype: d));
        @out = new(6, 7, dtype: d);
        foreach (Tensor p in decoder.Parameters())
            if (p.NDim > 1) Init.XavierUniform(p);
        @out.Weight = embedding.Weight;
    }

    protected override Tensor Forward(Tensor words, Tensor memory)
    {
        int steps = words.Shape[0];
        Tensor mask = Tensor.Full([steps, steps], double.NegativeInfinity, memory.DType).Triu(1);
        Tensor x = embedding.Call(words) * Math.Sqrt(6) + pe[..steps];
        Tensor y = decoder.Call(x, memory, tgtMask: mask, tgtKeyPaddingMask: (words == 0).T, memoryKeyPaddingMask: memory[.., .., 0].T > 0.9);
        return @out.Call(y);
    }
}
