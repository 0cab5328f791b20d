using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>
/// A piece of native memory and who has it. The block itself lives as long as the pool keeps its memory; it is lent to one
/// tenant after another, knows the present one by a weak handle, and is free again when the tenant returns it or is dead.
/// </summary>
/// <remarks>
/// Note [Leases]: a finalizer for each tensor would do the same, but a finalizable object takes the collector's slow path when
/// it is made, and its end waits for another thread, which costs a training step more than the collection itself.
/// <see cref="_lease"/> counts up by one when the block is lent (odd) and when it comes back (even). Who looks for dead tenants
/// reads the number, then the handle, and takes the block back only if the number is still the same: a block that was returned
/// and lent anew meanwhile is left alone. The handle tracks resurrection, for tensors used by somebody's finalizer.
/// </remarks>
internal sealed unsafe class NativeBlock
{
    internal readonly int SizeClass;
    private readonly void* _pointer;
    private WeakGCHandle<object> _tenant;
    private long _lease;

    internal NativeBlock(nint pointer, int sizeClass)
    {
        _pointer = (void*)pointer;
        SizeClass = sizeClass;
        _tenant = new WeakGCHandle<object>(null!, trackResurrection: true);
    }

    /// <summary>The first <paramref name="length"/> elements of the block.</summary>
    /// <remarks>The caller keeps the tenant alive while it uses the span.</remarks>
    internal Span<T> AsSpan<T>(int length) where T : unmanaged => new(_pointer, length);

    /// <summary>Sets the first <paramref name="bytes"/> bytes to zero.</summary>
    internal void Clear(long bytes) => NativeMemory.Clear(_pointer, (nuint)bytes);

    /// <summary>Gives the block to a tenant: for as long as it lives, or until <see cref="Return"/>.</summary>
    internal void Lend(object tenant)
    {
        _tenant.SetTarget(tenant);
        Volatile.Write(ref _lease, _lease + 1);
    }

    /// <summary>Takes the block back now; the tenant calls it once and must not use the memory afterwards.</summary>
    internal void Return()
    {
        Volatile.Write(ref _lease, _lease + 1);
        BlockPool.Put(this);
    }

    /// <summary>Takes the block back if its tenant is dead. See Note [Leases].</summary>
    internal bool ReturnIfDead()
    {
        long lease = Volatile.Read(ref _lease);
        if ((lease & 1) == 0 || _tenant.TryGetTarget(out _)) return false;
        if (Interlocked.CompareExchange(ref _lease, lease + 1, lease) != lease) return false;
        BlockPool.Put(this);
        return true;
    }

    /// <summary>Gives the memory to the operating system; the block must be free, and is never lent again.</summary>
    internal void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _tenant.Dispose();
    }
}
