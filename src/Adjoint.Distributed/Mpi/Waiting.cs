using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Adjoint.Distributed;

/// <summary>How to wait for other processes: at first without a pause, then with pauses that leave the processor to who
/// computes.</summary>
/// <param name="isPolite">Whether another thread or process is likely to need the processor: then there are pauses at once.</param>
/// <param name="most">How long in all.</param>
internal struct Waiting(bool isPolite, TimeSpan most)
{
    private const int Spins = 200, MicrosecondsAtFirst = 50, MicrosecondsLater = 500;

    private readonly long _begin = Stopwatch.GetTimestamp();
    private int _turns;

    /// <summary>Whether it is so long that something may be wrong.</summary>
    internal readonly bool IsLong => _turns > 2 * Spins && Stopwatch.GetElapsedTime(_begin) > TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the time is over.</summary>
    internal readonly bool IsOver => IsLong && Stopwatch.GetElapsedTime(_begin) > most;

    internal void Pause()
    {
        int turn = _turns++;
        if (turn < (isPolite ? Spins / 10 : Spins)) Thread.SpinWait(10);
        else if (turn < Spins * 2 && !isPolite) Thread.Yield();
        else Sleep(IsLong ? MicrosecondsLater : MicrosecondsAtFirst);
    }

    // .NET sleeps a millisecond at least, in which a bucket of gradients could have been sent.
    private static void Sleep(int microseconds)
    {
        if (!OperatingSystem.IsLinux() || !Clock.TrySleep((uint)microseconds)) Thread.Sleep(1);
    }
}

/// <summary>Short sleeps.</summary>
internal static partial class Clock
{
    private static bool s_missing;

    internal static bool TrySleep(uint microseconds)
    {
        if (s_missing) return false;
        try
        {
            _ = USleep(microseconds);
            return true;
        }
        catch (DllNotFoundException)
        {
            return !(s_missing = true);
        }
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int USleep(uint microseconds);
}
