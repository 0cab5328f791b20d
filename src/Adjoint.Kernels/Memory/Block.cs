using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>A piece of memory that starts at a cache line, in a pinned array: it never moves, and a span over it keeps it.</summary>
/// <remarks>
/// Note [Blocks are arrays]: were a block native memory, a span over it would show the next tenant's numbers once the tensor is gone,
/// and be able to write them. The collector keeps an array for as long as any span shows it, so memory that was handed out only has to
/// leave the pool (<see cref="Lease.Leave"/>), and nothing is ever copied or moved under a kernel that another thread runs.
/// Pooled arrays are as fast as pooled native memory: what makes arrays slow is to take a fresh one each time.
/// </remarks>
internal sealed unsafe class Block
{
    private readonly Line[] _array;
    private readonly nint _offset;

    /// <summary>Who has it, or null: it belongs to the collector, like any array.</summary>
    internal readonly Lease? Lease;

    /// <summary>A block of at least <paramref name="bytes"/> bytes of undefined content.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="sizeClass">The class by which the pool finds it, or −1: it is not the pool's.</param>
    /// <exception cref="OutOfMemoryException">There is not as much.</exception>
    internal Block(long bytes, int sizeClass)
    {
        // Padding is address space: pages that nobody touches are no memory.
        nint alignment = bytes >= Pages.Huge ? Pages.Huge : sizeof(Line);
        long lines = (bytes + alignment + sizeof(Line) - 1) / sizeof(Line);
        if (lines > Array.MaxLength) throw new OutOfMemoryException();
        _array = GC.AllocateUninitializedArray<Line>((int)lines, pinned: true);
        nint start = Start;
        _offset = (start + alignment - 1) / alignment * alignment - start;
        if (alignment == Pages.Huge) Pages.AskForHuge((nuint)(start + _offset), (nuint)bytes);
        if (sizeClass >= 0) Lease = new Lease(this, sizeClass);
        if (Poison.IsOn) Fill(Poison.Byte);
    }

    // Of a pinned array: the address stays what it is.
    private nint Start => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));

    /// <summary>Its first byte. Nothing is kept by it: whoever uses it has the lease until he is done.</summary>
    internal void* Pointer => (void*)(Start + _offset);

    /// <summary>The first <paramref name="length"/> elements. The span keeps the memory, but not the lease: that the tenant does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> AsSpan<T>(int length) where T : unmanaged
    {
        ref byte start = ref Unsafe.As<Line, byte>(ref MemoryMarshal.GetArrayDataReference(_array));
        return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref start, _offset)), length);
    }

    /// <summary>Sets the first <paramref name="bytes"/> bytes to zero.</summary>
    internal void Clear(long bytes)
    {
        NativeMemory.Clear(Pointer, (nuint)bytes);
        GC.KeepAlive(this);
    }

    /// <summary>Sets all bytes.</summary>
    internal void Fill(byte value)
    {
        NativeMemory.Fill((void*)Start, (nuint)_array.Length * (nuint)sizeof(Line), value);
        GC.KeepAlive(this);
    }

    /// <summary>Gives the memory back though the array is still there; nobody may use it any more.</summary>
    internal void GiveBack()
    {
        nuint bytes = (nuint)_array.Length * (nuint)sizeof(Line);
        if (bytes >= Pages.WorthGivingBack) Pages.GiveBack((nuint)Start, bytes);
        else BlockPool.Drop(Lease!.SizeClass);
        GC.KeepAlive(this);
    }

    /// <summary>A cache line. Of these an array may have two thousand million, where one of bytes would end at 2 GB.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Line
    {
        private long _first;
    }
}
