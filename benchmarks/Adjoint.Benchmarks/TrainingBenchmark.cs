using System.Diagnostics;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Benchmarks;

/// <summary>Training steps of the network 784-512-512-10 on batches of 64: forward, loss, backward, optimizer. Prints microseconds.</summary>
internal static class TrainingBenchmark
{
    public static int Run(string[] args)
    {
        int steps = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 300;
        string kind = args.Length > 1 ? args[1] : "sgd";
        Rng.ManualSeed(1);
        var net = new Sequential(new Nn.Linear(784, 512), new ReLU(), new Nn.Linear(512, 512), new ReLU(), new Nn.Linear(512, 10));
        Tensor x = Tensor.Rand(64, 784), t = Tensor.RandInt(0, 10, [64]);
        Optimizer optimizer = kind == "adam" ? new Adam(net.Parameters(), 1e-3) : new SGD(net.Parameters(), 1e-2);
        var times = new List<double[]>();
        long allocated = 0;
        for (int step = 0; step < steps; step++)
        {
            if (step == steps / 2) allocated = GC.GetAllocatedBytesForCurrentThread();
            long a = Stopwatch.GetTimestamp();
            optimizer.ZeroGrad();
            Tensor loss = F.CrossEntropy(net.Call(x), t);
            long b = Stopwatch.GetTimestamp();
            loss.Backward();
            long c = Stopwatch.GetTimestamp();
            optimizer.Step();
            long d = Stopwatch.GetTimestamp();
            if (step >= steps / 2) times.Add([Micro(b - a), Micro(c - b), Micro(d - c), Micro(d - a)]);
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        string[] parts = ["forward", "backward", "step", "all"];
        for (int i = 0; i < 4; i++)
        {
            double[] sorted = [.. times.Select(row => row[i]).Order()];
            Console.WriteLine($"{parts[i],-10} median {sorted[sorted.Length / 2],8:F1}  best {sorted[0],8:F1}");
        }
        Console.WriteLine($"allocated {allocated / times.Count} bytes a step; collections {GC.CollectionCount(0)} {GC.CollectionCount(1)} {GC.CollectionCount(2)}");
        return 0;
    }

    private static double Micro(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
