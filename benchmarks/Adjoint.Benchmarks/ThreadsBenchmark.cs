using System.Diagnostics;
using System.Globalization;
using Adjoint.Benchmarks.Compare;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Benchmarks;

/// <summary>Threads with a model each: how many steps a second all of them make, for that of one.</summary>
/// <remarks>
/// <code>dotnet run -c Release --project benchmarks/Adjoint.Benchmarks -- threads [seconds [name [Cpu.Threads]]]</code>
/// Every thread does the same work; the machine decides what two cores can give, so a plain loop of floating-point work stands beside.
/// </remarks>
internal static class ThreadsBenchmark
{
    public static int Run(string[] arguments)
    {
        double seconds = arguments.Length > 0 ? double.Parse(arguments[0], CultureInfo.InvariantCulture) : 1;
        if (arguments.Length > 2) Cpu.Threads = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        int[] counts = [1, 2, 4, 16];
        Console.WriteLine($"{"",-16} {"one, /s",12} {string.Join(" ", counts[1..].Select(n => $"{n,7}"))}   collections/s, pause share (two)");
        foreach ((string name, Func<Action> make) in Works())
        {
            if (arguments.Length > 1 && !name.StartsWith(arguments[1], StringComparison.Ordinal)) continue;
            Measure(make, 2, seconds / 2);
            double[][] rates = [.. counts.Select(_ => new double[3])];
            double collections = 0, pause = 0;
            for (int round = 0; round < 3; round++)
                for (int i = 0; i < counts.Length; i++)
                {
                    int before = GC.CollectionCount(0);
                    TimeSpan paused = GC.GetTotalPauseDuration();
                    rates[i][round] = Measure(make, counts[i], seconds);
                    if (counts[i] == 2)
                        (collections, pause) = ((GC.CollectionCount(0) - before) / seconds,
                            (GC.GetTotalPauseDuration() - paused).TotalSeconds / seconds);
                }
            double[] median = [.. rates.Select(r => r.Order().ElementAt(1))];
            IEnumerable<string> shares = median[1..].Select(r => (r / median[0]).ToString("F2", CultureInfo.InvariantCulture).PadLeft(7));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-16} {median[0],12:F0} {string.Join(" ", shares)}   {collections:F0} {pause:P1}"));
        }
        return 0;
    }

    private static IEnumerable<(string, Func<Action>)> Works()
    {
        yield return ("plain loop", () =>
        {
            var x = new double[512];
            return () =>
            {
                for (int i = 0; i < x.Length; i++) x[i] = x[i] * 0.5 + 1;
            };
        }
        );
        yield return ("neuron", NeuronBenchmark.Step);
        yield return ("objects", () => () =>
        {
            object? last = null;
            for (int i = 0; i < 12; i++) last = new object?[] { last, null, null, null, null, null };
            GC.KeepAlive(last);
        }
        );
        yield return ("mlp 16x32", () => Mlp(16, 32, 64));
        yield return ("mlp 64x256", () => Mlp(64, 256, 256));
        yield return ("add 200000", () =>
        {
            Tensor x = Tensor.Rand(200_000), y = Tensor.Rand(200_000);
            return () => (x + y).Dispose();
        }
        );
    }

    private static Action Mlp(int batch, int inputs, int hidden)
    {
        var net = new Sequential(new Nn.Linear(inputs, hidden), new ReLU(), new Nn.Linear(hidden, 10));
        var optimizer = new SGD(net.Parameters(), lr: 1e-4);
        Tensor x = Tensor.Rand(batch, inputs), y = Tensor.Rand(batch, 10);
        return () =>
        {
            Tensor loss = (net.Call(x) - y).Square().Mean();
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
        };
    }

    private static double Measure(Func<Action> make, int threads, double seconds)
    {
        var counts = new long[threads];
        using var ready = new Barrier(threads + 1);
        bool ended = false;
        Thread[] all = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            Action work = make();
            for (int i = 0; i < 200; i++) work();
            ready.SignalAndWait();
            long done = 0;
            while (!Volatile.Read(ref ended))
            {
                for (int i = 0; i < 8; i++) work();
                done += 8;
            }
            counts[t] = done;
        }))];
        foreach (Thread thread in all) thread.Start();
        ready.SignalAndWait();
        long start = Stopwatch.GetTimestamp();
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        Volatile.Write(ref ended, true);
        // Not until all have stopped, for which each of them needs its turn.
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (Thread thread in all) thread.Join();
        return counts.Sum() / elapsed;
    }
}
