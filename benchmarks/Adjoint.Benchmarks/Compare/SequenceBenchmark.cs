using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Benchmarks.Compare;

/// <summary>benchmarks/torch/sequences.py in C#.</summary>
internal static class SequenceBenchmark
{
    public static int Run(string[] args) => Profiles.Time(args, target: 0.1, Clock.Wall,
        ("lstm step, 32 of 50, 64 to 128", Work(new LSTM(64, 128), [50, 32, 64], (layer, x) => layer.Call(x).Output)),
        ("lstm step, 64 of 100, 2 of 256", Work(new LSTM(256, 256, 2), [100, 64, 256], (layer, x) => layer.Call(x).Output)),
        ("lstm step, 1 of 200, 16 to 32", Work(new LSTM(16, 32), [200, 1, 16], (layer, x) => layer.Call(x).Output)),
        ("gru step, 32 of 50, 64 to 128", Work(new GRU(64, 128), [50, 32, 64], (layer, x) => layer.Call(x).Output)),
        ("encoder step, 32 of 64, 128 wide", Work(new TransformerEncoderLayer(128, 4, 512, 0), [64, 32, 128], (layer, x) => layer.Call(x))));

    private static Action Work<T>(T layer, Shape shape, Func<T, Tensor, Tensor> call) where T : Module
    {
        Tensor x = Tensor.Randn(shape);
        var optimizer = new SGD(layer.Parameters(), 1e-6);
        return () =>
        {
            call(layer, x).Square().Mean().Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
        };
    }
}
