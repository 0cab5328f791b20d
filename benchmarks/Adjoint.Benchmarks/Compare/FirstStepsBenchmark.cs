using Adjoint.Optim;

namespace Adjoint.Benchmarks.Compare;

/// <summary>The first steps of a process, which short programs consist of: the runtime is still compiling what it runs.</summary>
internal static class FirstStepsBenchmark
{
    public static int Run(string[] arguments) => Rounds.Sample(arguments, () => new()
    {
        ["first 100,000 neuron steps, each"] = Rounds.Seconds(NeuronBenchmark.Step(), 100_000),
        ["first 100 mlp steps, each"] = Rounds.Seconds(MlpBenchmark.Step(64, parameters => new SGD(parameters, lr: 1e-6)), 100),
    });
}
