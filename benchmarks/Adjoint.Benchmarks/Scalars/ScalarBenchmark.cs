using System.Diagnostics;

namespace Adjoint.Benchmarks.Scalars;

/// <summary>
/// Derivatives of scalar programs against other libraries, C++ and C#, the same jobs round robin in one run. Ratios are medians of
/// the ratios of each round: above 1 we are faster. Build the peers first: benchmarks/scalar/build.sh
/// </summary>
internal static class ScalarBenchmark
{
    /// <summary>A peer that does not know a job by one of our names for it does it by its first name, its own fastest way.</summary>
    private sealed record Job(string[] Names, int Operations, double Check, double Tolerance);

    private static readonly Job[] s_jobs =
    [
        new(["neuron", "neuron-gradient", "neuron-forward"], 1, 3, 1e-3),
        new(["loop", "loop-forward"], 2 * ScalarJobs.Size, 448.2728310994, 1e-9),
        new(["rosenbrock"], 1, -0.3365883939, 1e-9),
        new(["product"], 1, 0.9997373701, 1e-9),
        new(["jacobian", "jacobian-rows", "jacobian-reverse"], 1, -4.781561465e-06, 1e-9),
    ];

    public static int Run(string[] arguments)
    {
        string folder = arguments.Length > 0 ? arguments[0] : "benchmarks/scalar/bin";
        int rounds = arguments.Length > 1 ? int.Parse(arguments[1]) : 61;
        (string Name, IContestant Who)[] peers =
        [
            .. new[]
            {
                ("ADOL-C, tape reused", "adolc", ""), ("ADOL-C, taped anew", "adolc", "+tape"), ("Eigen, forward", "eigen", ""),
                ("DeepSigma (C#)", "deepsigma", ""), ("AutoDiff (C#)", "alexshtf", ""),
            }
            .Select(peer => (Name: peer.Item1, Path: Path.Combine(folder, peer.Item2), Suffix: peer.Item3))
            .Where(peer => File.Exists(peer.Path))
            .Select(peer => (peer.Name, (IContestant)new Peer(peer.Path, peer.Suffix))),
        ];
        if (peers.Length == 0)
        {
            Console.Error.WriteLine($"scalar: no peers in '{folder}'. Build them with benchmarks/scalar/build.sh, or name their folder.");
            return 1;
        }
        IEnumerable<Job> jobs = arguments.Length > 2 ? s_jobs.Where(job => job.Names.Contains(arguments[2])) : s_jobs;
        Ours ours = new();

        Console.WriteLine($"{"job",-18}{"ours",12}   {"peer",-20}{"theirs",12}{"ratio",8}");
        bool agreed = true;
        foreach (Job job in jobs)
            foreach (string name in job.Names)
                agreed &= Compare(job, name, ours, peers, rounds);
        return agreed ? 0 : 1;
    }

    private static bool Compare(Job job, string name, Ours ours, (string Name, IContestant Who)[] peers, int rounds)
    {
        List<double> own = [];
        List<double>[] times = [.. peers.Select(_ => new List<double>())], ratios = [.. peers.Select(_ => new List<double>())];
        bool agreed = true;
        int repeats = Calibrate(ours, name);
        for (int round = 0; round < rounds; round++)
        {
            double mine = Measure(ours, name)!.Value;
            own.Add(mine);
            for (int p = 0; p < peers.Length; p++)
                if ((Measure(peers[p].Who, name) ?? Measure(peers[p].Who, job.Names[0])) is { } time)
                {
                    times[p].Add(time);
                    ratios[p].Add(time / mine);
                }
        }
        string perOperation = job.Operations > 1 ? $"   {Median(own) / job.Operations:F2} ns an operation" : "";
        Console.WriteLine($"{name,-18}{Time(own)}{perOperation}");
        for (int p = 0; p < peers.Length; p++)
            if (ratios[p].Count > 0)
                Console.WriteLine($"{"",-18}{"",12}   {peers[p].Name,-20}{Time(times[p])}{$"{Median(ratios[p]):F2}x",8}");
        return agreed;

        double? Measure(IContestant who, string asked)
        {
            if (who.Run(asked, repeats) is not { } run) return null;
            if (agreed && Math.Abs(run.Check - job.Check) > job.Tolerance * Math.Abs(job.Check))
            {
                Console.Error.WriteLine($"scalar: {asked} gave {run.Check:R}, but it should be {job.Check:R}.");
                agreed = false;
            }
            return run.Nanoseconds;
        }
    }

    /// <summary>
    /// How often to repeat for about 1 ms. Bursts of work, and between them pauses in which the runtime installs the code of the next
    /// tier: as long as the C# peers warm themselves up.
    /// </summary>
    private static int Calibrate(Ours ours, string job)
    {
        double fastest = double.PositiveInfinity;
        for (int burst = 0; burst < 6; burst++)
        {
            long from = Stopwatch.GetTimestamp();
            do fastest = Math.Min(fastest, ours.Run(job, 40)!.Value.Nanoseconds);
            while (Stopwatch.GetElapsedTime(from).TotalMilliseconds < 50);
            Thread.Sleep(150);
        }
        return (int)Math.Clamp(1e6 / fastest, 1, 200_000);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static string Time(List<double> nanoseconds) =>
        (nanoseconds.Count == 0 ? "" : Median(nanoseconds) is var t && t < 1e3 ? $"{t:F1} ns" : $"{t / 1e3:F1} us").PadLeft(12);
}
