using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>
/// Memory that is used again instead of being given back: the operating system's fresh pages cost more than most
/// kernels (about 1–2 µs per 4 KiB), so a block returned here is the next one handed out, still warm in the cache.
/// </summary>
/// <remarks>
/// Note [What is kept]: free blocks are kept up to half of what lives and 24 MB, counting with them the dead ones that are not yet found,
/// and small ones that were given up and are resident until a full collection; and never more than is in use, or 64 MB. So resident
/// memory follows what lives, also when sizes change all the time: what makes room for a block of one size are free ones of the size that
/// was not asked for the longest. A block that is itself larger is not kept; one that is half of it is: were others kept in its place, a
/// loop that makes large results would take fresh pages for each. Of blocks made of small pages 24 MB stay while there is one of huge
/// pages to give up: the same bytes in small pages are ten times as dear to take anew, and a program that goes from large tensors to
/// smaller ones would take all of them.
/// </remarks>
internal static class BlockPool
{
    /// <summary>How many leases are looked at on the way to a fresh block.</summary>
    internal const int Few = 256;

    private const int Classes = 4 * 40;
    private const long Spare = 24L << 20, Kept = 64L << 20, Warm = 24L << 20;

    private static readonly Stack<Block>[] Free = CreateStacks();
    private static readonly long[] LastAsked = new long[Classes];

    private static long s_lent, s_free, s_dropped, s_peak, s_handed;

    /// <summary>Bytes in use by tensors, among them dead ones that have not been found yet.</summary>
    internal static long BytesInUse => Math.Max(0, BytesLent - Pocket.Bytes);

    /// <summary>Bytes kept for the next tensors.</summary>
    internal static long BytesCached => BytesFree + Pocket.Bytes;

    /// <summary>The largest <see cref="BytesLent"/> since <see cref="ResetPeak"/>.</summary>
    internal static long Peak => Volatile.Read(ref s_peak);

    /// <summary>Bytes in use, and those in pockets: what is known without a walk. See Note [Pockets].</summary>
    internal static long BytesLent => Volatile.Read(ref s_lent);

    /// <summary>
    /// Bytes handed out since the program began, but for what came from pockets. Threads may miss some of each other's: it is for what is
    /// due after about so much.
    /// </summary>
    internal static long BytesHandedOut => Volatile.Read(ref s_handed);

    /// <summary>Bytes free for all threads.</summary>
    internal static long BytesFree => Volatile.Read(ref s_free);

    /// <summary>Begins a new <see cref="Peak"/>.</summary>
    internal static void ResetPeak() => Volatile.Write(ref s_peak, BytesLent);

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
    /// <param name="bytes">How many bytes.</param>
    /// <param name="tenant">Who gets it.</param>
    /// <param name="awaited">What will come back without a collection, and so is no reason for one.</param>
    /// <returns>
    /// The block, or null: there is no such memory, also after all that was cached was given back and a collection was made.
    /// </returns>
    internal static Block? Rent(long bytes, object tenant, long awaited = 0)
    {
        int sizeClass = ClassOf((nuint)bytes);
        if (sizeClass >= Classes) return null;
        if (sizeClass < Pocket.Classes && Pocket.Take(sizeClass) is { } near)
        {
            near.Lease!.Lend(tenant);
            return near;
        }
        // Before the block is taken: what a collection brings back is then the first to be used.
        return Lend(sizeClass, bytes, CollectionBudget.Look((long)SizeOf(sizeClass), awaited), tenant);
    }

    /// <summary>
    /// As <see cref="Rent"/>, for memory that is given back soon and is never left to a collection, which it does not bring nearer.
    /// </summary>
    internal static Block? Borrow(long bytes, object tenant)
    {
        int sizeClass = ClassOf((nuint)bytes);
        if (sizeClass >= Classes) return null;
        if (sizeClass >= Pocket.Classes || Pocket.Take(sizeClass) is not { } near) return Lend(sizeClass, bytes, pooled: true, tenant);
        near.Lease!.Lend(tenant);
        return near;
    }

    /// <summary>Takes a block that this thread no longer needs, and will probably ask for again.</summary>
    internal static void PutNear(Block block)
    {
        int sizeClass = block.Lease!.SizeClass;
        if (sizeClass < Pocket.Classes)
        {
            if (Poison.IsOn) block.Fill(Poison.Byte);
            if (Pocket.TryPut(block, sizeClass)) return;
        }
        Put(block);
    }

    /// <summary>Takes a block that is no longer lent.</summary>
    internal static void Put(Block block)
    {
        if (Poison.IsOn) block.Fill(Poison.Byte);
        int sizeClass = block.Lease!.SizeClass;
        long size = (long)SizeOf(sizeClass);
        long lent = Interlocked.Add(ref s_lent, -size), room = Room(lent);
        if (size > room)
        {
            block.Lease.TryEnd();
            return;
        }
        Stack<Block> stack = Free[sizeClass];
        lock (stack) stack.Push(block);
        if (Interlocked.Add(ref s_free, size) > room) Shrink(room);
    }

    /// <summary>Bytes of small blocks that were given up since the last full collection, which finds them.</summary>
    internal static long BytesDropped => Volatile.Read(ref s_dropped);

    /// <summary>Counts a block that was given up, and whose pages stay until the collector finds it.</summary>
    internal static void Drop(int sizeClass) => Interlocked.Add(ref s_dropped, (long)SizeOf(sizeClass));

    /// <summary>Begins to count anew.</summary>
    internal static void ForgetDropped() => Volatile.Write(ref s_dropped, 0);

    /// <summary>Counts no longer a lent block of a size class, which is the collector's now.</summary>
    internal static void Forget(int sizeClass) => Interlocked.Add(ref s_lent, -(long)SizeOf(sizeClass));

    /// <summary>Takes back the blocks of all tenants that the garbage collector has found dead.</summary>
    internal static void Reclaim() => LeaseBook.LookAtAll();

    /// <summary>Gives every cached block back to the operating system.</summary>
    internal static void Trim()
    {
        Pocket.EndAll();
        Shrink(0);
    }

    /// <summary>How much may be cached. See Note [What is kept].</summary>
    private static long Room(long lent)
    {
        long live = Math.Min(lent, CollectionBudget.Living);
        return Math.Max(0, Math.Min(live + live / 2 + Spare - lent - BytesDropped, Math.Max(Kept, lent)));
    }

    /// <summary>Gives up cached blocks until at most <paramref name="room"/> bytes are left.</summary>
    private static void Shrink(long room)
    {
        while (BytesFree > room && Oldest() is >= 0 and int oldest) Take(oldest)?.Lease!.End();
    }

    /// <summary>The size class of which a block is given up next, or −1: there is none. See Note [What is kept].</summary>
    private static int Oldest()
    {
        int oldest = -1, oldestHuge = -1;
        long small = 0;
        for (int sizeClass = 0; sizeClass < Classes; sizeClass++)
        {
            int count = Free[sizeClass].Count;
            if (count == 0) continue;
            if (IsOlder(sizeClass, oldest)) oldest = sizeClass;
            if (SizeOf(sizeClass) < Pages.Huge) small += count * (long)SizeOf(sizeClass);
            else if (IsOlder(sizeClass, oldestHuge)) oldestHuge = sizeClass;
        }
        return oldestHuge >= 0 && small <= Warm ? oldestHuge : oldest;
    }

    private static bool IsOlder(int sizeClass, int than) =>
        than < 0 || Volatile.Read(ref LastAsked[sizeClass]) < Volatile.Read(ref LastAsked[than]);

    private static Block? Lend(int sizeClass, long bytes, bool pooled, object tenant)
    {
        long size = (long)SizeOf(sizeClass);
        Volatile.Write(ref LastAsked[sizeClass], s_handed += size);
        Block? block = Take(sizeClass) ?? Allocate(sizeClass, pooled ? size : bytes, pooled);
        if (block?.Lease is { } lease)
        {
            long lent = Interlocked.Add(ref s_lent, size);
            if (lent > s_peak) s_peak = lent;
            lease.Lend(tenant);
        }
        return block;
    }

    private static Block? Take(int sizeClass)
    {
        Stack<Block> stack = Free[sizeClass];
        while (true)
        {
            Block? block;
            lock (stack)
            {
                if (!stack.TryPop(out block)) return null;
            }
            Interlocked.Add(ref s_free, -(long)SizeOf(sizeClass));
            if (block.Lease!.TryTake()) return block;
        }
    }

    /// <summary>A fresh block, unless a collection that came by itself has left one to be taken back.</summary>
    private static Block? Allocate(int sizeClass, long size, bool pooled)
    {
        CollectionBudget.LookAtDropped();
        LeaseBook.Look(Few);
        if (Take(sizeClass) is { } returned) return returned;
        if (pooled) Shrink(Math.Max(0, Room(BytesLent + size)));
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
