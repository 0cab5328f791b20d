using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>How many threads begin parallel loops these days, and what each may then take of the processors.</summary>
/// <remarks>
/// Note [Callers]: with two callers on two processors a worker is a third thread that wants one of them, and a loop waits for a worker that
/// has no turn: two threads with a network each made 0.84 of the steps of one, and make 1.3 when each stays alone (two processors; the one
/// alone has both). A caller sees that there are others by whose loop was the last to begin, and whether one runs or ended less than
/// <see cref="Window"/> ago. While nobody else's is seen for as long, all processors are his again: requests that come one after the
/// other on several threads, or code that goes from thread to thread, as after an await, is one caller, but for the first moments.
/// </remarks>
internal static class Callers
{
    private const int Places = 64;

    // Of the time between two loops of a thread that does nothing else; and how long a thread counts after its last loop.
    private static readonly long Window = Stopwatch.Frequency / 3000, Memory = Stopwatch.Frequency / 500;

    private static readonly Place[] Seen = new Place[Places];
    private static Last s_last;

    /// <summary>Begins a loop; <see cref="Leave"/> ends it.</summary>
    /// <param name="count">How many threads there are for all callers.</param>
    /// <returns>How many threads the loop may take, the caller included.</returns>
    internal static int Enter(int count)
    {
        int thread = Environment.CurrentManagedThreadId;
        bool isAlone = Volatile.Read(ref s_last.Thread) == thread && Volatile.Read(ref s_last.Until) == 0;
        int share = isAlone ? count : Among(count, thread);
        Interlocked.Increment(ref s_last.Running);
        return share;
    }

    /// <summary>Ends a loop.</summary>
    internal static void Leave()
    {
        Volatile.Write(ref s_last.Ended, Stopwatch.GetTimestamp());
        Interlocked.Decrement(ref s_last.Running);
    }

    /// <summary>Forgets who was there: the next caller is alone.</summary>
    internal static void Forget()
    {
        Volatile.Write(ref s_last.Thread, 0);
        Volatile.Write(ref s_last.Until, 0);
        foreach (ref Place place in Seen.AsSpan()) place = default;
    }

    private static int Among(int count, int thread)
    {
        long now = Stopwatch.GetTimestamp(), until = Volatile.Read(ref s_last.Until);
        int last = Volatile.Read(ref s_last.Thread);
        bool others = Volatile.Read(ref s_last.Running) > 0 || now - Volatile.Read(ref s_last.Ended) <= Window;
        if (last == 0 || (last != thread && now >= until && !others))
        {
            Volatile.Write(ref s_last.Thread, thread);
            Volatile.Write(ref s_last.Until, 0);
            return count;
        }
        if (last != thread)
        {
            Volatile.Write(ref s_last.Thread, thread);
            // Not at each of their turns: others read it.
            if (until - now < Window / 2) Volatile.Write(ref s_last.Until, until = now + Window);
        }
        else if (now >= until)
        {
            Volatile.Write(ref s_last.Until, 0);
            return count;
        }
        Volatile.Write(ref Seen[thread % Places].Time, now);
        int callers = 0;
        foreach (ref Place place in Seen.AsSpan())
        {
            long time = Volatile.Read(ref place.Time);
            if (time != 0 && now - time < Memory) callers++;
        }
        // Whoever was the last to begin, but some time ago, has not noted himself.
        return Math.Max(1, count / Math.Max(2, callers));
    }

    // Each by itself on a cache line and its neighbour.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Place
    {
        [FieldOffset(64)] public long Time;
    }

    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Last
    {
        [FieldOffset(128)] public int Thread;
        [FieldOffset(136)] public long Until;
        [FieldOffset(144)] public long Ended;
        [FieldOffset(152)] public int Running;
    }
}
