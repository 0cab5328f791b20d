using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

using Linear = Adjoint.Nn.Linear;

/// <summary>A classifier of bags of words, given one after the other with the beginning of each.</summary>
internal sealed class Texts : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly EmbeddingBag words, pairs, top;
    private readonly Sequential fc;

    public Texts(DType d)
    {
        words = new(9, 4, EmbeddingBagMode.Sum, paddingIdx: 2, dtype: d);
        pairs = new(5, 3, EmbeddingBagMode.Mean, dtype: d);
        top = new(9, 2, EmbeddingBagMode.Max, dtype: d);
        var first = new Linear(9, 6, dtype: d);
        fc = new(first, new BatchNorm1d(6, dtype: d), new GELU(), new AlphaDropout(0.2), new Linear(6, 3, dtype: d));
        Init.Uniform(words.Weight, -0.5, 0.5);
        Init.Uniform(first.Weight, -0.5, 0.5);
        Init.Zeros(first.Bias!);
    }

    protected override Tensor Forward(Tensor text, Tensor offsets, Tensor weights) =>
        fc.Call(Tensor.Cat([words.Weighted(text, offsets, weights), pairs.Call(text % 5, offsets), top.Call(text, offsets)], 1));
}
