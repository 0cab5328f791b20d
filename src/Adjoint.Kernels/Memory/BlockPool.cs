using System.Numerics;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>
/// Native memory that is used again instead of being given back: the operating system's fresh pages cost more than most
/// kernels (about 1–2 µs per 4 KiB), so a block returned here is the next one handed out, still warm in the cache.
/// </summary>
internal static unsafe class BlockPool
{
    private const nuint Alignment = 64;
    private const int Classes = 4 * 40;

    private static readonly Stack<nint>[] Free = CreateStacks();
    private static long _handedOut;
    private static long _cached;

    /// <summary>Bytes in use by tensors.</summary>
    internal static long BytesInUse => Volatile.Read(ref _handedOut);

    /// <summary>Bytes kept for the next tensors.</summary>
    internal static long BytesCached => Volatile.Read(ref _cached);

    /// <summary>The size class of a request: four steps a power of two, so at most a quarter of a block is unused.</summary>
    internal static int ClassOf(nuint bytes)
    {
        nuint size = Math.Max(bytes, 4096) - 1;
        int exponent = BitOperations.Log2(size);
        int step = (int)((size >> (exponent - 2)) & 3);
        return (exponent - 2) * 4 + step;
    }

    /// <summary>The bytes of a block of size class <paramref name="sizeClass"/>.</summary>
    internal static nuint SizeOf(int sizeClass) => (nuint)(5 + sizeClass % 4) << (sizeClass / 4);

    /// <summary>A block of at least SizeOf(sizeClass) bytes with undefined content, aligned to a cache line.</summary>
    /// <exception cref="OutOfMemoryException">Also after everything cached was given back and a collection was made.</exception>
    internal static nint Rent(int sizeClass)
    {
        long size = (long)SizeOf(sizeClass);
        Interlocked.Add(ref _handedOut, size);
        Stack<nint> stack = Free[sizeClass];
        lock (stack)
        {
            if (stack.TryPop(out nint block))
            {
                _cached -= size;
                return block;
            }
        }
        return Allocate((nuint)size);
    }

    /// <summary>Takes a block back for the next <see cref="Rent"/>.</summary>
    internal static void Return(nint block, int sizeClass)
    {
        long size = (long)SizeOf(sizeClass);
        Interlocked.Add(ref _handedOut, -size);
        Stack<nint> stack = Free[sizeClass];
        lock (stack)
        {
            stack.Push(block);
            _cached += size;
        }
    }

    /// <summary>Gives every cached block back to the operating system.</summary>
    internal static void Trim()
    {
        for (int sizeClass = 0; sizeClass < Classes; sizeClass++)
        {
            Stack<nint> stack = Free[sizeClass];
            lock (stack)
            {
                while (stack.TryPop(out nint block))
                {
                    NativeMemory.AlignedFree((void*)block);
                    _cached -= (long)SizeOf(sizeClass);
                }
            }
        }
    }

    private static nint Allocate(nuint size)
    {
        try
        {
            return Fresh(size);
        }
        catch (OutOfMemoryException)
        {
            // Tensors nobody refers to any more may still hold blocks: let their finalizers return them, then try once more.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Trim();
            return Fresh(size);
        }
    }

    private static nint Fresh(nuint size)
    {
        if (size < HugePages.Size) return (nint)NativeMemory.AlignedAlloc(size, Alignment);
        var block = (nint)NativeMemory.AlignedAlloc(size, HugePages.Size);
        HugePages.AskFor(block, size);
        return block;
    }

    private static Stack<nint>[] CreateStacks()
    {
        var stacks = new Stack<nint>[Classes];
        for (int i = 0; i < Classes; i++) stacks[i] = new Stack<nint>();
        return stacks;
    }
}
