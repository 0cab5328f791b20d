using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>Parallel loops over chunks, on worker threads of our own.</summary>
/// <remarks>
/// Note [Shares]: one region runs at a time. Its chunks are dealt into one share a thread, in order, and a thread takes those of
/// its own share from the front. So a thread meets the same part of memory in one loop after the other, and finds it in its
/// core's cache. Who has emptied its share takes chunks from the backs of others', whose caches have them last.
///
/// Note [Claiming chunks]: <see cref="Share.State"/> holds the region's number, the end and the beginning of what is unclaimed.
/// A thread reads the state, then the description of the region, then claims a chunk by compare-and-swap on the state. If
/// the swap succeeds, the region was still the one described, and it cannot end before the claimed chunk is done; if another
/// region has begun meanwhile, the swap fails and nothing happened. So workers need no handshake to join or leave, and a
/// caller whose workers are not scheduled finishes all chunks alone. Where there are more chunks than the state can count,
/// several are claimed as one.
/// </remarks>
internal static unsafe class Threads
{
    private const int CountBits = 18, CountMask = (1 << CountBits) - 1;

    // Number and Pending are written by several threads: a cache line (and its prefetched neighbour) for each.
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Region
    {
        [FieldOffset(128)] public long Number;
        [FieldOffset(136)] public void* Body;
        [FieldOffset(144)] public delegate*<void*, int, void> Invoke;
        [FieldOffset(152)] public int Chunks;
        [FieldOffset(156)] public int Each;
        [FieldOffset(160)] public int Shares;
        [FieldOffset(256)] public int Pending;
        [FieldOffset(384)] public int Busy;
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Share
    {
        [FieldOffset(128)] public long State;
    }

    private static Region s_region;
    private static Share[] s_shares = new Share[1];
    private static Exception? s_error;
    private static int s_count = Environment.ProcessorCount;
    private static Worker[] s_workers = [];
    private static readonly Lock s_hiring = new();

    /// <summary>This thread is running a chunk: regions started from here run inline.</summary>
    [ThreadStatic] private static bool t_inside;

    /// <summary>
    /// How many threads take part in a loop, the caller included. Setting 0 or less restores the default, the number of
    /// processors. Results do not depend on it.
    /// </summary>
    public static int Count
    {
        get => s_count;
        set => s_count = value > 0 ? value : Environment.ProcessorCount;
    }

    /// <summary>
    /// Runs chunks 0 to <paramref name="chunks"/> − 1 of <paramref name="body"/> and returns when all are done. Runs on this
    /// thread alone if there is one chunk, one thread, or if a loop is running already (around this call or on another thread).
    /// An exception in a chunk reaches the caller; chunks not yet begun are then skipped.
    /// </summary>
    public static void Run<TBody>(int chunks, ref TBody body) where TBody : struct, IChunkBody, allows ref struct
    {
        if (chunks > 1 && s_count > 1 && !t_inside && Interlocked.CompareExchange(ref s_region.Busy, 1, 0) == 0)
        {
            // Workers read the body through a pointer: it stays on the caller's stack, or pinned if it is a field of an object.
            fixed (byte* pointer = &Unsafe.As<TBody, byte>(ref body))
                RunShared(chunks, pointer, &Invoke<TBody>);
            return;
        }
        for (int chunk = 0; chunk < chunks; chunk++) body.Run(chunk);
    }

    /// <summary>Loops that this thread starts from now on run on it alone, and so in nobody's way.</summary>
    public static void StayAlone() => t_inside = true;

    private static void Invoke<TBody>(void* body, int chunk) where TBody : struct, IChunkBody, allows ref struct =>
        Unsafe.AsRef<TBody>(body).Run(chunk);

    private static void RunShared(int chunks, void* body, delegate*<void*, int, void> invoke)
    {
        int helpers = Math.Min(s_count, chunks) - 1;
        Exception? error;
        t_inside = true;
        try
        {
            if (s_workers.Length < helpers) Hire(helpers);
            Deal(chunks, helpers + 1, body, invoke);
            Worker[] workers = s_workers;
            for (int i = 0; i < helpers; i++) workers[i].Wake();
            Work(0);
            Join();
        }
        finally
        {
            error = s_error;
            s_error = null;
            t_inside = false;
            Volatile.Write(ref s_region.Busy, 0);
        }
        if (error is not null) ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>Describes a region and publishes it. See Note [Shares].</summary>
    private static void Deal(int chunks, int shares, void* body, delegate*<void*, int, void> invoke)
    {
        int each = (int)(((long)chunks + CountMask - 1) / CountMask), claims = (int)(((long)chunks + each - 1) / each);
        s_region.Body = body;
        s_region.Invoke = invoke;
        s_region.Chunks = chunks;
        s_region.Each = each;
        s_region.Shares = shares;
        s_region.Pending = claims;
        long number = s_region.Number + 1;
        Share[] all = s_shares;
        for (int i = 0, start = 0; i < shares; i++)
        {
            int end = (int)((long)claims * (i + 1) / shares);
            Volatile.Write(ref all[i].State, (number << (2 * CountBits)) | ((long)end << CountBits) | (uint)start);
            start = end;
        }
        Interlocked.Exchange(ref s_region.Number, number);
    }

    /// <summary>Claims and runs chunks of the current region until none is left. See Note [Claiming chunks].</summary>
    private static void Work(int own)
    {
        Share[] all = Volatile.Read(ref s_shares);
        int shares = Math.Min(s_region.Shares, all.Length), done = 0;
        for (int empty = 0, share = own < shares ? own : 0; empty < shares;)
        {
            long state = Volatile.Read(ref all[share].State);
            int start = (int)state & CountMask, end = (int)(state >> CountBits) & CountMask;
            if (start >= end)
            {
                empty++;
                share = share + 1 < shares ? share + 1 : 0;
                continue;
            }
            void* body = s_region.Body;
            delegate*<void*, int, void> invoke = s_region.Invoke;
            int chunks = s_region.Chunks, each = s_region.Each, claim = share == own ? start : end - 1;
            long rest = share == own ? state + 1 : state - (1 << CountBits);
            if (Interlocked.CompareExchange(ref all[share].State, rest, state) != state) continue;
            try
            {
                int last = (int)Math.Min(chunks, (claim + 1L) * each);
                for (int chunk = claim * each; chunk < last && Volatile.Read(ref s_error) is null; chunk++) invoke(body, chunk);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref s_error, exception, null);
            }
            done++;
        }
        if (done > 0) Interlocked.Add(ref s_region.Pending, -done);
    }

    /// <summary>Waits for the chunks that workers have claimed; gives way when that takes longer than a spin is worth.</summary>
    private static void Join()
    {
        for (int spins = 0; Volatile.Read(ref s_region.Pending) != 0; spins++)
        {
            if (spins < 2000) Thread.SpinWait(1);
            else Thread.Yield();
        }
    }

    private static void Hire(int helpers)
    {
        lock (s_hiring)
        {
            var workers = new Worker[helpers];
            for (int i = 0; i < helpers; i++) workers[i] = i < s_workers.Length ? s_workers[i] : new Worker(i);
            // Whoever still looks at the shares before finds them empty.
            Volatile.Write(ref s_shares, new Share[helpers + 1]);
            s_workers = workers;
        }
    }

    /// <summary>A background thread that spins for a while after each region, then sleeps until it is woken.</summary>
    private sealed class Worker
    {
        private const int SpinMicroseconds = 40;

        private readonly int _index;
        private readonly SemaphoreSlim _signal = new(0);
        private int _parked;
        private long _seen;

        public Worker(int index)
        {
            _index = index;
            new Thread(Loop) { IsBackground = true, Name = $"Adjoint worker {index + 1}" }.UnsafeStart();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Wake()
        {
            if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) != 0) _signal.Release();
        }

        // Workers beyond Count − 1 stay out: Count may have been lowered since they were hired.
        private bool HasWork => Volatile.Read(ref s_region.Number) != _seen && _index < s_count - 1;

        private void Loop()
        {
            t_inside = true;
            long spin = SpinMicroseconds * System.Diagnostics.Stopwatch.Frequency / 1_000_000;
            while (true)
            {
                long start = System.Diagnostics.Stopwatch.GetTimestamp();
                while (!HasWork)
                {
                    Thread.SpinWait(1);
                    if (System.Diagnostics.Stopwatch.GetTimestamp() - start > spin) Park();
                }
                _seen = Volatile.Read(ref s_region.Number);
                Work(_index + 1);
            }
        }

        private void Park()
        {
            // Announce, then look again: the caller publishes, then looks for the announcement. One of the two sees the other.
            Interlocked.Exchange(ref _parked, 1);
            if (HasWork && Interlocked.Exchange(ref _parked, 0) != 0) return;
            _signal.Wait();
        }
    }
}
