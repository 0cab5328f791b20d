using System.Diagnostics;
using Adjoint.Distributed;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Distributed;

using Linear = Adjoint.Nn.Linear;

/// <summary>
/// What docs/distributed.md has figures of, measured by hand:
/// <c>mpirun -n 2 Adjoint.Distributed.Tests rank AllReduces</c>, beside benchmarks/mpi/allreduce.c.
/// </summary>
internal static class Speed
{
    [Scenario]
    internal static void AllReduces(string[] _)
    {
        using ProcessGroup world = ProcessGroup.Init();
        foreach (int count in (int[])[1, 1000, 262_144, 401_408, 669_706, 2_500_000])
        {
            float[] values = GC.AllocateArray<float>(count, pinned: true);
            for (int i = 0; i < count; i++) values[i] = i % 7;
            double[] times = new double[count > 100_000 ? 200 : 2000];
            for (int i = -50; i < times.Length; i++)
            {
                world.Barrier();
                long begin = Stopwatch.GetTimestamp();
                world.AllReduce(values.AsSpan(), ReduceOp.Max);
                if (i >= 0) times[i] = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
            }
            Array.Sort(times);
            if (world.Rank == 0) Console.WriteLine($"n={world.Size} k={count} median {times[times.Length / 2]:F1} us p10 {times[times.Length / 10]:F1}");
        }
    }

    /// <summary>
    /// Images a second of the MLP of the README, by the images of a step: all ranks with a thread each, in turns with rank 0 alone with
    /// as many threads, so that both have the same neighbours on the machine.
    /// </summary>
    [Scenario]
    internal static void Throughput(string[] batches)
    {
        using ProcessGroup world = ProcessGroup.Init();
        foreach (int batch in batches.Select(int.Parse))
        {
            int steps = Math.Max(5, 1600 / batch);
            Action alone = Step(Mlp(), batch, p => { var adam = new Adam(p); return (adam.Step, () => adam.ZeroGrad()); });
            (string Name, Action Step)[] shared =
            [
                ("gradients at the end", Parallel(overlap: false, isSharded: false)),
                ("during the pass", Parallel(overlap: true, isSharded: false)),
                ("steps shared", Parallel(overlap: false, isSharded: true)),
                ("steps shared, during", Parallel(overlap: true, isSharded: true)),
            ];
            double[][] rates = [.. shared.Select(_ => new double[9])], ratios = [.. shared.Select(_ => new double[9])];
            double[] single = new double[9];
            for (int round = -3; round < single.Length; round++)
            {
                Cpu.Threads = world.Size;
                double one = Rate(world.Rank == 0 ? alone : null);
                Cpu.Threads = 1;
                if (round >= 0) single[round] = one;
                for (int i = 0; i < shared.Length; i++)
                {
                    double all = Rate(shared[i].Step);
                    if (round >= 0) (rates[i][round], ratios[i][round]) = (all, all / one);
                }
            }
            if (world.Rank != 0) continue;
            Console.WriteLine($"{batch} images a step: alone {Median(single):F0} a second");
            for (int i = 0; i < shared.Length; i++)
                Console.WriteLine($"  {shared[i].Name}: {Median(rates[i]):F0}, ratio {Median(ratios[i]):F2} ({ratios[i][0]:F2} to {ratios[i][^1]:F2})");

            double Rate(Action? step)
            {
                world.Barrier();
                long begin = Stopwatch.GetTimestamp();
                for (int i = 0; step is not null && i < steps; i++)
                {
                    using MemoryScope scope = Cpu.Memory.Scope();
                    step();
                }
                world.Barrier();
                return batch * steps / Stopwatch.GetElapsedTime(begin).TotalSeconds;
            }

            Action Parallel(bool overlap, bool isSharded) => Step(
                new DistributedDataParallel(Mlp(), world, new DataParallelOptions { GradientAsBucketView = true, Overlap = overlap }),
                batch / world.Size, p =>
                {
                    var adam = new Adam(p);
                    if (!isSharded) return (adam.Step, () => adam.ZeroGrad());
                    var zero = new ZeroRedundancyOptimizer(adam, world);
                    return (zero.Step, () => zero.ZeroGrad());
                });
        }
    }

    private static Sequential Mlp() => new(new Linear(784, 512), new ReLU(), new Linear(512, 512), new ReLU(), new Linear(512, 10));

    private static Action Step(Module net, int rows, Func<IEnumerable<Tensor>, (Action Step, Action Zero)> make)
    {
        (Action step, Action zero) = make(net.Parameters());
        Tensor x = Tensor.Rand(rows, 784), y = Tensor.Zeros([rows], DType.Int64);
        return () =>
        {
            zero();
            F.CrossEntropy(net.Call(x), y).Backward();
            step();
        };
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
