using Adjoint.Optim;

namespace Adjoint.Benchmarks.Compare;

using Adjoint.Nn; // here, before the internal Linear and Reduction of Adjoint are found

/// <summary>A training step of the MLP 784-512-512-10, batch 64 or 512: forward, cross-entropy, backward, step, zero_grad.</summary>
internal static class MlpBenchmark
{
    public static Sequential Model() => new(new Linear(784, 512), new ReLU(), new Linear(512, 512), new ReLU(), new Linear(512, 10));

    public static int Run(string[] arguments) => Rounds.Time(arguments, target: 0.1, Clock.Wall,
        ("mlp step SGD, batch 64", Step(64, parameters => new SGD(parameters, lr: 1e-6))),
        ("mlp step Adam, batch 64", Step(64, parameters => new Adam(parameters, lr: 1e-6))),
        ("mlp step SGD, batch 512", Step(512, parameters => new SGD(parameters, lr: 1e-6))),
        ("mlp step Adam, batch 512", Step(512, parameters => new Adam(parameters, lr: 1e-6))));

    /// <summary>A tiny rate: the benchmark must not converge to gradients so small that they are denormal.</summary>
    public static Action Step(int batch, Func<IEnumerable<Tensor>, Optimizer> optimizerOf)
    {
        Rng.ManualSeed(1);
        Sequential model = Model();
        Tensor x = Tensor.Rand(batch, 784), y = Tensor.RandInt(0, 10, [batch]);
        Optimizer optimizer = optimizerOf(model.Parameters());
        return () =>
        {
            Tensor loss = F.CrossEntropy(model.Call(x), y);
            loss.Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
        };
    }
}
