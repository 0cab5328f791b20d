using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>Threads that run one parallel loop at a time, that of whoever has taken the team.</summary>
/// <remarks>
/// Note [Shares]: the chunks of a region are dealt into one share a thread, in order, and a thread takes those of
/// its own share from the front. So a thread meets the same part of memory in one loop after the other, and finds it in its
/// core's cache. Who has emptied its share takes chunks from the backs of others', whose caches have them last.
///
/// Note [Claiming chunks]: <see cref="Share.State"/> holds the region's number, the end and the beginning of what is unclaimed.
/// A thread reads the state, then the description of the region, then claims a chunk by compare-and-swap on the state. If
/// the swap succeeds, the region was still the one described, and it cannot end before the claimed chunk is done; if another
/// region has begun meanwhile, the swap fails and nothing happened. So workers need no handshake to join or leave, and a
/// caller whose workers are not scheduled finishes all chunks alone. Where there are more chunks than the state can count,
/// several are claimed as one.
///
/// Note [Resting]: a worker that spins makes a collection more than twice as long: the runtime has to signal it, and waits until it has
/// stopped (21 µs alone, 27 beside a worker that sleeps, 54 beside one that spins, after which it takes another 13 to answer). So who
/// collects says so, and a worker with nothing to do waits in a call that the runtime need not stop (37, and 9 to answer). It does not
/// go to sleep for that: to be woken takes longer. Nor does the time count as idle: after a collection there is work.
/// </remarks>
internal sealed unsafe class Team
{
    // The least that Thread.SpinWait waits outside of what a collection stops, some 25 µs. See Note [Resting].
    private const int Rest = 1024;

    private static int s_rests;

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

    private readonly int _place;
    private readonly Lock _hiring = new();
    private Region _region;
    private Share[] _shares = new Share[1];
    private Exception? _error;
    private Worker[] _workers = [];

    internal Team(int place) => _place = place;

    /// <summary>Whether a thread is collecting, so that workers are to be out of its way. See Note [Resting].</summary>
    internal static bool Rests
    {
        get => Volatile.Read(ref s_rests) != 0;
        set => Volatile.Write(ref s_rests, value ? 1 : 0);
    }

    /// <summary>Takes the team for one loop of the caller, unless it is taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake() => Interlocked.CompareExchange(ref _region.Busy, 1, 0) == 0;

    /// <summary>Runs all chunks with up to <paramref name="helpers"/> workers, and lets go of the team.</summary>
    internal void Run(int helpers, int chunks, void* body, delegate*<void*, int, void> invoke)
    {
        Exception? error;
        try
        {
            if (_workers.Length < helpers) Hire(helpers);
            Deal(chunks, helpers + 1, body, invoke);
            Worker[] workers = _workers;
            for (int i = 0; i < helpers; i++) workers[i].Wake();
            Work(0);
            Join();
        }
        finally
        {
            error = _error;
            _error = null;
            Volatile.Write(ref _region.Busy, 0);
        }
        if (error is not null) ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>Describes a region and publishes it. See Note [Shares].</summary>
    private void Deal(int chunks, int shares, void* body, delegate*<void*, int, void> invoke)
    {
        int each = (int)(((long)chunks + CountMask - 1) / CountMask), claims = (int)(((long)chunks + each - 1) / each);
        _region.Body = body;
        _region.Invoke = invoke;
        _region.Chunks = chunks;
        _region.Each = each;
        _region.Shares = shares;
        _region.Pending = claims;
        long number = _region.Number + 1;
        Share[] all = _shares;
        for (int i = 0, start = 0; i < shares; i++)
        {
            int end = (int)((long)claims * (i + 1) / shares);
            Volatile.Write(ref all[i].State, (number << (2 * CountBits)) | ((long)end << CountBits) | (uint)start);
            start = end;
        }
        Interlocked.Exchange(ref _region.Number, number);
    }

    /// <summary>Claims and runs chunks of the current region until none is left. See Note [Claiming chunks].</summary>
    private void Work(int own)
    {
        Share[] all = Volatile.Read(ref _shares);
        int shares = Math.Min(_region.Shares, all.Length), done = 0;
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
            void* body = _region.Body;
            delegate*<void*, int, void> invoke = _region.Invoke;
            int chunks = _region.Chunks, each = _region.Each, claim = share == own ? start : end - 1;
            long rest = share == own ? state + 1 : state - (1 << CountBits);
            if (Interlocked.CompareExchange(ref all[share].State, rest, state) != state) continue;
            try
            {
                int last = (int)Math.Min(chunks, (claim + 1L) * each);
                for (int chunk = claim * each; chunk < last && Volatile.Read(ref _error) is null; chunk++) invoke(body, chunk);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _error, exception, null);
            }
            done++;
        }
        if (done > 0) Interlocked.Add(ref _region.Pending, -done);
    }

    /// <summary>Waits for the chunks that workers have claimed; gives way when that takes longer than a spin is worth.</summary>
    private void Join()
    {
        for (int spins = 0; Volatile.Read(ref _region.Pending) != 0; spins++)
        {
            if (spins < 2000) Thread.SpinWait(1);
            else Thread.Yield();
        }
    }

    private void Hire(int helpers)
    {
        lock (_hiring)
        {
            var workers = new Worker[helpers];
            for (int i = 0; i < helpers; i++) workers[i] = i < _workers.Length ? _workers[i] : new Worker(this, i);
            // Whoever still looks at the shares before finds them empty.
            Volatile.Write(ref _shares, new Share[helpers + 1]);
            _workers = workers;
        }
    }

    /// <summary>A background thread that spins for a while after each region, then sleeps until it is woken.</summary>
    private sealed class Worker
    {
        private const int SpinMicroseconds = 40;

        private readonly Team _team;
        private readonly int _index;
        private readonly SemaphoreSlim _signal = new(0);
        private int _parked;
        private long _seen;

        public Worker(Team team, int index)
        {
            (_team, _index) = (team, index);
            string name = team._place == 0 ? $"Adjoint worker {index + 1}" : $"Adjoint worker {team._place + 1}.{index + 1}";
            new Thread(Loop) { IsBackground = true, Name = name }.UnsafeStart();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Wake()
        {
            if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) != 0) _signal.Release();
        }

        // Workers beyond those who are asked stay out: there may be fewer than when they were hired.
        private bool HasWork =>
            Volatile.Read(ref _team._region.Number) != _seen && _index < Volatile.Read(ref _team._region.Shares) - 1;

        private void Loop()
        {
            Threads.StayAlone();
            long spin = SpinMicroseconds * System.Diagnostics.Stopwatch.Frequency / 1_000_000;
            while (true)
            {
                long start = System.Diagnostics.Stopwatch.GetTimestamp();
                while (!HasWork)
                {
                    if (Rests)
                    {
                        Thread.SpinWait(Rest);
                        start = System.Diagnostics.Stopwatch.GetTimestamp();
                        continue;
                    }
                    Thread.SpinWait(1);
                    if (System.Diagnostics.Stopwatch.GetTimestamp() - start > spin) Park();
                }
                _seen = Volatile.Read(ref _team._region.Number);
                _team.Work(_index + 1);
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
