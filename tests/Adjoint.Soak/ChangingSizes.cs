using System.Diagnostics;
using System.Globalization;

namespace Adjoint.Soak;

/// <summary>Threads that go from phase to phase in random order; meanwhile the resident memory is held against what lives.</summary>
internal sealed class ChangingSizes(int seconds, int threads, int seed)
{
    // What belonged to a phase that has ended may be found with the next collections; until then it counts as living.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private const double Factor = 1.5, More = 100e6;

    private readonly Lock _gate = new();
    private readonly Queue<(TimeSpan Ended, long Living)> _ended = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _living;

    internal int Run()
    {
        Phase[] phases = Phase.All();
        foreach (Phase phase in phases) Console.WriteLine(Text($"{phase.Name}: {phase.Living / 1e6:F0} MB live"));
        Cpu.Memory.Trim();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _watch.Restart();
        Thread[] all = [.. Enumerable.Range(0, threads).Select(t => new Thread(() => Work(phases, new Random(seed * 1000 + t))))];
        foreach (Thread thread in all) thread.Start();
        bool kept = Watch();
        foreach (Thread thread in all) thread.Join();
        return kept ? 0 : 1;
    }

    private bool IsOver => _watch.Elapsed.TotalSeconds > seconds;

    private void Work(Phase[] phases, Random random)
    {
        while (!IsOver)
        {
            Phase phase = phases[random.Next(phases.Length)];
            lock (_gate) _living += phase.Living;
            TimeSpan until = _watch.Elapsed + TimeSpan.FromSeconds(random.NextDouble() * 3);
            Steps(phase, random, until);
            lock (_gate)
            {
                _living -= phase.Living;
                _ended.Enqueue((_watch.Elapsed, phase.Living));
            }
        }
    }

    private void Steps(Phase phase, Random random, TimeSpan until)
    {
        Action<Random> step = phase.Begin(random);
        do step(random); while (_watch.Elapsed < until && !IsOver);
    }

    /// <summary>Whether the memory stayed within its bounds.</summary>
    private bool Watch()
    {
        double worst = double.MinValue;
        string at = "";
        while (!IsOver)
        {
            long living;
            lock (_gate)
            {
                while (_ended.TryPeek(out var first) && _watch.Elapsed - first.Ended > Settling) _ended.Dequeue();
                // Of the phases that have just ended one a thread, as the next one takes their place.
                living = Math.Max(_living, _ended.OrderByDescending(e => e.Living).Take(threads).Sum(e => e.Living));
            }
            double resident = Resident(), over = resident - (Factor * living + More);
            if (over > worst)
            {
                worst = over;
                at = Text($"{_watch.Elapsed.TotalSeconds:F1} s: {resident / 1e6:F0} MB resident, {living / 1e6:F0} live, ")
                    + Text($"{Cpu.Memory.InUse / 1e6:F0} in use, {Cpu.Memory.Cached / 1e6:F0} cached, {GC.GetTotalMemory(false) / 1e6:F0} managed");
            }
            Thread.Sleep(20);
        }
        Console.WriteLine($"nearest to the bound of {Factor} x what lives and {More / 1e6} MB after {at}");
        return worst <= 0;
    }

    private static double Resident()
    {
        if (OperatingSystem.IsLinux())
            return double.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
