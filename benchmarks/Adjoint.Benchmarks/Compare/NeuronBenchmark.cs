using Adjoint.Optim;

namespace Adjoint.Benchmarks.Compare;

/// <summary>One SGD step of one neuron: w·x + b, squared error, backward, step, zero_grad.</summary>
internal static class NeuronBenchmark
{
    public static int Run(string[] arguments) => Rounds.Time(arguments, target: 0.05, Clock.Thread, ("neuron step", Step()));

    public static Action Step()
    {
        Tensor w = Tensor.Scalar(0.5, requiresGrad: true), b = Tensor.Scalar(0.1, requiresGrad: true);
        Tensor x = Tensor.Scalar(2), y = Tensor.Scalar(3);
        var optimizer = new SGD([w, b], lr: 1e-6);

        return () =>
        {
            Tensor loss = (w * x + b - y).Pow(2);
            loss.Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
        };
    }
}
