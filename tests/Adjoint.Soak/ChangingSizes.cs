using System.Globalization;

namespace Adjoint.Soak;

/// <summary>Threads that go from phase to phase in random order; meanwhile the resident memory is held against what lives.</summary>
/// <remarks>
/// Note [What lives]: each thread has what its present phase has at the height of a step, or what a phase had that it has just left, if
/// that is more: a collection has to find that first. How long that may take is counted in work, not in seconds: until so many bytes of
/// tensors were made.
/// </remarks>
internal sealed class ChangingSizes(double gigabytes, int threads, int seed, int megabytes)
{
    private const double Factor = 1.5;
    private const long Settling = 2_000_000_000, LongestPhase = 4_000_000_000;

    private readonly double _more = megabytes * 1e6;
    private readonly Lock _gate = new();
    private readonly Share[] _shares = [.. Enumerable.Range(0, threads).Select(_ => new Share())];
    private long _made;
    private int _working = threads;

    internal int Run()
    {
        Phase[] phases = Phase.All();
        foreach (Phase phase in phases) Console.WriteLine(Text($"{phase.Name}: {phase.Living / 1e6:F0} MB live"));
        Cpu.Memory.Trim();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Thread[] all = [.. _shares.Select((share, t) => new Thread(() => Work(phases, share, new Random(seed * 1000 + t))))];
        foreach (Thread thread in all) thread.Start();
        bool kept = Watch();
        foreach (Thread thread in all) thread.Join();
        return kept ? 0 : 1;
    }

    private void Work(Phase[] phases, Share share, Random random)
    {
        while (share.Made < gigabytes * 1e9)
        {
            Phase phase = phases[random.Next(phases.Length)];
            lock (_gate) share.Begin(phase);
            Steps(phase, share, random, share.Made + random.NextInt64(LongestPhase));
            lock (_gate) share.End(_made);
        }
        Interlocked.Decrement(ref _working);
    }

    private void Steps(Phase phase, Share share, Random random, long until)
    {
        Action<Random> step = phase.Begin(random);
        do
        {
            step(random);
            lock (_gate)
            {
                share.Made += phase.Living;
                _made += phase.Living;
            }
        }
        while (share.Made < until);
    }

    /// <summary>Whether the memory stayed within its bounds.</summary>
    private bool Watch()
    {
        double worst = double.MinValue;
        string at = "";
        while (Volatile.Read(ref _working) > 0)
        {
            long living, made;
            string names;
            // What is resident is read after what lives: a phase that begins in between takes a while to grow.
            lock (_gate)
            {
                made = _made;
                living = _shares.Sum(share => share.Living(made - Settling));
                names = string.Join("; ", _shares.Select(share => share.Phase?.Name));
            }
            double resident = Resident(), over = resident - (Factor * living + _more);
            if (over > worst)
            {
                worst = over;
                at = Text($"{made / 1e9:F1} GB: {resident / 1e6:F0} MB resident, {living / 1e6:F0} live ({names}), ")
                    + Text($"{Cpu.Memory.InUse / 1e6:F0} in use, {Cpu.Memory.Cached / 1e6:F0} cached, {GC.GetTotalMemory(false) / 1e6:F0} managed");
            }
            Thread.Sleep(20);
        }
        Console.WriteLine($"nearest to the bound of {Factor} x what lives and {megabytes} MB after {at}");
        return worst <= 0;
    }

    private static double Resident()
    {
        if (OperatingSystem.IsLinux())
            return double.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture)
                * Environment.SystemPageSize;
        return Environment.WorkingSet;
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>What one thread has. See Note [What lives].</summary>
    private sealed class Share
    {
        private readonly Queue<(long Ended, long Living)> _ended = new();

        internal long Made;

        internal Phase? Phase { get; private set; }

        internal void Begin(Phase phase) => Phase = phase;

        internal void End(long made)
        {
            _ended.Enqueue((made, Phase!.Living));
            Phase = null;
        }

        internal long Living(long since)
        {
            while (_ended.TryPeek(out var first) && first.Ended < since) _ended.Dequeue();
            return _ended.Select(ended => ended.Living).Append(Phase?.Living ?? 0).Max();
        }
    }
}
