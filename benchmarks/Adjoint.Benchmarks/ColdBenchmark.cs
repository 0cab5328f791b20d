using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using Adjoint.Benchmarks.Compare;
using Adjoint.Kernels;
using Adjoint.Optim;

namespace Adjoint.Benchmarks;

/// <summary>
/// How a process gets warm: the time of the MLP's training steps, interval by interval, with what the runtime compiled meanwhile.
/// </summary>
/// <remarks>
/// Usage: <c>cold [batch] [threads] [methods]</c>; <c>methods</c> lists those that took longest to compile, which costs time itself.
/// Of this thread's processor time on one thread, of the clock on more.
/// </remarks>
internal static class ColdBenchmark
{
    public static int Run(string[] arguments)
    {
        int batch = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 64;
        using CompiledMethods? compiled = arguments.Contains("methods") ? new() : null;
        Threads.Count = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 1;
        Clock clock = Threads.Count == 1 ? Clock.Thread : Clock.Wall;
        double start = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
        Action step = MlpBenchmark.Step(batch, parameters => new Adam(parameters, lr: 1e-6));
        double made = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
        Console.WriteLine($"to Main {start:f0} ms, to the first step {made:f0} ms");
        Console.WriteLine($"{"steps",14}{"ms a step",12}{"methods",10}{"compiling ms",14}");
        int done = 0;
        foreach (int to in (int[])[1, 10, 100, 200, 400, 800, 1600, 3200])
        {
            (long methods, TimeSpan compiling) = (JitInfo.GetCompiledMethodCount(), JitInfo.GetCompilationTime());
            double each = Rounds.Seconds(step, to - done, clock);
            methods = JitInfo.GetCompiledMethodCount() - methods;
            Console.WriteLine($"{done + 1,7}-{to,6}{each * 1e3,12:f3}{methods,10}{(JitInfo.GetCompilationTime() - compiling).TotalMilliseconds,14:f1}");
            done = to;
        }
        if (compiled is not null) List(compiled);
        return 0;
    }

    private static void List(CompiledMethods compiled)
    {
        lock (compiled.All)
        {
            foreach (var tier in compiled.All.GroupBy(one => one.Tier))
                Console.WriteLine($"{tier.Key,-22}{tier.Count(),8} methods{tier.Sum(one => one.Milliseconds),10:f0} ms");
            foreach (var method in compiled.All.GroupBy(one => one.Method).OrderByDescending(all => all.Sum(one => one.Milliseconds)).Take(60))
                Console.WriteLine($"{method.Sum(one => one.Milliseconds),10:f1} ms in {method.Count(),3}  {method.Key}");
        }
    }
}
