using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

using Linear = Adjoint.Nn.Linear;

/// <summary>A GRU reads, another answers word by word with additive attention (Bahdanau et al. 2014).</summary>
internal sealed class Seq2Seq(DType d) : Module
{
    private readonly Embedding src = new(7, 4, paddingIdx: 0, dtype: d), tgt = new(6, 4, dtype: d);
    private readonly GRU encoder = new(4, 3, batchFirst: true, bidirectional: true, dtype: d);
    private readonly Linear bridge = new(6, 5, dtype: d), attn_w = new(6 + 5, 4, dtype: d), attn_v = new(4, 1, bias: false, dtype: d);
    private readonly GRUCell cell = new(4 + 6, 5, dtype: d);
    private readonly Dropout dropout = new(0.2);
    private readonly Linear @out = new(5 + 6 + 4, 6, dtype: d);

    protected override Tensor Forward(Tensor input, Tensor other)
    {
        (Tensor memory, Tensor last) = encoder.Call(src.Call(input));
        Tensor h = bridge.Call(Tensor.Cat([last[0], last[1]], -1)).Tanh(), blocked = input == 0;
        List<Tensor> scores = [];
        for (int t = 0; t < other.Shape[1]; t++)
        {
            Tensor word = dropout.Call(tgt.Call(other[.., t]));
            Tensor wide = Tensor.Cat([memory, h.Unsqueeze(1).Expand(-1, memory.Shape[1], -1)], -1);
            Tensor energy = attn_v.Call(attn_w.Call(wide).Tanh()).Squeeze(-1).MaskedFill(blocked, double.NegativeInfinity);
            Tensor context = energy.Softmax(-1).Unsqueeze(1).Bmm(memory).Squeeze(1);
            h = cell.Call(Tensor.Cat([word, context], -1), h);
            scores.Add(@out.Call(Tensor.Cat([h, context, word], -1)));
        }
        return Tensor.Stack([.. scores], 1).LogSoftmax(-1);
    }
}
