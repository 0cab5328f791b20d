using System.Diagnostics;

namespace Adjoint.Kernels;

/// <summary>
/// Asks for a garbage collection when much memory was handed out since the last one: the collector does not see
/// blocks that are used again, and without this a loop that makes only tensors would let them pile up until gen 0 fills with their objects.
/// </summary>
/// <remarks>
/// Note [Budget]: a collection takes about 30 µs in a program of one thread, and 80 to 150 µs beside a worker. Results that come back
/// before they are pushed out of the caches are written again several times faster than cold ones. So the budget is a dozen MiB
/// (measured: 4, 8, 12, 16, 24), and more for blocks that fit in no cache anyway. A collection that brings back less than half of
/// what was handed out doubles it, up to 48 MB or twice what is in use, and beyond that to an eighth of it: a step whose tensors outlive
/// two collections would need a full one each time. One that brings back three quarters halves it again (to wait for four of them in
/// turn gained nothing: decision 0042).
/// Looking at the leases afterwards takes some 20 ns each, and the collector looks at each handle, so there is a KiB of budget for each:
/// next to nothing, except where hundreds of thousands of small tensors live.
/// What would go beyond the budget is collected for before it is handed out, so that blocks of 8 MB take turns in one or two places
/// (two or three made joining two tensors of a million numbers half as fast). Of larger ones one lies dead, at most 96 MB: to write a
/// second one takes longer than to collect the first.
/// Note [Collections by the host]: a host that collects at times of its own says so (<see cref="Never"/>). Beyond the budget, blocks are
/// then not the pool's: they die with their tensors like any array, and weigh in what the collector decides by.
/// Note [Which generation]: the tensor that is being computed with, at least, survives a collection and moves to the next generation. So
/// collections are of gen 1: a survivor comes back with the next one. What survived two is in gen 2; it is collected when what is in use
/// has grown by a quarter since the last time (but by 8 MB at least, and at most by 16 MB and half a KiB for each lease: a full
/// collection takes 0.2 ms and some 200 ns a lease, whatever the size of what lives), so that memory stays within a fixed factor of what
/// lives. What is in use need not grow for much of it to be dead: a program that drops a large model and goes on with a small one would
/// keep the large one for good. So a full one is also made when a GB was handed out since the last, or more where it would take long: 16
/// KiB for each lease, and 256 bytes for each byte of objects that it goes through. What comes back early counts here, too: counted
/// without it, a small model's training took 3 GB to let go of what was there before, and a program that gives everything back would
/// never do so. Where less than 8 MB are in use there is nothing to find. And small blocks that were given up are dead arrays whose pages
/// stay with the process, so they are a reason, too, when they come to an eighth of what lives.
/// Note [Tides]: a step of training holds much at its middle and little at its end, and collections meet now one, now the other. Where a
/// full one found next to nothing that the small one before it had not, what is in use was all alive; to come to as much again is no
/// growth. Without this, steps whose tensors came to 8 MB had a full collection each, which was half of what they took.
/// Note [One collects]: the others go on, until what they get meanwhile is as much again. Then they wait: with more threads than
/// processors the one that collects may not have its turn for long.
/// </remarks>
internal static class CollectionBudget
{
    /// <summary>Where the budget is nothing else: see Note [Budget].</summary>
    internal const long Default = 12L << 20;

    // Note [Quick collections]: the budget weighs a collection against the caches that are lost until it comes. On one thread, in a program
    // of few objects, one takes 17 µs; results of 100,000 numbers are then made 15 % faster with half the budget. Beside a worker it takes
    // 60, and they are made 20 % slower. So of a budget that nobody has set as much is used as the square root of the time says (of
    // a/b + c·b the least is at √(a/c)), half of it at least.
    private const double SlowCollection = 60;

    private const long PerBlock = 1 << 10, MostLeft = 1 << 20;
    private const long LeastGrowth = 8L << 20, MostDead = 96L << 20, MostDoubled = 48L << 20;
    private const long LeastStale = 1L << 30, StalePerByte = 256, StalePerLease = 16 << 10, GrowthPerLease = 512;

    private static readonly Lock Gate = new();

    // What may be handed out until the next collection; what was in use after the last one and after the last full one.
    private static long _floor = Default, _limit = Default, _paced = Default;
    private static double _microseconds = SlowCollection;
    private static long _afterLast;
    private static long _afterFull;

    // See Note [Tides].
    private static long _tide;

    // What had been handed out when the last full collection was made, and what may have been when the next one is.
    private static long _atFull, _stale = LeastStale;
    private static int _seen;

    /// <summary>Whether collections are left to the host. See Note [Collections by the host].</summary>
    internal static bool Never { get; set; }

    /// <summary>What may be handed out, at least, between two collections.</summary>
    internal static long Floor
    {
        get => Volatile.Read(ref _floor);
        set
        {
            Volatile.Write(ref _floor, value);
            Volatile.Write(ref _limit, value);
            Volatile.Write(ref _paced, value);
        }
    }

    /// <summary>
    /// What surely lives: what was in use after the last full collection, or after the last one of any kind where that is so little that no
    /// full ones are made. What survived the small collections since is in part dead, and may not be a reason to keep more.
    /// </summary>
    internal static long Living => Math.Max(Volatile.Read(ref _afterFull), Math.Min(Volatile.Read(ref _afterLast), LeastGrowth));

    /// <summary>Looks whether it is time to collect, before a block of <paramref name="bytes"/> is handed out.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="awaited">What the scope that it is made in is expected to give back: so much more may be in use.</param>
    /// <returns>Whether the block shall be of the pool.</returns>
    internal static bool Look(long bytes, long awaited = 0)
    {
        long inUse = BlockPool.BytesLent, more = inUse - Volatile.Read(ref _afterLast);
        if (more < 0)
        {
            Volatile.Write(ref _afterLast, inUse);
            if (inUse < Volatile.Read(ref _afterFull)) Volatile.Write(ref _afterFull, inUse);
            return true;
        }
        if (IsStale(inUse))
        {
            Collect(isPressing: false, isFull: true);
            return true;
        }
        if (more + bytes <= Volatile.Read(ref _paced)) return true;
        long limit = Limit(inUse - more), one = Math.Min(bytes, MostDead), back = Math.Min(awaited, MostDead);
        if (more + bytes <= limit + back || more < one + back) return true;
        if (Never) return HostCollected();
        Collect(isPressing: more > 2 * (Math.Max(limit, one) + back), isFull: false);
        return true;
    }

    /// <summary>Looks whether so much was given up that a full collection is worth it, before a fresh block is made.</summary>
    internal static void LookAtDropped()
    {
        if (Never || BlockPool.BytesDropped < Math.Max(LeastGrowth, _afterFull / 8)) return;
        Collect(isPressing: false, isFull: true);
    }

    /// <summary>Where memory stands, for <see cref="LookAfter"/>.</summary>
    internal static Mark Now => new(BlockPool.BytesHandedOut, BlockPool.BytesLent);

    /// <summary>
    /// Collects what was made since then, if that is more than a little: for what leaves much behind at once, and after which nothing may
    /// be made for long. What is made at the end of a long work has seen small collections in its middle, so that another small one does
    /// not look at it: where more than a little is left, there is a full one.
    /// </summary>
    internal static void LookAfter(Mark before)
    {
        if (Never || BlockPool.BytesHandedOut - before.HandedOut < MostLeft) return;
        Collect(isPressing: false, isFull: false);
        if (BlockPool.BytesLent - before.InUse >= MostLeft) Collect(isPressing: false, isFull: true);
    }

    /// <summary>What had been handed out at some time, and what of all was in use.</summary>
    internal readonly record struct Mark(long HandedOut, long InUse);

    /// <summary>
    /// Looks at some leases; once all have been looked at after a collection of the host, what is in use counts as living.
    /// </summary>
    private static bool HostCollected()
    {
        LeaseBook.Look(BlockPool.Few);
        int looks = LeaseBook.Looks;
        if (LeaseBook.AwaitsCollector || Interlocked.Exchange(ref _seen, looks) == looks) return false;
        Volatile.Write(ref _afterLast, BlockPool.BytesLent);
        return true;
    }

    /// <summary>
    /// What may be handed out since <paramref name="living"/> bytes were in use. A budget that was doubled for what lived then is not for
    /// what lives now, once that was given back.
    /// </summary>
    private static long Limit(long living) => Math.Max(LeastLimit, Math.Min(Volatile.Read(ref _limit), MostLimit(living)));

    private static long MostLimit(long living) => Math.Max(living / 8, Math.Min(2 * living, MostDoubled));

    private static long LeastLimit => Math.Max(Volatile.Read(ref _paced), LeaseBook.Count * PerBlock);

    /// <summary>Whether so much was handed out since the last full collection that there may be much that only one finds.</summary>
    private static bool IsStale(long inUse)
    {
        if (BlockPool.BytesHandedOut < Volatile.Read(ref _stale) || inUse < LeastGrowth || Never) return false;
        // What a collection goes through has perhaps become more since then.
        long stale = Volatile.Read(ref _atFull) + Stale();
        Volatile.Write(ref _stale, stale);
        return BlockPool.BytesHandedOut >= stale;
    }

    /// <summary>Collects, unless another thread does; if it is pressing, that is waited for. See Note [One collects].</summary>
    private static void Collect(bool isPressing, bool isFull)
    {
        if (!Gate.TryEnter())
        {
            if (!isPressing) return;
            Gate.Enter();
            Gate.Exit();
            return;
        }
        try
        {
            long before = BlockPool.BytesLent, handedOut = before - _afterLast;
            long after = isFull ? CollectAll() : Collect(generation: 1);
            if (!isFull && after >= Math.Max(_afterFull, _tide) + Growth())
            {
                long small = after;
                after = CollectAll();
                if (small - after < Growth() / 2) _tide = small;
            }
            _afterFull = Math.Min(_afterFull, after);
            // One that was not for the sake of the budget says nothing about it.
            if (handedOut >= _paced / 2)
            {
                long brought = before - after, limit = Math.Max(LeastLimit, _limit);
                if (brought < handedOut / 2) limit = Math.Min(2 * limit, MostLimit(after));
                else if (brought >= handedOut / 4 * 3) limit /= 2;
                Volatile.Write(ref _limit, Math.Max(LeastLimit, limit));
            }
            Volatile.Write(ref _afterLast, after);
        }
        finally
        {
            Gate.Exit();
        }
    }

    /// <summary>Makes a full collection and returns the bytes that are then in use.</summary>
    private static long CollectAll()
    {
        _tide = _afterFull = Collect(generation: 2);
        BlockPool.ForgetDropped();
        long now = BlockPool.BytesHandedOut;
        Volatile.Write(ref _atFull, now);
        Volatile.Write(ref _stale, now + Stale());
        return _afterFull;
    }

    /// <summary>How much more may be in use after a small collection than after the last full one, before there is another.</summary>
    private static long Growth() => Math.Max(LeastGrowth, Math.Min(_afterFull / 4, 2 * LeastGrowth + GrowthPerLease * LeaseBook.Count));

    /// <summary>What may be handed out between two full collections. See Note [Which generation].</summary>
    private static long Stale()
    {
        ReadOnlySpan<GCGenerationInfo> generations = GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo;
        long objects = 0;
        for (int i = 0; i <= GC.MaxGeneration; i++) objects += generations[i].SizeAfterBytes;
        return Math.Max(LeastStale, Math.Max(StalePerByte * objects, StalePerLease * LeaseBook.Count));
    }

    /// <summary>Collects and returns the bytes that are then in use.</summary>
    private static long Collect(int generation)
    {
        long start = Stopwatch.GetTimestamp();
        Team.Rests = true;
        GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
        Team.Rests = false;
        BlockPool.Reclaim();
        if (generation == 1) Pace(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        return BlockPool.BytesLent;
    }

    /// <summary>Fits the budget to what a collection took. See Note [Quick collections].</summary>
    private static void Pace(double microseconds)
    {
        _microseconds += (Math.Min(microseconds, 2 * SlowCollection) - _microseconds) / 4;
        if (Floor == Default) Volatile.Write(ref _paced, (long)(Default * Math.Clamp(Math.Sqrt(_microseconds / SlowCollection), 0.5, 1)));
    }
}
