namespace Adjoint.Kernels;

/// <summary>
/// A thread's own free blocks, one of each small size: what it gives back and takes again goes by no lock and no shared count.
/// </summary>
/// <remarks>
/// Note [Pockets]: a block in a pocket counts as lent in the pool's shared numbers (<see cref="BlockPool.BytesLent"/>), which change only
/// when a pocket is missed; whoever shows the numbers takes off what lies in pockets. Only its thread puts and takes; another that needs
/// memory may end a block where it lies, by the same compare-and-swap on the lease by which the thread takes it (<see
/// cref="Lease.TryTake"/>): one of them gets it. Pockets hold some 200 KB, and only so many threads have one, so all of them are a few
/// MB; what a thread leaves goes with it.
/// </remarks>
internal sealed class Pocket
{
    /// <summary>The classes of blocks that fit: of up to 32 KiB.</summary>
    internal const int Classes = 4 * 13;

    private const int Most = 48;

    private static readonly List<WeakReference<Pocket>> All = [];
    private static readonly Pocket None = new(0);

    [ThreadStatic]
    private static Pocket? t_mine;

    private readonly Block?[] _blocks;

    private Pocket(int classes)
    {
        _blocks = new Block?[classes];
        if (classes == 0) GC.SuppressFinalize(this);
    }

    ~Pocket()
    {
        End();
        lock (All) All.RemoveAll(reference => !reference.TryGetTarget(out _));
    }

    /// <summary>How much lies in the pockets of all threads.</summary>
    internal static long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (Pocket pocket in Everyones())
            {
                foreach (Block? block in pocket._blocks)
                    if (block?.Lease is { IsGone: false, IsLent: false } lease) bytes += (long)BlockPool.SizeOf(lease.SizeClass);
            }
            return bytes;
        }
    }

    private static Pocket Mine => t_mine ?? Open();

    /// <summary>Takes this thread's block of a size class.</summary>
    internal static Block? Take(int sizeClass)
    {
        Block?[] blocks = Mine._blocks;
        if (sizeClass >= blocks.Length || blocks[sizeClass] is not { } block) return null;
        blocks[sizeClass] = null;
        return block.Lease!.TryTake() ? block : null;
    }

    /// <summary>Keeps a free block for this thread, if there is room for it.</summary>
    internal static bool TryPut(Block block, int sizeClass)
    {
        Block?[] blocks = Mine._blocks;
        if (sizeClass >= blocks.Length || blocks[sizeClass] is not null) return false;
        Volatile.Write(ref blocks[sizeClass], block);
        return true;
    }

    /// <summary>Gives up what lies in the pockets of all threads.</summary>
    internal static void EndAll()
    {
        foreach (Pocket pocket in Everyones()) pocket.End();
    }

    private void End()
    {
        for (int sizeClass = 0; sizeClass < _blocks.Length; sizeClass++)
        {
            // One that is not free was just taken by its thread, which may put it back here.
            if (Volatile.Read(ref _blocks[sizeClass]) is not { } block || !block.Lease!.TryEnd()) continue;
            BlockPool.Forget(sizeClass);
            Interlocked.CompareExchange(ref _blocks[sizeClass], null, block);
        }
    }

    private static Pocket Open()
    {
        lock (All)
        {
            if (All.Count >= Most) return t_mine = None;
            var pocket = new Pocket(Classes);
            All.Add(new WeakReference<Pocket>(pocket));
            return t_mine = pocket;
        }
    }

    private static List<Pocket> Everyones()
    {
        var pockets = new List<Pocket>();
        lock (All)
        {
            foreach (WeakReference<Pocket> reference in All)
                if (reference.TryGetTarget(out Pocket? pocket)) pockets.Add(pocket);
        }
        return pockets;
    }
}
