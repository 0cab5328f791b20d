using Adjoint.Nn;

namespace Adjoint.Benchmarks.Networks;

/// <summary>A small model of characters: words [N, T] to scores [N·T, words].</summary>
internal sealed class Characters(int words) : Module
{
    private readonly Embedding embedding = new(words, 32);
    private readonly LSTM lstm = new(32, 64, batchFirst: true);
    private readonly Nn.Linear @out = new(64, words);

    protected override Tensor Forward(Tensor x) => @out.Call(lstm.Call(embedding.Call(x)).Output).Flatten(0, 1);
}
