using System.Diagnostics;
using System.Globalization;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Benchmarks;

/// <summary>Steps as they are and compiled, taking turns within a run: medians of rounds, their ratio, and bytes allocated a call.</summary>
/// <remarks>Usage: <c>compiled [filter] [rounds]</c>; the first calls: <c>compiled --start [filter]</c>.</remarks>
internal static class CompiledBenchmark
{
    public static int Run(string[] arguments)
    {
        int rounds = arguments.Select(a => int.TryParse(a, out int n) ? n : 0).FirstOrDefault(n => n > 0, 11);
        bool isStart = arguments.Contains("--start");
        string filter = arguments.FirstOrDefault(a => a != "--start" && !int.TryParse(a, out _)) ?? "";
        if (isStart) return Start(filter);
        Console.WriteLine($"{"work",-34} {"eager us",10} {"compiled us",12} {"ratio",7} {"bytes eager",12} {"compiled",9}");
        foreach ((string name, Func<(Action Eager, Action Compiled, double Parts)> make) in Works())
        {
            if (!name.Contains(filter, StringComparison.Ordinal)) continue;
            (Action eager, Action compiled, double parts) = make();
            int calls = CallsFor(eager);
            Warm(eager, calls);
            Warm(compiled, calls);
            Thread.Sleep(300);
            Warm(compiled, calls);
            var times = new List<(double Eager, double Compiled)>();
            for (int i = 0; i < rounds; i++) times.Add((Seconds(eager, calls), Seconds(compiled, calls)));
            double e = Median(times.Select(t => t.Eager)), c = Median(times.Select(t => t.Compiled));
            string each = parts > 1 ? string.Create(CultureInfo.InvariantCulture, $"   {c * 1e9 / parts:F2} ns an operation") : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-34} {e * 1e6,10:F3} {c * 1e6,12:F3} {Median(times.Select(t => t.Eager / t.Compiled)),7:F2} {Bytes(eager),12} {Bytes(compiled),9}{each}"));
        }
        return 0;
    }

    // The first calls of each, in milliseconds.
    private static int Start(string filter)
    {
        Console.WriteLine($"{"first calls, ms",-34} {"eager",28} {"compiled",40} {"later, at most",16}");
        foreach ((string name, Func<(Action Eager, Action Compiled, double Parts)> make) in Works())
        {
            if (!name.Contains(filter, StringComparison.Ordinal)) continue;
            (Action eager, Action compiled, _) = make();
            double[] e = First(eager, 3), c = First(compiled, 60);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-34} {Text(e),28} {Text(c[..4]),40} {c[4..].Max(),16:F2}"));
        }
        return 0;

        static double[] First(Action work, int count) => [.. Enumerable.Range(0, count).Select(_ => Seconds(work, 1) * 1e3)];

        static string Text(double[] times) =>
            string.Join(" ", times.Select(t => t.ToString("F2", CultureInfo.InvariantCulture)));
    }

    private static IEnumerable<(string, Func<(Action, Action, double)>)> Works()
    {
        yield return ("neuron, SGD", Neuron);
        foreach (int length in (int[])[2_000, 20_000, 200_000, 1_000_000]) yield return ($"chain of {length}", () => Chain(length));
        yield return ("mlp 32-64-64-10 b16, Adam", () => Mlp([32, 64, 64, 10], 16, p => new Adam(p)));
        yield return ("mlp 32-64-64-10 b16, SGD", () => Mlp([32, 64, 64, 10], 16, p => new SGD(p, 0.01)));
        yield return ("mlp 784-512-512-10 b64, SGD", () => Mlp([784, 512, 512, 10], 64, p => new SGD(p, 0.01)));
        yield return ("mlp 784-512-512-10 b64, Adam", () => Mlp([784, 512, 512, 10], 64, p => new Adam(p)));
        foreach (int size in (int[])[100_000, 1_000_000]) yield return ($"add mul relu clamp where {size}", () => ElementWise(size));
        foreach (int size in (int[])[100_000, 1_000_000]) yield return ($"exp tanh log sigmoid {size}", () => Elementary(size));
        foreach (int size in (int[])[100_000, 1_000_000]) yield return ($"rows, columns, in place {size}", () => Broadcasts(size));
    }

    private static (Action, Action, double) Neuron()
    {
        Func<Action> make(bool isCompiled) => () =>
        {
            Tensor w = Tensor.Scalar(0.5, requiresGrad: true), b = Tensor.Scalar(0.1, requiresGrad: true);
            Tensor x = Tensor.Scalar(2.0), t = Tensor.Scalar(1.0);
            var optimizer = new SGD([w, b], 0.01);
            Action<Tensor, Tensor> step = (x, t) =>
            {
                optimizer.ZeroGrad();
                (w * x + b - t).Square().Backward();
                optimizer.Step();
            };
            if (isCompiled) step = Compiled.Step(step).Call;
            return () => step(x, t);
        };
        return (make(false)(), make(true)(), 1);
    }

    private static (Action, Action, double) Chain(int length)
    {
        Tensor w = Tensor.Scalar(0.999, requiresGrad: true), x = Tensor.Scalar(0.5);
        Func<Tensor, Tensor> step = x =>
        {
            w.Grad = null;
            Tensor y = x;
            for (int i = 0; i < length / 2; i++) y = y * w + x;
            y.Backward();
            return y;
        };
        var compiled = Compiled.Step(step, verify: 0);
        return (() => step(x), () => compiled.Call(x), 3 * length);
    }

    private static (Action, Action, double) Mlp(int[] sizes, int batch, Func<IEnumerable<Tensor>, Optimizer> optimizer)
    {
        Func<Action> make(bool isCompiled) => () =>
        {
            Rng.ManualSeed(1);
            List<Module> layers = [];
            for (int i = 1; i < sizes.Length; i++)
            {
                layers.Add(new Nn.Linear(sizes[i - 1], sizes[i]));
                if (i < sizes.Length - 1) layers.Add(new ReLU());
            }
            var net = new Sequential([.. layers]);
            Optimizer opt = optimizer(net.Parameters());
            Tensor x = Tensor.Randn(batch, sizes[0]), t = Tensor.RandInt(0, sizes[^1], [batch]);
            Func<Tensor, Tensor, Tensor> step = (x, t) =>
            {
                opt.ZeroGrad();
                Tensor loss = F.CrossEntropy(net.Call(x), t);
                loss.Backward();
                opt.Step();
                return loss;
            };
            if (isCompiled) step = Compiled.Step(step).Call;
            return () => step(x, t);
        };
        return (make(false)(), make(true)(), 1);
    }

    private static (Action, Action, double) ElementWise(int size)
    {
        Tensor a = Tensor.Randn(size), b = Tensor.Randn(size), c = Tensor.Randn(size);
        Func<Tensor, Tensor, Tensor, Tensor> f = (a, b, c) => Tensor.Where(c > 0, ((a + b) * c).Relu().Clamp(0.1, 2) * a + b, (a * 0.5).Clamp(-1, 1));
        var compiled = Compiled.Function(f);
        return (() => f(a, b, c), () => compiled.Call(a, b, c), 1);
    }

    private static (Action, Action, double) Elementary(int size)
    {
        Tensor a = Tensor.Randn(size), b = Tensor.Randn(size);
        Func<Tensor, Tensor, Tensor> f = (a, b) => ((a * 0.5).Exp().Tanh() + (b.Square() + 1).Log()).Sigmoid() * b;
        var compiled = Compiled.Function(f);
        return (() => f(a, b), () => compiled.Call(a, b), 1);
    }

    private static (Action, Action, double) Broadcasts(int size)
    {
        Tensor a = Tensor.Randn(size / 100, 100), row = Tensor.Randn(100), column = Tensor.Randn(size / 100, 1);
        Func<Tensor, Tensor, Tensor, Tensor> f = (a, row, column) => ((a + row) * column).MulInPlace(0.5).AddInPlace(a).Relu() - row;
        var compiled = Compiled.Function(f);
        return (() => f(a, row, column), () => compiled.Call(a, row, column), 1);
    }

    private static void Warm(Action work, int calls)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < 0.5;)
            for (int i = 0; i <= calls / 10; i++) work();
    }

    private static int CallsFor(Action work)
    {
        int calls = 1;
        while (Seconds(work, calls) * calls < 0.01 && calls < 1_000_000) calls *= 4;
        return Math.Max(1, (int)(0.05 / Seconds(work, calls)));
    }

    private static double Seconds(Action work, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }

    private static long Bytes(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) work();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / 10;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
