using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Adjoint.Kernels;

namespace Adjoint.Benchmarks;

/// <summary>
/// The loops of element-wise operations and the sum, on float, against PyTorch. The two take turns within a run, each timing a
/// loop of its own; the ratio is the median of the rounds' ratios of times, above 1 where Adjoint is faster.
/// </summary>
/// <remarks>Usage: <c>loops [rounds] [filter] [1T|2T]</c>. PyTorch writes into memory that is there (`out=`), as the loops do.</remarks>
internal static class LoopBenchmark
{
    private static readonly int[] s_sizes = [1_000, 100_000, 1_000_000, 10_000_000];

    public static int Run(string[] arguments)
    {
        int rounds = arguments.Select(a => int.TryParse(a, out int n) ? n : 0).FirstOrDefault(n => n > 0, 9);
        string filter = arguments.FirstOrDefault(a => !int.TryParse(a, out _) && !a.EndsWith('T')) ?? "";
        string script = Path.Combine(FindRoot(), "benchmarks", "torch", "elementwise.py");
        var table = new SortedDictionary<string, string>(StringComparer.Ordinal);
        int[] threads = arguments.Contains("1T") ? [1] : arguments.Contains("2T") ? [2] : [1, 2];
        Console.WriteLine("us = microseconds of Adjoint; x = time of PyTorch / time of Adjoint: above 1, Adjoint is faster");
        foreach (int count in threads)
        {
            Threads.Count = count;
            foreach ((string name, double seconds, double ratio) in Compare(script, count, rounds, filter))
            {
                table.TryAdd(name, "");
                table[name] += string.Create(CultureInfo.InvariantCulture, $"| {count}T {seconds * 1e6,9:f2} us {ratio,6:f2} x ");
            }
        }
        foreach ((string name, string line) in table) Console.WriteLine($"{name,-22}{line}");
        return 0;
    }

    private static IEnumerable<(string Name, double Seconds, double Ratio)> Compare(string script, int threads, int rounds, string filter)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", script) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TORCH_THREADS"] = start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        using Process torch = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start.");
        Dictionary<string, Action> works = Works(filter);
        Dictionary<string, int> calls = works.ToDictionary(w => w.Key, w => CallsFor(w.Value));
        var samples = works.Keys.ToDictionary(k => k, _ => new List<(double Own, double Other)>());
        for (int round = 0; round < rounds; round++)
        {
            torch.StandardInput.WriteLine();
            torch.StandardInput.Flush();
            string answer = torch.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{script} ended without an answer.");
            Dictionary<string, double> others = JsonSerializer.Deserialize<Dictionary<string, double>>(answer)!;
            foreach ((string name, Action work) in works)
                samples[name].Add((Seconds(work, calls[name]), others.GetValueOrDefault(name + "|out", others[name])));
        }
        torch.StandardInput.Close();
        torch.WaitForExit();
        foreach ((string name, List<(double Own, double Other)> s) in samples)
            yield return (name, Median(s.Select(v => v.Own)), Median(s.Select(v => v.Other / v.Own)));
    }

    private static Dictionary<string, Action> Works(string filter)
    {
        var works = new Dictionary<string, Action>();
        foreach (int size in s_sizes)
        {
            var random = new System.Random(size);
            float[] x = Aligned(size), y = Aligned(size), z = Aligned(size), total = new float[1];
            for (int i = 0; i < size; i++) (x[i], y[i]) = (random.NextSingle() + 0.5f, random.NextSingle() + 0.5f);
            works[$"add {size}"] = () => ElementWise.Binary<AddOp, float>(default, x, y, z);
            works[$"mul {size}"] = () => ElementWise.Binary<MulOp, float>(default, x, y, z);
            works[$"relu {size}"] = () => ElementWise.Unary<ReluOp, float>(default, x, z);
            works[$"exp {size}"] = () => ElementWise.Unary<ExpOp, float>(default, x, z);
            works[$"tanh {size}"] = () => ElementWise.Unary<TanhOp, float>(default, x, z);
            works[$"sigmoid {size}"] = () => ElementWise.Unary<SigmoidOp, float>(default, x, z);
            works[$"log {size}"] = () => ElementWise.Unary<LogOp, float>(default, x, z);
            works[$"sum {size}"] = () => Reduce.Sum<float>(x, 1, x.Length, 1, total);
        }
        return works.Where(w => w.Key.Contains(filter, StringComparison.Ordinal)).ToDictionary();
    }

    private static float[] Aligned(int size) => GC.AllocateArray<float>(size, pinned: true);

    private static int CallsFor(Action work)
    {
        int calls = 1;
        double seconds = Seconds(work, 20);
        while ((seconds = Seconds(work, calls) * calls) < 0.004 && calls < 100_000) calls *= 4;
        return Math.Max(1, (int)(calls * 0.004 / seconds));
    }

    private static double Seconds(Action work, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Adjoint.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException($"Adjoint.slnx is in no folder above {AppContext.BaseDirectory}; run the benchmark from a checkout.");
    }
}
