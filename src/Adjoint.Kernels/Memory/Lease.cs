using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>
/// Who has a block of the pool: it is lent to one tenant after another, and free again when the tenant returns it or is dead.
/// </summary>
/// <remarks>
/// Note [Leases]: the present tenant is known by a weak handle. A finalizer for each tensor would do the same, but a finalizable
/// object takes the collector's slow path when it is made, and its end waits for another thread, which costs a training step more
/// than the collection itself.
/// <see cref="_number"/> counts up by one when the block is lent (odd) and when it comes back (even). A block comes back only by a
/// compare-and-swap from the number under which the caller knows it to be his: a tenant that returns it twice, or a look at the handle
/// while the block was returned and lent anew, changes nothing. The methods that a tenant calls keep it alive until the swap is done, so
/// no collection can find it dead in between. The handle tracks resurrection, for tensors used by somebody's finalizer.
/// </remarks>
internal sealed class Lease
{
    private const long Gone = long.MinValue; // even: not lent

    internal readonly int SizeClass;

    private WeakGCHandle<object> _tenant;
    private long _number;

    internal Lease(Block block, int sizeClass)
    {
        Block = block;
        SizeClass = sizeClass;
        _tenant = new WeakGCHandle<object>(null!, trackResurrection: true);
    }

    /// <summary>The block, or null once it has left the pool.</summary>
    internal Block? Block { get; private set; }

    /// <summary>Where it stands in the <see cref="LeaseBook"/>, and what that needs to know; nobody else's.</summary>
    internal LeaseBook.Entry Entry;

    /// <summary>Lent or free; a number that never comes again.</summary>
    internal long Number => Volatile.Read(ref _number);

    /// <summary>Whether somebody has the block.</summary>
    internal bool IsLent => (Number & 1) != 0;

    /// <summary>Whether the block has left the pool.</summary>
    internal bool IsGone => Number == Gone;

    /// <summary>Gives the block, which was just taken from the free ones, to a tenant: for as long as it lives, or until <see cref="Return"/>.</summary>
    internal void Lend(object tenant)
    {
        _tenant.SetTarget(tenant);
        Volatile.Write(ref _number, _number + 1);
        LeaseBook.Note(this);
    }

    /// <summary>Whether the block is lent to this tenant.</summary>
    internal bool IsHeldBy(object tenant) => IsLent && _tenant.TryGetTarget(out object? holder) && ReferenceEquals(holder, tenant);

    /// <summary>Takes the block back from its tenant, who must not use it afterwards; not its tenant's, it stays where it is.</summary>
    internal bool Return(object tenant)
    {
        long number = Number;
        bool ends = IsHeldBy(tenant) && Interlocked.CompareExchange(ref _number, number + 1, number) == number;
        GC.KeepAlive(tenant);
        if (ends) BlockPool.Put(Block!);
        return ends;
    }

    /// <summary>Takes the block back if its tenant is dead. See Note [Leases].</summary>
    internal bool ReturnIfDead()
    {
        long number = Number;
        if ((number & 1) == 0 || _tenant.TryGetTarget(out _)) return false;
        if (Interlocked.CompareExchange(ref _number, number + 1, number) != number) return false;
        BlockPool.Put(Block!);
        return true;
    }

    /// <summary>Takes the block out of the pool for good, in the hands of its tenant: from now on it is the collector's, like any array.</summary>
    internal void Leave(object tenant)
    {
        long number = Number;
        bool leaves = IsHeldBy(tenant) && Interlocked.CompareExchange(ref _number, Gone, number) == number;
        GC.KeepAlive(tenant);
        if (!leaves) return;
        Block = null;
        BlockPool.Forget(SizeClass);
    }

    /// <summary>Takes a free block, which nobody else can reach, out of the pool for good and gives its memory back.</summary>
    internal void End()
    {
        Volatile.Write(ref _number, Gone);
        Block!.GiveBack();
        Block = null;
    }

    /// <summary>Lets go of the handle; the book calls it once nobody can look at it any more.</summary>
    internal void Close() => _tenant.Dispose();
}
