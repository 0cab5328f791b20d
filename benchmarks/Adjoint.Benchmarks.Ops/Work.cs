using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Adjoint.Benchmarks.Ops;

/// <summary>Times calls by the processor time of this thread, which other programs on the machine do not lengthen; on several threads by the clock.</summary>
internal static unsafe partial class Work
{
    private const double WarmUp = 0.06, Sample = 0.01;

    private static readonly Dictionary<string, (Action Call, int Count)> s_prepared = [];

    /// <summary>The seconds of one call of a row's function, forward alone or with backward.</summary>
    public static double Time(string name, string layout, int size, bool backward)
    {
        string key = $"{name}|{layout}|{size}|{backward}";
        if (!s_prepared.TryGetValue(key, out (Action Call, int Count) work))
        {
            s_prepared.Clear();
            work.Call = Call(Rows.All.First(row => row.Name == name), new Arguments(layout, size), backward);
            // The runtime optimises what was called often, once nothing new was for a tenth of a second.
            WarmUpFor(work.Call);
            Thread.Sleep(150);
            work.Count = (int)Math.Max(1, WarmUpFor(work.Call) * Sample / WarmUp);
            s_prepared[key] = work;
        }
        double before = Now();
        for (int i = 0; i < work.Count; i++) work.Call();
        return (Now() - before) / work.Count;
    }

    /// <summary>Calls for a while, and says how often.</summary>
    private static int WarmUpFor(Action call)
    {
        double start = Now();
        int calls = 0;
        for (; Now() - start < WarmUp; calls++) call();
        return calls;
    }

    private static Action Call(Row row, Arguments a, bool backward)
    {
        if (!backward) return () => row.Call(a);
        // Laid out as the result is, as PyTorch's ones_like.
        Tensor ones = row.Call(a).Detach() * 0 + 1;
        return () =>
        {
            Arguments leaves = a.AsLeaves();
            row.Call(leaves).Backward(ones);
        };
    }

    private static double Now()
    {
        if (!OperatingSystem.IsLinux() || Cpu.Threads > 1) return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        long* time = stackalloc long[2];
        _ = ReadClock(3, time);
        return time[0] + time[1] * 1e-9;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, long* time);
}
