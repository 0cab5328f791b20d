using System.Globalization;
using Adjoint.Benchmarks.Compare;

namespace Adjoint.Benchmarks;

/// <summary>
/// What it costs to leave results to the collector: the same work with results that are left, given back at once, and made in a scope.
/// </summary>
/// <remarks><code>dotnet run -c Release --project benchmarks/Adjoint.Benchmarks -- lifetimes [rounds [ops in a scope]]</code></remarks>
internal static class LifetimeBenchmark
{
    private const double Target = 0.05;

    public static int Run(string[] arguments)
    {
        int Number(int place, int otherwise) =>
            arguments.Length > place ? int.Parse(arguments[place], CultureInfo.InvariantCulture) : otherwise;
        int rounds = Number(0, 7), inside = Number(1, 1);
        Console.WriteLine($"{"",-22} {"at once",10} {"left",8} {"scope",8}   (us; times of at once; {inside} operations in a scope)");
        double empty = 0;
        for (int i = 0; i < 20; i++) empty = Rounds.Seconds(static () => Cpu.Memory.Scope().Dispose(), 20_000);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a scope by itself: {empty * 1e9:F0} ns"));
        foreach ((string name, Func<Tensor> work) in Works()) Print(name, work, rounds, inside);
        return 0;
    }

    private static IEnumerable<(string, Func<Tensor>)> Works()
    {
        foreach (int size in (int[])[100_000, 300_000, 1_000_000])
        {
            Tensor x = Tensor.Rand(size) + 0.5, y = Tensor.Rand(size) + 0.5;
            yield return ($"add {size}", () => x + y);
            yield return ($"relu {size}", () => x.Relu());
            yield return ($"exp {size}", () => x.Exp());
            yield return ($"tanh {size}", () => x.Tanh());
        }
        foreach ((int m, int k, int n) in ((int, int, int)[])[(2048, 64, 64), (300, 96, 700), (512, 512, 512)])
        {
            Tensor a = Tensor.Rand(m, k), b = Tensor.Rand(k, n);
            yield return ($"product {m}x{k}x{n}", () => a.MatMul(b));
        }
    }

    private static void Print(string name, Func<Tensor> work, int rounds, int inside)
    {
        Action[] ways = [() => work().Dispose(), () => work(), () =>
        {
            using MemoryScope scope = Cpu.Memory.Scope();
            for (int i = 0; i < inside; i++) work();
        }];
        double[] calls = new double[ways.Length];
        for (int i = 0; i < ways.Length; i++)
        {
            Rounds.Seconds(ways[i], 200);
            calls[i] = Math.Max(1, Target / Rounds.Seconds(ways[i], 50));
        }
        // The ways take turns, so that what else the machine does concerns all of them.
        double[][] times = [.. ways.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < ways.Length; i++)
                times[i][round] = Rounds.Seconds(ways[i], (int)calls[i]) / (i == 2 ? inside : 1);
        double[] median = [.. times.Select(t => t.Order().ElementAt(rounds / 2))];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-22} {median[0] * 1e6,10:F1} {median[1] / median[0],8:F2} {median[2] / median[0],8:F2}"));
    }
}
