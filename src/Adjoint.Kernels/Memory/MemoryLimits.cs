using System.Globalization;

namespace Adjoint.Kernels;

/// <summary>
/// How much memory there is for the process: of its container, as the collector knows it, and of the machine. A system that hands out
/// more addresses than it has memory ends a process that touches too much; so more is not asked for.
/// </summary>
internal static class MemoryLimits
{
    private const int Refresh = 250; // ms

    // Left to everything else: a runtime that finds no room for a small object, or for its own needs, ends the process.
    private const long LeastReserve = 64L << 20, MostReserve = 256L << 20;
    private const long Large = 64L << 20;

    // The time of the last look begins far enough in the past that the difference to now is large, and not so far that it wraps.
    private static long s_total, s_high, s_asked = long.MinValue / 2;

    /// <summary>Bytes that the process may use in all; 0 if that is not known.</summary>
    internal static long Total
    {
        get
        {
            Look();
            return Volatile.Read(ref s_total);
        }
    }

    /// <summary>Whether <paramref name="more"/> bytes may be asked for and touched.</summary>
    internal static bool Allow(long more)
    {
        Look();
        long used = Math.Max(BlockPool.BytesLent + BlockPool.BytesFree, GC.GetTotalMemory(forceFullCollection: false));
        long reserve = Math.Max(Math.Min(s_total / 4, LeastReserve), Math.Min(s_total / 8, MostReserve));
        if (s_total > 0 && used + more > s_total - reserve) return false;
        return more < Large || more <= Available();
    }

    /// <summary>Whether they may without that the collector begins to collect all it can.</summary>
    internal static bool HaveRoomFor(long more)
    {
        Look();
        if (s_high > 0 && BlockPool.BytesLent + BlockPool.BytesFree + more > s_high) return false;
        return more < Large || more <= Available() - BlockPool.BytesFree;
    }

    private static void Look()
    {
        long now = Environment.TickCount64;
        if (now - Volatile.Read(ref s_asked) < Refresh) return;
        GCMemoryInfo info = GC.GetGCMemoryInfo();
        Volatile.Write(ref s_total, info.TotalAvailableMemoryBytes);
        Volatile.Write(ref s_high, info.HighMemoryLoadThresholdBytes);
        Volatile.Write(ref s_asked, now);
    }

    /// <summary>What the whole machine has left, where the system says so.</summary>
    private static long Available()
    {
        if (!OperatingSystem.IsLinux()) return long.MaxValue;
        try
        {
            const string name = "MemAvailable:";
            foreach (string line in File.ReadLines("/proc/meminfo"))
                if (line.StartsWith(name, StringComparison.Ordinal))
                    return long.Parse(line.AsSpan(name.Length).Trim(" kB"), CultureInfo.InvariantCulture) << 10;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // A system that does not say.
        }
        return long.MaxValue;
    }
}
