#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// A small GPT (Radford et al. 2019) with top-k sampling; tests/Parity/programs/gpt.py is the same program.
using Adjoint;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

string text = string.Concat(Enumerable.Repeat(
    "a bird in the hand is worth two in the bush. all that glitters is not gold. still waters run deep. the early bird catches the "
    + "worm. a rolling stone gathers no moss. where there is smoke there is fire. ", 4));
Vocabulary letters = Vocabulary.OfCharacters(text);
Tensor data = letters.EncodeCharacters(text);

Rng.ManualSeed(1);
var net = new Gpt(letters.Count);
Console.WriteLine($"{net.Parameters().Sum(p => p.NumEl)} parameters");
// Weights decay, biases, norms and vectors do not.
ParamGroup decays = new(net.Parameters().Where(p => p.NDim >= 2)) { ["weight_decay"] = 0.1 };
ParamGroup others = new(net.Parameters().Where(p => p.NDim < 2)) { ["weight_decay"] = 0.0 };
var opt = new AdamW([decays, others], lr: 3e-3, betas: (0.9, 0.95));
var schedule = new LambdaLR(opt, s => Math.Min((s + 1) / 20.0, 0.5 * (1 + Math.Cos(Math.PI * s / 150))));
for (int step = 1; step <= 150; step++)
{
    long[] starts = Tensor.RandInt(0, data.Shape[0] - Gpt.Context - 1, [8]).ToArray<long>();
    Tensor x = Tensor.Stack([.. starts.Select(s => data.Narrow(0, (int)s, Gpt.Context))]);
    Tensor y = Tensor.Stack([.. starts.Select(s => data.Narrow(0, (int)s + 1, Gpt.Context))]);
    Tensor scores = net.Call(x);
    Tensor loss = F.CrossEntropy(scores.View(-1, scores.Shape[^1]), y.View(-1));
    opt.ZeroGrad();
    loss.Backward();
    Gradients.ClipNorm(net.Parameters(), 1.0);
    opt.Step();
    schedule.Step();
    if (step % 25 == 0) Console.WriteLine(FormattableString.Invariant($"step {step}: loss {loss:F3} lr {opt.ParamGroups[0].Lr:F6}"));
}
net.Eval();
Console.WriteLine(letters.Decode(net.Generate(letters.EncodeCharacters("the ").Unsqueeze(0), 60, temperature: 0.7, topK: 5)[0]));

class CausalSelfAttention : Module
{
    readonly Linear qkv = new(Gpt.Width, 3 * Gpt.Width), @out = new(Gpt.Width, Gpt.Width);
    readonly Tensor mask = Tensor.Ones(Gpt.Context, Gpt.Context).Tril().View(1, 1, Gpt.Context, Gpt.Context).AsBuffer();

    protected override Tensor Forward(Tensor x)
    {
        (int n, int t, int c) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        Tensor[] parts = [.. qkv.Call(x).Split(c, dim: 2).Select(part => part.View(n, t, Gpt.Heads, c / Gpt.Heads).Transpose(1, 2))];
        Tensor scores = parts[0].MatMul(parts[1].Transpose(-2, -1)) / Math.Sqrt(c / Gpt.Heads);
        scores = scores.MaskedFill(mask[.., .., ..t, ..t] == 0, double.NegativeInfinity);
        return @out.Call(F.Softmax(scores, dim: -1).MatMul(parts[2]).Transpose(1, 2).Contiguous().View(n, t, c));
    }
}

class Block : Module
{
    readonly LayerNorm ln1 = new(Gpt.Width);
    readonly CausalSelfAttention attention = new();
    readonly LayerNorm ln2 = new(Gpt.Width);
    readonly Sequential mlp = new(new Linear(Gpt.Width, 4 * Gpt.Width), new GELU(), new Linear(4 * Gpt.Width, Gpt.Width));

    protected override Tensor Forward(Tensor x)
    {
        x = x + attention.Call(ln1.Call(x));
        return x + mlp.Call(ln2.Call(x));
    }
}

class Gpt : Module
{
    public const int Context = 32, Width = 48, Heads = 4, Blocks = 2;

    readonly Embedding tokens, places;
    readonly Sequential blocks;
    readonly LayerNorm ln;
    readonly Linear head;

    public Gpt(int letters)
    {
        (tokens, places) = (new(letters, Width), new(Context, Width));
        blocks = new([.. Enumerable.Range(0, Blocks).Select(_ => new Block())]);
        ln = new(Width);
        head = new(Width, letters, bias: false);
        this.Apply(Initialize);
    }

    static void Initialize(Module module)
    {
        if (module is Linear linear)
        {
            Init.Normal(linear.Weight, mean: 0, std: 0.02);
            if (linear.Bias is { } bias) Init.Zeros(bias);
        }
        if (module is Embedding embedding) Init.Normal(embedding.Weight, mean: 0, std: 0.02);
    }

    protected override Tensor Forward(Tensor x) =>
        head.Call(ln.Call(blocks.Call(tokens.Call(x) + places.Call(Tensor.Arange(x.Shape[1])))));

    public Tensor Generate(Tensor x, int steps, double temperature, int topK)
    {
        using GradScope _ = Autograd.NoGrad();
        for (int i = 0; i < steps; i++)
        {
            int seen = Math.Min(Context, x.Shape[1]);
            Tensor scores = this.Call(x.Narrow(1, x.Shape[1] - seen, seen))[.., -1] / temperature;
            Tensor least = scores.TopK(topK).Values[.., ^1..];
            scores = scores.MaskedFill(scores < least, double.NegativeInfinity);
            x = Tensor.Cat([x, F.Softmax(scores, dim: -1).Multinomial(1)], dim: 1);
        }
        return x;
    }
}
