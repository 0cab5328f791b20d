using System.Diagnostics;
using System.Globalization;

namespace Peers;

/// <summary>The protocol of all contestants: "job repeats" is answered by "nanoseconds-per-repeat check-value".</summary>
internal static class Server
{
    /// <summary>A job is made when it is first asked for, and does its work once with each call.</summary>
    public static void Serve(Dictionary<string, Func<Func<double>>> jobs)
    {
        Dictionary<string, Func<double>> made = [];
        while (Console.In.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !jobs.TryGetValue(words[0], out Func<Func<double>>? make))
            {
                Console.Out.WriteLine("nan nan");
                Console.Out.Flush();
                continue;
            }
            if (!made.TryGetValue(words[0], out Func<double>? job))
            {
                made[words[0]] = job = make();
                // The objects of a tape lie side by side, as in a program that has been running for a while.
                GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
                WarmUp(job);
            }
            int repeats = int.Parse(words[1], CultureInfo.InvariantCulture);
            // Untimed: a core that has just been idle is slow at first.
            Measure(job, repeats / 4);
            (double nanoseconds, double check) = Measure(job, repeats);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:R} {check:R}"));
            Console.Out.Flush();
        }
    }

    private static (double Nanoseconds, double Check) Measure(Func<double> job, int repeats)
    {
        double check = 0;
        long from = Stopwatch.GetTimestamp();
        for (int r = 0; r < repeats; r++) check = job();
        return (Stopwatch.GetElapsedTime(from).TotalNanoseconds / repeats, check);
    }

    /// <summary>Not counted: bursts of work, and between them pauses in which the runtime installs the code of the next tier.</summary>
    private static void WarmUp(Func<double> job)
    {
        for (int burst = 0; burst < 6; burst++)
        {
            long from = Stopwatch.GetTimestamp();
            do Measure(job, 40);
            while (Stopwatch.GetElapsedTime(from).TotalMilliseconds < 50);
            Thread.Sleep(150);
        }
    }
}
