using System.Text.Json;

namespace Adjoint.Benchmarks.Compare;

/// <summary>
/// Gives samples as JSON objects {name of the work: seconds}, one a line: with <c>--serve</c> one for each line of standard
/// input, so that <c>benchmarks/compare</c> can let contenders take turns; otherwise five.
/// </summary>
internal static class Rounds
{
    private const int Alone = 5;
    private const double WarmUp = 0.4;

    /// <summary>Times each work, called often enough for a sample of about <paramref name="target"/> seconds.</summary>
    public static int Time(string[] arguments, double target, Clock clock, params (string Name, Action Work)[] works)
        => Time(arguments, target, [.. works.Select(work => (work.Name, clock, work.Work))]);

    /// <inheritdoc cref="Time(string[], double, Clock, ValueTuple{string, Action}[])"/>
    public static int Time(string[] arguments, double target, params (string Name, Clock Clock, Action Work)[] works)
    {
        int[] calls = [.. works.Select(work => CallsFor(work.Work, target))];
        return Sample(arguments, () =>
        {
            // Cores that have just been idle are slow at first: the first work runs once without being timed.
            Seconds(works[0].Work, calls[0]);
            var sample = works.Zip(calls, (work, n) => (work.Name, Seconds(work.Work, n, work.Clock))).ToDictionary();
            // What work on one thread costs the collector is a number without noise.
            foreach ((string name, Clock clock, Action work) in works)
                if (clock == Clock.Thread) sample[name + ", bytes"] = Bytes(work);
            return sample;
        });
    }

    private static double Bytes(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Prints what <paramref name="sample"/> finds, once a round.</summary>
    public static int Sample(string[] arguments, Func<Dictionary<string, double>> sample)
    {
        IEnumerable<string> turns = arguments.Contains("--serve") ? Lines() : Enumerable.Repeat("", Alone);
        foreach (string _ in turns) Console.WriteLine(JsonSerializer.Serialize(sample()));
        return 0;
    }

    /// <summary>The time of one of <paramref name="calls"/> calls of <paramref name="work"/>.</summary>
    public static double Seconds(Action work, int calls = 1, Clock clock = Clock.Wall)
    {
        double start = clock.Now();
        for (int i = 0; i < calls; i++) work();
        return (clock.Now() - start) / calls;
    }

    private static IEnumerable<string> Lines()
    {
        while (Console.ReadLine() is { } line) yield return line;
    }

    // The first calls are compiled, and compiled again once the JIT has seen what is hot: a count taken from them would be far too small.
    private static int CallsFor(Action work, double target)
    {
        double start = Clock.Wall.Now();
        do work(); while (Clock.Wall.Now() - start < WarmUp);

        for (int calls = 1; ; calls *= 4)
        {
            double elapsed = Seconds(work, calls) * calls;
            if (elapsed >= target) return (int)Math.Max(1, Math.Round(calls * target / elapsed));
        }
    }
}
