// A program with modules of its own, in every kind of place, which prints what it finds and how it learns.
// ./check aot runs it as usual, trimmed, and compiled ahead of time: all three must print the same.
using System.Globalization;
using Adjoint.Formats;
using Adjoint;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Published;
using Adjoint.Symbolic;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Rng.ManualSeed(1);
var net = new Net();
foreach ((string name, Tensor p) in net.NamedParameters()) Console.WriteLine($"{name} {p.Shape}");
Console.WriteLine(string.Join(" ", net.NamedBuffers().Select(b => b.Name)));
Console.WriteLine(net);

Tensor x = Tensor.Randn(16, 4), y = Tensor.RandInt(0, 3, [16]);
var optimizer = new Adam(net.Parameters(), lr: 0.01);
for (int step = 0; step < 5; step++)
{
    optimizer.ZeroGrad();
    Tensor loss = F.CrossEntropy(net.Call(x), y);
    loss.Backward();
    optimizer.Step();
    Console.WriteLine($"step {step}: {loss.Item():F5}");
}

string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
SafeTensors.Save(file, net.StateDict());
var again = new Net();
again.LoadStateDict(SafeTensors.Load(file));
File.Delete(file);
net.Eval();
again.Eval();
Console.WriteLine($"loaded: {(net.Call(x) - again.Call(x)).Abs().Max().Item()}");

Tensor weight = Tensor.Scalar(0.5, requiresGrad: true), plainWeight = Tensor.Scalar(0.5, requiresGrad: true);
SGD compiledOptimizer = new([weight], 0.01), plainOptimizer = new([plainWeight], 0.01);
var compiledStep = Compiled.Step((Tensor a, Tensor b) =>
{
    compiledOptimizer.ZeroGrad();
    (weight * a - b).Square().Backward();
    compiledOptimizer.Step();
}, verify: 64);
var small = new Sequential(new Linear(4, 5), new Tanh(), new Linear(5, 2));
var compiledNet = Compiled.Function((Tensor v) => small.Call(v).Detach(), verify: 64);
for (int i = 0; i < 100; i++)
{
    compiledStep.Call(Tensor.Scalar(0.1 * i), Tensor.Scalar(1.0));
    plainOptimizer.ZeroGrad();
    (plainWeight * Tensor.Scalar(0.1 * i) - Tensor.Scalar(1.0)).Square().Backward();
    plainOptimizer.Step();
    Tensor probe = Tensor.Randn(3, 4);
    if ((compiledNet.Call(probe) - small.Call(probe)).Abs().Max().Item() != 0) Console.WriteLine("compiled: OTHER BITS");
}
Console.WriteLine($"compiled: {weight.Item()} {plainWeight.Item()} {compiledStep.Explain().Split('\n')[0].TrimEnd()}");

// A perceptron with Adam beside one that is compiled, a batch that is smaller now and then; and a function whose variable changes.
Rng.ManualSeed(2);
Sequential plainMlp = Mlp(), compiledMlp = Mlp();
compiledMlp.LoadStateDict(plainMlp.StateDict());
Func<Tensor, Tensor, Tensor> plainTraining = Training(plainMlp);
var compiledTraining = Compiled.Step(Training(compiledMlp), verify: 32);
bool isSame = true;
for (int i = 0; i < 100; i++)
{
    int rows = i % 10 == 9 ? 5 : 16;
    isSame &= Same(compiledTraining.Call(x[..rows], y[..rows]), plainTraining(x[..rows], y[..rows]));
}
foreach ((Tensor one, Tensor other) in compiledMlp.Parameters().Zip(plainMlp.Parameters()))
    isSame &= Same(one, other) && Same(one.Grad!, other.Grad!);
Console.WriteLine($"compiled MLP with Adam: {isSame} {compiledTraining.Explain().Split('\n')[0].TrimEnd()}");
double factor = 2;
var scaled = Compiled.Function((Tensor v) => v * factor);
foreach (double next in (double[])[2, 2, 3, 3, -0.5])
{
    factor = next;
    Console.WriteLine($"times {next}: {scaled.Call(Tensor.From([1.0, 4.0])).Sum().Item()}");
}

Misuse("a plain tensor for a parameter", () =>
{
    again.Plain();
    again.StateDict();
});
Misuse("a lazy layer", () => new Hidden().Parameters().Count());
Misuse("a layer that was replaced", () =>
{
    net.Replace();
    optimizer.ZeroGrad();
    optimizer.Step();
});

Console.WriteLine(Expr.Parse("x^2*sin(x)").Differentiate("x"));
Console.WriteLine(Transforms.Jacobian(v => v * v, Tensor.From([1.0, 2.0])));

static Sequential Mlp() => new(new Linear(4, 16), new ReLU(), new Linear(16, 3));

static Func<Tensor, Tensor, Tensor> Training(Sequential net)
{
    var adam = new Adam(net.Parameters(), lr: 0.01);
    return (x, y) =>
    {
        adam.ZeroGrad();
        Tensor loss = F.CrossEntropy(net.Call(x), y);
        loss.Backward();
        adam.Step();
        return loss;
    };
}

static bool Same(Tensor a, Tensor b) => a.Detach().ToArray<float>().AsSpan().SequenceEqual(b.Detach().ToArray<float>());

static void Misuse(string what, Action action)
{
    try
    {
        action();
        Console.WriteLine($"{what}: NO ERROR");
    }
    catch (Exception e)
    {
        Console.WriteLine($"{what}: {e.GetType().Name}: {e.Message}");
    }
}
