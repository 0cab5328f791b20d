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

    /// <summary>Images a second of the MLP of the README, by the images of a step and the threads of a rank.</summary>
    [Scenario]
    internal static void Throughput(string[] arguments)
    {
        using ProcessGroup world = ProcessGroup.Init();
        Cpu.Threads = int.Parse(arguments[0]);
        foreach (int batch in arguments[1..].Select(int.Parse))
        {
            var net = new DistributedDataParallel(
                new Sequential(new Linear(784, 512), new ReLU(), new Linear(512, 512), new ReLU(), new Linear(512, 10)), world,
                new DataParallelOptions { GradientAsBucketView = true });
            var optimizer = new Adam(net.Parameters());
            Tensor x = Tensor.Rand(batch / world.Size, 784), y = Tensor.Zeros([batch / world.Size], DType.Int64);
            double[] times = new double[7];
            int steps = Math.Max(20, 12800 / batch);
            for (int round = -3; round < times.Length; round++)
            {
                world.Barrier();
                long begin = Stopwatch.GetTimestamp();
                for (int i = 0; i < steps; i++)
                {
                    using MemoryScope scope = Cpu.Memory.Scope();
                    optimizer.ZeroGrad();
                    F.CrossEntropy(net.Call(x), y).Backward();
                    optimizer.Step();
                }
                world.Barrier();
                if (round >= 0) times[round] = batch * steps / Stopwatch.GetElapsedTime(begin).TotalSeconds;
            }
            Array.Sort(times);
            if (world.Rank == 0)
                Console.WriteLine($"n={world.Size} threads={Cpu.Threads} batch={batch}: {times[times.Length / 2]:F0} images/s (best {times[^1]:F0})");
        }
    }
}
