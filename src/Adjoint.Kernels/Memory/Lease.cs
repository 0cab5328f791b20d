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
/// while the block was returned and lent anew, changes nothing. A free block is taken by another (<see cref="TryTake"/>), so of those who
/// would lend it and those who would give its memory back (<see cref="TryEnd"/>) one gets it. The methods that a tenant calls keep it
/// alive until the swap is done, so no collection can find it dead in between. The handle tracks resurrection, for tensors used by
/// somebody's finalizer.
/// </remarks>
internal sealed class Lease
{
    // Even, which is not lent, as is a number with the mark of one who has taken the block and not yet lent it.
    private const long Gone = long.MinValue, Taken = 1L << 62;

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

    /// <summary>Takes the free block for the caller, who then lends it or ends it; false if its memory was given back.</summary>
    internal bool TryTake()
    {
        long number = Number;
        return (number & (Gone | Taken | 1)) == 0 && Interlocked.CompareExchange(ref _number, number | Taken, number) == number;
    }

    /// <summary>Gives the block, which the caller has taken, to a tenant: for as long as it lives, or until <see cref="Return"/>.</summary>
    internal void Lend(object tenant)
    {
        _tenant.SetTarget(tenant);
        Volatile.Write(ref _number, (_number & ~Taken) + 1);
        LeaseBook.Note(this);
    }

    /// <summary>Whether the block is lent to this tenant.</summary>
    internal bool IsHeldBy(object tenant) => IsLent && _tenant.TryGetTarget(out object? holder) && ReferenceEquals(holder, tenant);

    /// <summary>Who has the block under this <see cref="Number"/>; null: nobody any more, or he is dead.</summary>
    internal object? TenantUnder(long number) =>
        Number == number && _tenant.TryGetTarget(out object? tenant) && Number == number ? tenant : null;

    /// <summary>Takes the block back from its tenant, who must not use it afterwards; not its tenant's, it stays where it is.</summary>
    internal bool Return(object tenant)
    {
        long number = Number;
        bool ends = IsHeldBy(tenant) && Interlocked.CompareExchange(ref _number, number + 1, number) == number;
        GC.KeepAlive(tenant);
        if (ends) BlockPool.PutNear(Block!);
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

    /// <summary>
    /// Takes the block out of the pool for good, in the hands of its tenant: from now on it is the collector's, like any array.
    /// </summary>
    internal void Leave(object tenant)
    {
        long number = Number;
        bool leaves = IsHeldBy(tenant) && Interlocked.CompareExchange(ref _number, Gone, number) == number;
        GC.KeepAlive(tenant);
        if (!leaves) return;
        Block = null;
        BlockPool.Forget(SizeClass);
    }

    /// <summary>
    /// Takes a free block out of the pool for good and gives its memory back; false if somebody else has taken it or done so.
    /// </summary>
    internal bool TryEnd()
    {
        if (!TryTake()) return false;
        End();
        return true;
    }

    /// <summary>As <see cref="TryEnd"/>, for a block that the caller has taken.</summary>
    internal void End()
    {
        Volatile.Write(ref _number, Gone);
        Block!.GiveBack();
        Block = null;
    }

    /// <summary>Lets go of the handle; the book calls it once nobody can look at it any more.</summary>
    internal void Close() => _tenant.Dispose();
}
