using System.Diagnostics;
using Adjoint.Optim;

namespace Adjoint.Benchmarks.Compare;

/// <summary>20,000 steps of the MLP without a Dispose: resident memory by quarters, its largest value, and the share of time in the garbage collector.</summary>
internal static class MemoryBenchmark
{
    private const int Steps = 20_000, Look = 100;

    public static int Run(string[] arguments) => Rounds.Sample(arguments, () =>
    {
        Action step = MlpBenchmark.Step(64, parameters => new SGD(parameters, lr: 1e-6));
        var megabytes = new List<double>();
        TimeSpan pauses = GC.GetTotalPauseDuration();
        long start = Stopwatch.GetTimestamp();
        for (int i = 1; i <= Steps; i++)
        {
            step();
            if (i % Look == 0) megabytes.Add(ResidentMegabytes());
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        double Quarter(int quarter) => megabytes.Skip((quarter - 1) * megabytes.Count / 4).Take(megabytes.Count / 4).Average();
        return new()
        {
            ["resident in the second quarter, MB"] = Quarter(2),
            ["resident in the last quarter, MB"] = Quarter(4),
            ["resident at most, MB"] = megabytes.Max(),
            ["time in the collector %"] = 100 * (GC.GetTotalPauseDuration() - pauses).TotalSeconds / seconds,
            ["mlp step of 20,000"] = seconds / Steps,
        };
    });

    private static double ResidentMegabytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / 1048576.0;
    }
}
