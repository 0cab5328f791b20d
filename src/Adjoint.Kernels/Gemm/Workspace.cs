using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>
/// Scratch memory of the calling thread, kept for its next call: what a chunk needs, which is at most a few times the second-level cache.
/// Each purpose has a block of its own, since one thread may hold all of them at a time. Freed when the thread is gone.
/// </summary>
internal sealed unsafe class Workspace
{
    /// <summary>What a block is for.</summary>
    public enum Block
    {
        /// <summary>The part of the right operand that only the running chunk needs.</summary>
        OwnRight,

        /// <summary>The part of the left operand that the running chunk needs; it stays for the chunks beside it.</summary>
        OwnLeft,

        /// <summary>The chunk's part of a product that will be stored transposed.</summary>
        Product,

        /// <summary>All of the right operand, packed by this thread for itself.</summary>
        WholeRight,
    }

    private const int Alignment = 64;

    [ThreadStatic] private static Workspace? t_current;

    private static long s_products;

    private readonly void*[] _blocks = new void*[4];
    private readonly nuint[] _bytes = new nuint[4];
    private readonly (long Product, int Row, int First)[] _held = new (long, int, int)[4];

    /// <summary>At least <paramref name="count"/> uninitialised elements, valid until this thread next asks for the same block.</summary>
    public static T* Get<T>(Block block, nint count) where T : unmanaged =>
        (T*)(t_current ??= new Workspace()).Get((int)block, (nuint)count * (nuint)sizeof(T));

    /// <summary>A number that no other product has.</summary>
    public static long NextProduct() => Interlocked.Increment(ref s_products);

    /// <summary>
    /// Whether this thread's block holds what <paramref name="product"/> packs from this row and this step on. If not, the caller
    /// packs it now.
    /// </summary>
    public static bool Holds(Block block, long product, int row, int first)
    {
        ref (long, int, int) held = ref t_current!._held[(int)block];
        if (held == (product, row, first)) return true;
        held = (product, row, first);
        return false;
    }

    private void* Get(int block, nuint bytes)
    {
        if (_bytes[block] < bytes)
        {
            nuint size = bytes + bytes / 4;
            void* old = _blocks[block];
            _blocks[block] = null;
            _bytes[block] = 0;
            NativeMemory.AlignedFree(old);
            _blocks[block] = NativeMemory.AlignedAlloc(size, Alignment);
            _bytes[block] = size;
        }
        return _blocks[block];
    }

    ~Workspace()
    {
        foreach (void* block in _blocks) NativeMemory.AlignedFree(block);
    }
}
