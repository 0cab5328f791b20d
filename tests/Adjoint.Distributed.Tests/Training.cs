using Adjoint.Data;
using Adjoint.Distributed;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Distributed;

using Linear = Adjoint.Nn.Linear;

/// <summary>Small trainings in double precision, alone and on several ranks, that must give the same numbers.</summary>
internal static class Training
{
    internal const int Inputs = 6, Classes = 3;

    internal static (Tensor X, Tensor Y) Data(int count, long seed = 5)
    {
        var generator = new Generator(seed);
        Tensor x = Tensor.Randn([count, Inputs], DType.Float64, generator: generator);
        return (x, (x.Sum(1) * 2).Abs().To(DType.Int64).Clamp(0, Classes - 1));
    }

    internal static Sequential Mlp(long seed, bool norm = false)
    {
        using GeneratorFork _ = Rng.Fork();
        Rng.ManualSeed(seed);
        return norm
            ? new Sequential(new Linear(Inputs, 16), new BatchNorm1d(16), new Tanh(), new Linear(16, Classes)).Double()
            : new Sequential(new Linear(Inputs, 16), new Tanh(), new Linear(16, 16), new Tanh(), new Linear(16, Classes)).Double();
    }

    /// <summary>The rows of a rank in a step: those of all ranks together are the rows of one process in that step.</summary>
    internal static (Tensor X, Tensor Y) Batch((Tensor X, Tensor Y) data, int step, int each, int ranks, int rank)
    {
        int all = each * ranks, from = step * all % data.X.Shape[0] + rank * each;
        return (data.X[from..(from + each)], data.Y[from..(from + each)]);
    }

    /// <summary>The losses of all steps, over the rows of all ranks.</summary>
    internal static double[] Run(
        ProcessGroup world, Module net, Action step, Action zero, int steps, int each, Action<int>? afterBackward = null)
    {
        (Tensor X, Tensor Y) data = Data(240);
        double[] losses = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            (Tensor x, Tensor y) = Batch(data, i, each, world.Size, world.Rank);
            zero();
            Tensor loss = F.CrossEntropy(net.Call(x), y);
            loss.Backward();
            afterBackward?.Invoke(i);
            step();
            losses[i] = loss.Item();
        }
        world.AllReduce(losses.AsSpan(), ReduceOp.Avg);
        return losses;
    }

    internal static void ShouldBeNear(this double[] values, double[] expected, double most)
    {
        values.Length.ShouldBe(expected.Length);
        for (int i = 0; i < values.Length; i++) values[i].ShouldBe(expected[i], most * Math.Max(1, Math.Abs(expected[i])), $"at {i}");
    }

    internal static double[] Values(Module net) => [.. net.StateDict().Values.SelectMany(x => x.To(DType.Float64).ToArray<double>())];
}
