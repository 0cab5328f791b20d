using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

using Bilinear = Adjoint.Nn.Bilinear;

/// <summary>A bidirectional LSTM with projections over sequences of several lengths.</summary>
internal sealed class Tagger(DType d) : Module<Tensor, Tensor[]>
{
    private static readonly int[] Lengths = [3, 5, 1];

    private readonly LayerNorm norm = new(3, dtype: d);
    private readonly LSTM lstm = new(3, 4, numLayers: 2, dropout: 0.25, bidirectional: true, projSize: 2, batchFirst: true, dtype: d);
    private readonly Bilinear mix = new(2, 2, 3, dtype: d);

    protected override Tensor[] Forward(Tensor x)
    {
        PackedSequence packed = Sequences.PackPaddedSequence(norm.Call(x), Lengths, batchFirst: true, enforceSorted: false);
        (PackedSequence output, (Tensor h, Tensor c)) = lstm.Call(packed);
        (Tensor y, _) = Sequences.PadPackedSequence(output, batchFirst: true, paddingValue: -1);
        IReadOnlyList<Tensor> halves = y.Chunk(2, -1);
        return [mix.Call(halves[0].Contiguous(), halves[1].Contiguous()), h, c];
    }
}
