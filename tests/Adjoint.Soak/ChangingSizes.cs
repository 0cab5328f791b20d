using System.Globalization;

namespace Adjoint.Soak;

/// <summary>
/// Threads that go from phase to phase in random order, in rounds. What the process holds is looked at where nothing is under way, so that
/// how busy the machine is does not matter: at stops between steps, and between rounds.
/// </summary>
/// <remarks>
/// Note [What lives]: each thread has what its present phase has at the height of a step, or what a phase had that it has just left, if
/// that is more: a collection has to find that first. How long that may take is counted in work, not in seconds: until so many bytes of
/// tensors were made.
///
/// Note [Three looks]: (1) At a stop all threads wait between two steps, so no scratch memory is out and no thread is held up inside an
/// operation; nothing is collected for the look. Resident may then be one and a half times what lives and a fixed number of MB: that is
/// what the pool and its collections are asked to do, and every stop must pass. (2) Meanwhile, every 20 ms, a thread may have been stopped
/// anywhere: as much again is allowed, and no more. (3) After each round, when all threads have ended, everything is collected: what then is
/// in use is what was in use after the first round, and what is managed and resident grows by no more than a few MB a round. This is the
/// slope of a leak, over states that have nothing in them. Each look is a number with a bound; none is taken twice.
/// </remarks>
internal sealed class ChangingSizes(double gigabytes, int threads, int seed, int megabytes, double leak = 0)
{
    private const double Factor = 1.5;
    private const int Rounds = 4;
    private const long Settling = 2_000_000_000, LongestPhase = 1_000_000_000, BetweenStops = 250_000_000;

    // What a round may add: of tensors nothing, of objects and pages what code that is compiled late and the collector's own lists take.
    private const double TensorsARound = 0.1e6, ManagedARound = 1e6, ResidentARound = 12e6;

    private readonly double _more = megabytes * 1e6;
    private readonly Lock _gate = new();
    private readonly Share[] _shares = [.. Enumerable.Range(0, threads).Select(_ => new Share())];
    private readonly List<Tensor> _leaked = [];
    private readonly List<string> _faults = [];
    private Worst _stops = new(), _meanwhile = new();
    private long _made, _stopAt;
    private int _working;

    internal int Run()
    {
        Phase[] phases = Phase.All();
        foreach (Phase phase in phases) Console.WriteLine(Text($"{phase.Name}: {phase.Living / 1e6:F0} MB live"));
        var ends = new List<State>();
        for (int round = 0; round < Rounds; round++)
        {
            RunRound(phases, round);
            ends.Add(State.Collected());
            Console.WriteLine(Text($"after round {round + 1}, {_made / 1e9:F1} GB: {ends[^1]}"));
        }
        Console.WriteLine($"nearest to the bound of {Factor} x what lives and {megabytes} MB at a stop: {_stops.At}");
        Console.WriteLine($"nearest to twice that meanwhile: {_meanwhile.At}");
        if (_stops.Over > 0) _faults.Add("more was resident at a stop than may be");
        if (_meanwhile.Over > 0) _faults.Add("more was resident meanwhile than may be");
        CheckSlope("in use by tensors", ends, end => end.InUse, TensorsARound);
        CheckSlope("managed", ends, end => end.Managed, ManagedARound);
        CheckSlope("resident", ends, end => end.Resident, ResidentARound);
        foreach (string fault in _faults) Console.WriteLine("FAULT: " + fault);
        GC.KeepAlive(_leaked);
        return _faults.Count == 0 ? 0 : 1;
    }

    // The first round is where things are made that stay. Of the three others the line through the first and the last.
    private void CheckSlope(string what, List<State> ends, Func<State, double> of, double allowed)
    {
        double slope = (of(ends[^1]) - of(ends[0])) / (Rounds - 1);
        Console.WriteLine(Text($"{what}: {slope / 1e6:+0.00;-0.00} MB a round, {allowed / 1e6} allowed"));
        if (slope > allowed) _faults.Add($"what is {what} grows from round to round");
    }

    private void RunRound(Phase[] phases, int round)
    {
        double until = gigabytes * 1e9 * (round + 1) / Rounds;
        _stopAt = _made + BetweenStops;
        _working = threads;
        using var stop = new Barrier(threads, _ => LookAtStop());
        Thread[] all = [.. _shares.Select((share, t) => new Thread(() =>
        {
            Work(phases, share, new Random((seed * 1000 + t) * 10 + round), until, stop);
            stop.RemoveParticipant();
            Interlocked.Decrement(ref _working);
        }))];
        foreach (Thread thread in all) thread.Start();
        Watch();
        foreach (Thread thread in all) thread.Join();
        foreach (Share share in _shares) share.Forget();
    }

    private void Work(Phase[] phases, Share share, Random random, double until, Barrier stop)
    {
        while (share.Made < until)
        {
            Phase phase = phases[random.Next(phases.Length)];
            lock (_gate) share.Begin(phase);
            Steps(phase, share, random, Math.Min(until, share.Made + random.NextInt64(LongestPhase)), stop);
            lock (_gate) share.End(_made);
        }
    }

    private void Steps(Phase phase, Share share, Random random, double until, Barrier stop)
    {
        Action<Random> step = phase.Begin(random);
        do
        {
            step(random);
            bool due;
            lock (_gate)
            {
                share.Made += phase.Living;
                _made += phase.Living;
                due = _made >= _stopAt;
            }
            if (due) stop.SignalAndWait();
        }
        while (share.Made < until);
    }

    // All threads wait. See Note [Three looks].
    private void LookAtStop()
    {
        Look(_stops, 1);
        // What a fault would hold: for the test that this finds it.
        long between = _made - _stopAt + BetweenStops;
        if (leak > 0) _leaked.Add(Tensor.Ones((int)(leak * 1e6 / 4 * between / 1e9)));
        _stopAt = _made + BetweenStops;
    }

    private void Watch()
    {
        while (Volatile.Read(ref _working) > 0)
        {
            Look(_meanwhile, 2);
            Thread.Sleep(20);
        }
    }

    private void Look(Worst worst, int times)
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
        double resident = State.Pages(), over = resident - times * (Factor * living + _more);
        if (over <= worst.Over) return;
        worst.Over = over;
        worst.At = Text($"{over / 1e6:F0} MB over after {made / 1e9:F1} GB, {resident / 1e6:F0} resident, {living / 1e6:F0} live ({names}), ")
            + Text($"{Cpu.Memory.InUse / 1e6:F0} in use, {Cpu.Memory.Cached / 1e6:F0} cached, {GC.GetTotalMemory(false) / 1e6:F0} managed");
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private sealed class Worst
    {
        internal double Over = double.MinValue;
        internal string At = "";
    }

    /// <summary>What the process holds when nothing is under way and everything was collected.</summary>
    private readonly record struct State(double InUse, double Managed, double Resident)
    {
        internal static State Collected()
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
                Cpu.Memory.Trim();
            }
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return new(Cpu.Memory.InUse, GC.GetTotalMemory(forceFullCollection: true), Pages());
        }

        internal static double Pages()
        {
            if (OperatingSystem.IsLinux())
                return double.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture)
                    * Environment.SystemPageSize;
            return Environment.WorkingSet;
        }

        public override string ToString() =>
            Text($"{InUse / 1e6:F2} MB in use by tensors, {Managed / 1e6:F2} managed, {Resident / 1e6:F1} resident");
    }

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

        internal void Forget() => _ended.Clear();

        internal long Living(long since)
        {
            while (_ended.TryPeek(out var first) && first.Ended < since) _ended.Dequeue();
            return _ended.Select(ended => ended.Living).Append(Phase?.Living ?? 0).Max();
        }
    }
}
