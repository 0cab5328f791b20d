using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The memory behind one or more tensors, with the count of in-place changes they share.
/// </summary>
/// <remarks>
/// // Note [Three kinds of memory]
/// Up to 16 bytes live inside this object, up to 1 KiB in a managed array, and more in a block of the native pool. Each is the
/// cheapest at its size: a few numbers need no second object, small arrays die in gen 0, and larger ones would go through gen 0 at
/// the speed of fresh memory, where a block that comes back is still in the cache. (One number needs no storage at all: see
/// Note [A number carries itself].)
/// </remarks>
internal sealed class Storage
{
    private const int InlineBytes = 16;
    private const int ManagedBytes = 1024;

    private InlineMemory _inline;
    private object? _memory;

    /// <summary>How many elements.</summary>
    internal readonly int Length;

    /// <summary>How often it was changed in place; shared by all views.</summary>
    internal int Version;

    /// <summary>Whether somebody besides the engine may hold it, so that the engine must not return it early.</summary>
    internal bool Escaped;

    internal Storage(int length, int elementSize, bool zero)
    {
        Length = length;
        long bytes = (long)length * elementSize;
        if (bytes <= InlineBytes) return;
        if (bytes <= ManagedBytes)
        {
            _memory = zero ? new byte[bytes] : GC.AllocateUninitializedArray<byte>((int)bytes);
            return;
        }
        NativeBlock block = BlockPool.Rent(bytes, tenant: this);
        _memory = block;
        if (zero) block.Clear(bytes);
    }

    /// <summary>All elements, read as <typeparamref name="T"/>.</summary>
    /// <exception cref="ObjectDisposedException">The storage was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> AsSpan<T>() where T : unmanaged
    {
        object? memory = _memory;
        if (memory is null)
            return MemoryMarshal.CreateSpan(ref Unsafe.As<InlineMemory, T>(ref _inline), Length);
        return AsLargeSpan<T>(memory);
    }

    /// <summary>Whether the memory is a pooled block, which is worth returning early.</summary>
    internal bool IsPooled => _memory is NativeBlock;

    /// <summary>Gives the memory back now; every later access through any view throws.</summary>
    internal void Dispose()
    {
        if (Interlocked.Exchange(ref _memory, Disposed.Instance) is NativeBlock block) block.Return();
    }

    private Span<T> AsLargeSpan<T>(object memory) where T : unmanaged
    {
        if (memory is byte[] array)
            return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), Length);
        if (memory is NativeBlock block) return block.AsSpan<T>(Length);
        throw new ObjectDisposedException(nameof(Tensor), "The tensor was disposed; its memory may already serve another one.");
    }

    [InlineArray(InlineBytes / sizeof(long))]
    private struct InlineMemory
    {
        private long _first;
    }

    private sealed class Disposed
    {
        internal static readonly Disposed Instance = new();
    }
}
