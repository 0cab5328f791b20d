using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Adjoint.Benchmarks.Compare;

/// <summary>What a sample's seconds are.</summary>
internal enum Clock
{
    /// <summary>Seconds that went by: for work on several threads.</summary>
    Wall,

    /// <summary>Seconds that the calling thread was on a core: for work on one thread, as nobody else's work counts.</summary>
    Thread,
}

/// <summary>Reads a <see cref="Clock"/>.</summary>
internal static partial class Clocks
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    /// <summary>Seconds since some moment; the thread's clock is the wall's where the system has none.</summary>
    public static double Now(this Clock clock)
    {
        if (clock == Clock.Thread && OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out Time time) == 0)
            return time.Seconds + time.Nanoseconds * 1e-9;
        return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds, Nanoseconds;
    }
}
