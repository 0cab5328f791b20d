using Adjoint.Benchmarks.Networks;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Benchmarks.Compare;

/// <summary>benchmarks/torch/networks.py in C#. With the beginnings of names only these works.</summary>
internal static class NetworkBenchmark
{
    private const int Words = 65, Steps = 128;
    private const double Rate = 1e-6;

    public static int Run(string[] args)
    {
        string[] wanted = [.. args.Where(arg => !arg.StartsWith('-'))];
        Tensor words = Tensor.RandInt(0, Words, [4, Steps]);
        (string Name, Func<Action> Work)[] all =
        [
            ("gpt step, 4 of 128", () => Work(new Gpt(Words, Steps, 384, 6, 6), words, Words, p => new AdamW(p, Rate))),
            ("resnet-18 step, 16 of 32×32",
                () => Work(ResNet18.Create(), Tensor.Randn(16, 3, 32, 32), 10, p => new SGD(p, Rate, momentum: 0.9))),
            ("cnn step, 64 of 28×28", () => Work(Cnn(), Tensor.Randn(64, 1, 28, 28), 10, p => new SGD(p, Rate))),
            ("small LeNet step, 16 of 28×28", () => Work(LeNet(), Tensor.Randn(16, 1, 28, 28), 10, p => new Adam(p, Rate))),
            ("small MLP step, 32 of 20", () => Work(Mlp(), Tensor.Randn(32, 20), 3, p => new Adam(p, Rate))),
            ("small LSTM step, 8 of 32",
                () => Work(new Characters(Words), words[.., ..64].Reshape(8, 32), Words, p => new Adam(p, Rate))),
        ];
        return Profiles.Time(args, target: 0.1, Clock.Wall,
        [
            .. all.Where(work => wanted.Length == 0 || wanted.Any(word => work.Name.StartsWith(word, StringComparison.Ordinal)))
                .Select(work => (work.Name, work.Work())),
        ]);
    }

    private static Action Work(Module net, Tensor x, int classes, Func<IEnumerable<Tensor>, Optimizer> optimizerOf)
    {
        Tensor y = Tensor.RandInt(0, classes, [x.DType.IsFloatingPoint ? x.Shape[0] : x.NumEl]);
        Optimizer optimizer = optimizerOf(net.Parameters());
        return () =>
        {
            F.CrossEntropy(net.Call(x), y).Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
        };
    }

    private static Sequential Cnn() => new(
        new Conv2d(1, 32, 3), new ReLU(), new Conv2d(32, 64, 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Nn.Linear(9216, 128), new ReLU(),
        new Nn.Linear(128, 10));

    private static Sequential LeNet() => new(
        new Conv2d(1, 6, 5, padding: 2), new ReLU(), new MaxPool2d(2), new Conv2d(6, 16, 5), new ReLU(), new MaxPool2d(2), new Flatten(),
        new Nn.Linear(400, 120), new ReLU(), new Nn.Linear(120, 84), new ReLU(), new Nn.Linear(84, 10));

    private static Sequential Mlp() => new(new Nn.Linear(20, 32), new Tanh(), new Nn.Linear(32, 32), new Tanh(), new Nn.Linear(32, 3));
}
