using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>
/// Memory that is used again instead of being given back: the operating system's fresh pages cost more than most
/// kernels (about 1–2 µs per 4 KiB), so a block returned here is the next one handed out, still warm in the cache.
/// </summary>
/// <remarks>
/// Note [What is kept]: free blocks are kept up to half of what lives and 40 MB, counting with them the dead ones that are not yet found; and
/// never more than is in use, or 64 MB. So resident memory follows what lives, also when sizes change all the time: what makes room for a
/// block of one size are free ones of the size that was not asked for the longest. A block that is itself half of that is not kept.
/// </remarks>
internal static class BlockPool
{
    /// <summary>How many leases are looked at on the way to a fresh block.</summary>
    internal const int Few = 256;

    private const int Classes = 4 * 40;
    private const long Spare = 40L << 20, Kept = 64L << 20;

    private static readonly Stack<Block>[] Free = CreateStacks();
    private static readonly long[] LastAsked = new long[Classes];

    private static long s_inUse, s_cached, s_peak, s_asked;

    /// <summary>Bytes in use by tensors, among them dead ones that have not been found yet.</summary>
    internal static long BytesInUse => Volatile.Read(ref s_inUse);

    /// <summary>Bytes kept for the next tensors.</summary>
    internal static long BytesCached => Volatile.Read(ref s_cached);

    /// <summary>The largest <see cref="BytesInUse"/> since <see cref="ResetPeak"/>.</summary>
    internal static long Peak => Volatile.Read(ref s_peak);

    /// <summary>Begins a new <see cref="Peak"/>.</summary>
    internal static void ResetPeak() => Volatile.Write(ref s_peak, BytesInUse);

    /// <summary>The size class of a request: four steps a power of two, so at most a quarter of a block is unused.</summary>
    internal static int ClassOf(nuint bytes)
    {
        nuint size = Math.Max(bytes, 1024) - 1;
        int exponent = BitOperations.Log2(size);
        int step = (int)((size >> (exponent - 2)) & 3);
        return (exponent - 2) * 4 + step;
    }

    /// <summary>The bytes of a block of size class <paramref name="sizeClass"/>.</summary>
    internal static nuint SizeOf(int sizeClass) => (nuint)(5 + sizeClass % 4) << (sizeClass / 4);

    /// <summary>
    /// A block of at least <paramref name="bytes"/> bytes with undefined content, aligned to a cache line. It comes back when
    /// <paramref name="tenant"/> returns it or is collected.
    /// </summary>
    /// <returns>The block, or null: there is not as much memory, also after everything cached was given back and a collection was made.</returns>
    internal static Block? Rent(long bytes, object tenant)
    {
        int sizeClass = ClassOf((nuint)bytes);
        if (sizeClass >= Classes) return null;
        long size = (long)SizeOf(sizeClass);
        Volatile.Write(ref LastAsked[sizeClass], ++s_asked);
        // Before the block is taken: what a collection brings back is then the first to be used.
        bool pooled = CollectionBudget.Look(size);
        Block? block = Take(sizeClass) ?? Allocate(sizeClass, pooled ? size : bytes, pooled);
        if (block?.Lease is { } lease)
        {
            long inUse = Interlocked.Add(ref s_inUse, size);
            if (inUse > s_peak) s_peak = inUse;
            lease.Lend(tenant);
        }
        return block;
    }

    /// <summary>Takes a block that is no longer lent.</summary>
    internal static void Put(Block block)
    {
        if (Poison.IsOn) block.Fill(Poison.Byte);
        int sizeClass = block.Lease!.SizeClass;
        long size = (long)SizeOf(sizeClass);
        long inUse = Interlocked.Add(ref s_inUse, -size), room = Room(inUse);
        if (size > room / 2 && BytesCached + size > room)
        {
            block.Lease.End();
            return;
        }
        Stack<Block> stack = Free[sizeClass];
        lock (stack) stack.Push(block);
        if (Interlocked.Add(ref s_cached, size) > room) Shrink(room);
    }

    /// <summary>Counts no longer a lent block of a size class, which is the collector's now.</summary>
    internal static void Forget(int sizeClass) => Interlocked.Add(ref s_inUse, -(long)SizeOf(sizeClass));

    /// <summary>Takes back the blocks of all tenants that the garbage collector has found dead.</summary>
    internal static void Reclaim() => LeaseBook.LookAtAll();

    /// <summary>Gives every cached block back to the operating system.</summary>
    internal static void Trim() => Shrink(0);

    /// <summary>How much may be cached. See Note [What is kept].</summary>
    private static long Room(long inUse)
    {
        long live = Math.Min(inUse, CollectionBudget.InUseAfterLast);
        return Math.Max(0, Math.Min(live + live / 2 + Spare - inUse, Math.Max(Kept, inUse)));
    }

    /// <summary>Gives up cached blocks until at most <paramref name="room"/> bytes are left.</summary>
    private static void Shrink(long room)
    {
        while (BytesCached > room)
        {
            int oldest = -1;
            for (int sizeClass = 0; sizeClass < Classes; sizeClass++)
                if (Free[sizeClass].Count > 0 && (oldest < 0 || Volatile.Read(ref LastAsked[sizeClass]) < Volatile.Read(ref LastAsked[oldest]))) oldest = sizeClass;
            if (oldest < 0) return;
            Take(oldest)?.Lease!.End();
        }
    }

    private static Block? Take(int sizeClass)
    {
        Stack<Block> stack = Free[sizeClass];
        Block? block;
        lock (stack)
        {
            if (!stack.TryPop(out block)) return null;
        }
        Interlocked.Add(ref s_cached, -(long)SizeOf(sizeClass));
        return block;
    }

    /// <summary>A fresh block, unless a collection that came by itself has left one to be taken back.</summary>
    private static Block? Allocate(int sizeClass, long size, bool pooled)
    {
        LeaseBook.Look(Few);
        if (Take(sizeClass) is { } returned) return returned;
        if (pooled) Shrink(Math.Max(0, Room(BytesInUse + size)));
        if (!MemoryLimits.HaveRoomFor(size)) Trim();
        if (Fresh(sizeClass, size, pooled) is { } block) return block;

        // Tensors nobody refers to any more may still hold blocks: find them, give all that is free back, and try once more.
        GC.Collect();
        Reclaim();
        if (Take(sizeClass) is { } found) return found;
        Trim();
        GC.Collect();
        return Fresh(sizeClass, size, pooled);
    }

    private static Block? Fresh(int sizeClass, long size, bool pooled)
    {
        if (!MemoryLimits.Allow(size)) return null;
        try
        {
            return new Block(size, pooled ? sizeClass : -1);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    private static Stack<Block>[] CreateStacks()
    {
        var stacks = new Stack<Block>[Classes];
        for (int i = 0; i < Classes; i++) stacks[i] = new Stack<Block>();
        return stacks;
    }
}
