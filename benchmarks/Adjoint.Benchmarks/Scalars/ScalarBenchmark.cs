namespace Adjoint.Benchmarks.Scalars;

/// <summary>
/// Derivatives of scalar programs against ADOL-C and Eigen, the same jobs round robin in one run. Ratios are medians of the
/// ratios of each round: above 1 we are faster. Build the peers first: benchmarks/scalar/build.sh
/// </summary>
internal static class ScalarBenchmark
{
    private sealed record Job(string Name, string[] Ours, int Operations, double Check, double Tolerance);

    private static readonly Job[] s_jobs =
    [
        new("neuron", ["neuron", "neuron-forward"], 1, 3, 1e-3),
        new("loop", ["loop", "loop-forward"], 2 * ScalarJobs.Size, 448.2728310994, 1e-9),
        new("rosenbrock", ["rosenbrock"], 1, -0.3365883939, 1e-9),
        new("product", ["product"], 1, 0.9997373701, 1e-9),
        new("jacobian", ["jacobian", "jacobian-reverse"], 1, -4.781561465e-06, 1e-9),
    ];

    public static int Run(string[] arguments)
    {
        string folder = arguments.Length > 0 ? arguments[0] : "benchmarks/scalar/bin";
        int rounds = arguments.Length > 1 ? int.Parse(arguments[1]) : 61;
        if (!File.Exists(Path.Combine(folder, "adolc")) || !File.Exists(Path.Combine(folder, "eigen")))
        {
            Console.Error.WriteLine($"scalar: no peers in '{folder}'. Build them with benchmarks/scalar/build.sh, or name their folder.");
            return 1;
        }
        Ours ours = new();
        (string Name, IContestant Who)[] peers =
        [
            ("ADOL-C", new Peer(Path.Combine(folder, "adolc"))),
            ("ADOL-C retaped", new Peer(Path.Combine(folder, "adolc"), "+tape")),
            ("Eigen", new Peer(Path.Combine(folder, "eigen"))),
        ];

        Console.WriteLine($"{"job",-18}{"ours",12}" + string.Concat(peers.Select(peer => $"{peer.Name,16}{"ratio",8}")));
        bool agreed = true;
        foreach (Job job in s_jobs)
            foreach (string name in job.Ours)
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
                if (Measure(peers[p].Who, job.Name) is { } time)
                {
                    times[p].Add(time);
                    ratios[p].Add(time / mine);
                }
        }
        Console.Write($"{name,-18}{Time(own)}");
        for (int p = 0; p < peers.Length; p++) Console.Write($"{Time(times[p]),16}{(ratios[p].Count == 0 ? "" : $"{Median(ratios[p]):F2}x"),8}");
        Console.WriteLine(job.Operations > 1 ? $"   {Median(own) / job.Operations:F2} ns an operation" : "");
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

    /// <summary>How often to repeat for about 1 ms; runs long enough for the compiler's last tier.</summary>
    private static int Calibrate(Ours ours, string job)
    {
        double fastest = double.PositiveInfinity;
        for (int warm = 0; warm < 80; warm++)
        {
            if (warm == 40) Thread.Sleep(300);
            fastest = Math.Min(fastest, ours.Run(job, 50)!.Value.Nanoseconds);
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
