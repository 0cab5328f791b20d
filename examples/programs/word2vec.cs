#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// Skip-gram with negative sampling (Mikolov et al. 2013); tests/Parity/programs/word2vec.py is the same program.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

string[] text = ("the king rules the land and the queen rules the land the king loves the queen and the queen loves the king "
    + "the dog chases the cat and the cat chases the mouse the dog eats meat and the cat eats fish").Split(' ');
string[] words = [.. text.Distinct().Order(StringComparer.Ordinal)];
long[] numbers = [.. text.Select(word => (long)Array.IndexOf(words, word))];
List<long> centres = [], contexts = [];
for (int i = 0; i < text.Length; i++)
{
    for (int j = Math.Max(0, i - 2); j < Math.Min(text.Length, i + 3); j++)
    {
        if (i == j) continue;
        centres.Add(numbers[i]);
        contexts.Add(numbers[j]);
    }
}
Tensor centre = Tensor.From(centres.ToArray()), context = Tensor.From(contexts.ToArray());

Rng.ManualSeed(1);
Embedding inside = new(words.Length, 8), outside = new(words.Length, 8);
var opt = new Adam([.. inside.Parameters(), .. outside.Parameters()], lr: 0.02);
Tensor frequency = Tensor.From(numbers).BinCount().Float().Pow(0.75);
for (int epoch = 1; epoch <= 60; epoch++)
{
    Tensor others = frequency.Multinomial(centres.Count * 4, replacement: true).Reshape(-1, 4);
    Tensor v = inside.Call(centre);
    Tensor near = (v * outside.Call(context)).Sum(1);
    Tensor far = outside.Call(others).MatMul(v.Unsqueeze(2)).Squeeze(2);
    Tensor loss = -(F.LogSigmoid(near) + F.LogSigmoid(-far).Sum(1)).Mean();
    opt.ZeroGrad();
    loss.Backward();
    opt.Step();
    if (epoch % 10 == 0) Console.WriteLine($"epoch {epoch}: loss {loss:F4}");
}
using (Autograd.NoGrad())
{
    foreach (string word in (string[])["king", "dog"])
    {
        Tensor like = F.CosineSimilarity(inside.Weight[Array.IndexOf(words, word)].Unsqueeze(0), inside.Weight);
        (Tensor values, Tensor indices) = like.TopK(3);
        float[] similar = values.ToArray<float>();
        long[] places = indices.ToArray<long>();
        Console.WriteLine(FormattableString.Invariant($"{word} {words[places[1]]} {similar[1]:F3} {words[places[2]]} {similar[2]:F3}"));
    }
}
