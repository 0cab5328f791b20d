namespace Adjoint.Kernels;

/// <summary>
/// Asks for a garbage collection when much native memory was handed out since the last one: the collector does not see
/// native bytes, and without this a loop that makes only tensors would let them pile up until gen 0 fills with their handles.
/// </summary>
/// <remarks>
/// // Note [Escalation]
/// A tensor that is alive during a gen 0 collection moves to gen 1 and its block stays out until gen 1 is collected.
/// So when a collection asked for here brought back less than half of the budget, the next one is of gen 1, then gen 2.
/// </remarks>
internal static class CollectionBudget
{
    private const long Floor = 64L << 20;

    private static long _sinceCollection;
    private static long _returnedSince;
    private static int _generation;
    private static int _collecting;

    /// <summary>Counts a block of <paramref name="bytes"/> handed out.</summary>
    internal static void Add(long bytes)
    {
        if (Interlocked.Add(ref _sinceCollection, bytes) - Volatile.Read(ref _returnedSince) >= Limit) Collect();
    }

    /// <summary>Counts a block that came back, whoever returned it.</summary>
    internal static void Returned(long bytes) => Interlocked.Add(ref _returnedSince, bytes);

    private static long _limit = Floor;

    private static long Limit => Volatile.Read(ref _limit);

    private static void Collect()
    {
        if (Interlocked.Exchange(ref _collecting, 1) != 0) return;
        try
        {
            long before = BlockPool.BytesInUse;
            GC.Collect(_generation, GCCollectionMode.Forced, blocking: true);
            GC.WaitForPendingFinalizers();
            long after = BlockPool.BytesInUse;
            bool worked = before - after >= Limit / 2;
            _generation = worked ? 0 : Math.Min(_generation + 1, GC.MaxGeneration);
            Interlocked.Exchange(ref _sinceCollection, 0);
            Interlocked.Exchange(ref _returnedSince, 0);
            // A program whose live tensors are large must not be collected at every small step.
            Volatile.Write(ref _limit, Math.Max(Floor, after / 2));
        }
        finally
        {
            Volatile.Write(ref _collecting, 0);
        }
    }
}
