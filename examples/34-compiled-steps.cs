#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows a training step that is compiled: captured once as a graph, then run without its C# code, with the same bits.
// Why it matters: a dynamic graph is made anew in every step; where it is always the same, that is work that need not be done.
// Try: x.Sum().Item() > 0 ? 1.0 : 2.0 for the factor 1.0 of the loss. A run would not look at x again, so the step is refused, with its line.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

(Sequential eager, Func<Tensor, Tensor, Tensor> eagerStep) = Make();
(Sequential other, Func<Tensor, Tensor, Tensor> otherStep) = Make();
Compiled<Func<Tensor, Tensor, Tensor>> compiled = Compiled.Step(otherStep);

var data = new Generator(2);
for (int i = 0; i < 100; i++)
{
    Tensor x = Tensor.Randn(16, 8, generator: data), y = x.Square().Sum(1, keepDim: true);
    Tensor one = eagerStep(x, y), two = compiled.Call(x, y);
    if (i % 33 == 0) Console.WriteLine($"step {i,2}: loss {one.Item():F4}, compiled {two.Item():F4}");
}
bool same = eager.Parameters().Zip(other.Parameters()).All(p => p.First.ToArray<float>().SequenceEqual(p.Second.ToArray<float>()));
Console.WriteLine($"the same bits in all parameters after 100 steps: {same}");

// The first call captured it; what became of its operations it says itself.
Console.WriteLine(compiled.Explain().Split('\n')[0]);
Console.WriteLine(compiled.Explain().Split('\n')[2].Trim());

// Another shape is another capture. A variable that changes is seen as well.
compiled.Call(Tensor.Randn(5, 8, generator: data), Tensor.Zeros(5, 1));
Console.WriteLine($"after a batch of 5: {compiled.Explain().Split('\n')[0]}");

double factor = 2;
Compiled<Func<Tensor, Tensor>> scaled = Compiled.Function((Tensor v) => v * factor);
Tensor first = scaled.Call(Tensor.From([1f, 2f]));
factor = 3;
Tensor second = scaled.Call(Tensor.From([1f, 2f]));
Console.WriteLine($"{first} and, with another factor, {second}");
Console.WriteLine($"Seen: the same bits ({same}), captured once for each shape.");

static (Sequential, Func<Tensor, Tensor, Tensor>) Make()
{
    Rng.ManualSeed(1);
    var net = new Sequential(new Linear(8, 32), new Tanh(), new Linear(32, 1));
    var opt = new Adam(net.Parameters(), lr: 0.01);
    return (net, (x, y) =>
    {
        opt.ZeroGrad();
        Tensor loss = F.MseLoss(net.Call(x), y) * 1.0;
        loss.Backward();
        opt.Step();
        return loss;
    });
}
