namespace Adjoint.Kernels;

/// <summary>
/// Asks for a garbage collection when much memory was handed out since the last one: the collector does not see
/// blocks that are used again, and without this a loop that makes only tensors would let them pile up until gen 0 fills with their objects.
/// </summary>
/// <remarks>
/// Note [Budget]: a collection takes about 30 µs in a program of one thread, and 80 to 150 µs beside a worker. Results that come back
/// before they are pushed out of the caches are written again several times faster than cold ones. So the budget is a dozen MiB
/// (measured: 4, 8, 12, 16, 24), and more for blocks that fit in no cache anyway. A collection that brings back less than half of
/// the budget doubles it, up to an eighth of what is in use, for programs whose tensors live long; the next that brings back enough
/// sets it down again.
/// Looking at the leases afterwards takes some 20 ns each, and the collector looks at each handle, so there is a KiB of budget for each:
/// next to nothing, except where hundreds of thousands of small tensors live.
/// Of large blocks one lies dead, at most 96 MB: to write a second one takes longer than to collect the first.
/// Note [Collections by the host]: a host that collects at times of its own says so (<see cref="Never"/>). Beyond the budget, blocks are
/// then not the pool's: they die with their tensors like any array, and weigh in what the collector decides by.
/// Note [Which generation]: the tensor that is being computed with, at least, survives a collection and moves to the next
/// generation. So collections are of gen 1: a survivor comes back with the next one. What survived two is in gen 2; it
/// is collected when what is in use has grown by a quarter since the last time (but 16 MB at least), so that memory stays within a fixed
/// factor of what lives.
/// </remarks>
internal static class CollectionBudget
{
    /// <summary>Where the budget is nothing else: see Note [Budget].</summary>
    internal const long Default = 12L << 20;

    private const long PerBlock = 1 << 10;
    private const long LeastGrowth = 16L << 20, MostDead = 96L << 20;

    // What may be handed out until the next collection; what was in use after the last one and after the last full one.
    private static long _floor = Default, _limit = Default;
    private static long _afterLast;
    private static long _afterFull;
    private static int _collecting, _seen;

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
        }
    }

    /// <summary>
    /// What surely lives: what was in use after the last full collection, or after the last one of any kind where that is so little that no
    /// full ones are made. What survived the small collections since is in part dead, and may not be a reason to keep more.
    /// </summary>
    internal static long Living => Math.Max(Volatile.Read(ref _afterFull), Math.Min(Volatile.Read(ref _afterLast), LeastGrowth));

    /// <summary>Looks whether it is time to collect, before a block of <paramref name="bytes"/> is handed out.</summary>
    /// <returns>Whether the block shall be of the pool.</returns>
    internal static bool Look(long bytes)
    {
        long inUse = BlockPool.BytesLent, more = inUse - Volatile.Read(ref _afterLast);
        if (more < 0)
        {
            Volatile.Write(ref _afterLast, inUse);
            if (inUse < Volatile.Read(ref _afterFull)) Volatile.Write(ref _afterFull, inUse);
            return true;
        }
        if (more < Floor || more < Limit(inUse - more) || more < Math.Min(bytes, MostDead)) return true;
        if (Never) return HostCollected();
        Collect();
        return true;
    }

    /// <summary>
    /// Looks at some leases; once all have been looked at after a collection of the host, what is in use counts as living.
    /// </summary>
    private static bool HostCollected()
    {
        LeaseBook.Look(BlockPool.Few);
        int looks = LeaseBook.Looks;
        if (Interlocked.Exchange(ref _seen, looks) == looks) return false;
        Volatile.Write(ref _afterLast, BlockPool.BytesLent);
        return true;
    }

    /// <summary>
    /// What may be handed out since <paramref name="living"/> bytes were in use. A budget that was doubled for what lived then is not for
    /// what lives now, once that was given back.
    /// </summary>
    private static long Limit(long living) => Math.Max(LeastLimit, Math.Min(Volatile.Read(ref _limit), living / 8));

    private static long LeastLimit => Math.Max(Floor, LeaseBook.Count * PerBlock);

    private static void Collect()
    {
        if (Interlocked.Exchange(ref _collecting, 1) != 0) return;
        try
        {
            long before = BlockPool.BytesLent, after = Collect(generation: 1);
            if (after >= _afterFull + Math.Max(LeastGrowth, _afterFull / 4)) _afterFull = after = Collect(generation: 2);
            _afterFull = Math.Min(_afterFull, after);
            bool worked = before - after >= _limit / 2;
            Volatile.Write(ref _limit, worked ? LeastLimit : Math.Max(LeastLimit, Math.Min(2 * _limit, after / 8)));
            Volatile.Write(ref _afterLast, after);
        }
        finally
        {
            Volatile.Write(ref _collecting, 0);
        }
    }

    /// <summary>Collects and returns the bytes that are then in use.</summary>
    private static long Collect(int generation)
    {
        GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
        BlockPool.Reclaim();
        return BlockPool.BytesLent;
    }
}
