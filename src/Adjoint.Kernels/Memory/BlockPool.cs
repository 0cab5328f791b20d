using System.Numerics;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>
/// Native memory that is used again instead of being given back: the operating system's fresh pages cost more than most
/// kernels (about 1–2 µs per 4 KiB), so a block returned here is the next one handed out, still warm in the cache.
/// </summary>
internal static class BlockPool
{
    private const nuint Alignment = 64;
    private const int Classes = 4 * 40;

    private static readonly Stack<NativeBlock>[] Free = CreateStacks();

    // Every block there is, lent or free. Its lock is taken before that of a stack, never inside.
    private static readonly List<NativeBlock> All = [];
    private static long _handedOut;
    private static long _cached;
    private static int _collectionsSeen;

    /// <summary>Bytes in use by tensors, among them dead ones that <see cref="Reclaim"/> has not found yet.</summary>
    internal static long BytesInUse => Volatile.Read(ref _handedOut);

    /// <summary>Bytes kept for the next tensors.</summary>
    internal static long BytesCached => Volatile.Read(ref _cached);

    /// <summary>How many blocks there are, lent or free.</summary>
    internal static int BlockCount
    {
        get
        {
            lock (All) return All.Count;
        }
    }

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
    /// <exception cref="OutOfMemoryException">Also after everything cached was given back and a collection was made.</exception>
    internal static NativeBlock Rent(long bytes, object tenant)
    {
        int sizeClass = ClassOf((nuint)bytes);
        long size = (long)SizeOf(sizeClass);
        // Before the block is taken: what a collection brings back is then the first to be used.
        CollectionBudget.Look(size);
        NativeBlock block = Take(sizeClass) ?? Allocate(sizeClass);
        Interlocked.Add(ref _handedOut, size);
        block.Lend(tenant);
        return block;
    }

    /// <summary>Takes a block that is no longer lent.</summary>
    internal static void Put(NativeBlock block)
    {
        long size = (long)SizeOf(block.SizeClass);
        Interlocked.Add(ref _handedOut, -size);
        Stack<NativeBlock> stack = Free[block.SizeClass];
        lock (stack)
        {
            stack.Push(block);
            _cached += size;
        }
    }

    /// <summary>Takes back the blocks whose tenants the garbage collector has found dead, if it ran since the last look.</summary>
    internal static void Reclaim()
    {
        int collections = GC.CollectionCount(0);
        if (collections == Volatile.Read(ref _collectionsSeen)) return;
        lock (All)
        {
            Volatile.Write(ref _collectionsSeen, collections);
            foreach (NativeBlock block in CollectionsMarshal.AsSpan(All)) block.ReturnIfDead();
        }
    }

    /// <summary>Gives every cached block back to the operating system.</summary>
    internal static void Trim()
    {
        lock (All)
        {
            var freed = new HashSet<NativeBlock>();
            for (int sizeClass = 0; sizeClass < Classes; sizeClass++)
            {
                while (Take(sizeClass) is { } block)
                {
                    block.Free();
                    freed.Add(block);
                }
            }
            All.RemoveAll(freed.Contains);
        }
    }

    private static NativeBlock? Take(int sizeClass)
    {
        Stack<NativeBlock> stack = Free[sizeClass];
        lock (stack)
        {
            if (!stack.TryPop(out NativeBlock? block)) return null;
            _cached -= (long)SizeOf(sizeClass);
            return block;
        }
    }

    /// <summary>A block from the operating system, unless a collection that came by itself has left one to be taken back.</summary>
    private static NativeBlock Allocate(int sizeClass)
    {
        Reclaim();
        if (Take(sizeClass) is { } returned) return returned;
        nint pointer;
        try
        {
            pointer = Fresh(SizeOf(sizeClass));
        }
        catch (OutOfMemoryException)
        {
            // Tensors nobody refers to any more may still hold blocks: find them, then try once more.
            GC.Collect();
            Reclaim();
            Trim();
            pointer = Fresh(SizeOf(sizeClass));
        }
        var block = new NativeBlock(pointer, sizeClass);
        lock (All) All.Add(block);
        return block;
    }

    private static unsafe nint Fresh(nuint size)
    {
        if (size < HugePages.Size) return (nint)NativeMemory.AlignedAlloc(size, Alignment);
        var block = (nint)NativeMemory.AlignedAlloc(size, HugePages.Size);
        HugePages.AskFor(block, size);
        return block;
    }

    private static Stack<NativeBlock>[] CreateStacks()
    {
        var stacks = new Stack<NativeBlock>[Classes];
        for (int i = 0; i < Classes; i++) stacks[i] = new Stack<NativeBlock>();
        return stacks;
    }
}
