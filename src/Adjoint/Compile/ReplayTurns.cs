namespace Adjoint;

/// <summary>Lets one caller at a time run what changes tensors that stay: parameters, gradients, buffers.</summary>
/// <remarks>
/// // Note [Steps take turns]
/// Two runs of a step at once would each read parameters that the other one is changing, and one of two changes would be lost. So calls
/// that change what outlives them are done one after the other, as are captures and verifications of them, which change the same and bring
/// it back. What changes nothing but its results is run by as many threads as call it.
///
/// A step of numbers takes less time than two changes of a lock. As long as one thread only has called, it says by a plain write that it
/// is within. The first other one sets <see cref="_isShared"/>, and makes every processor finish its writes: either the first thread sees
/// that it is set, or the other one sees that it is within, and waits. From then on there is a lock.
/// </remarks>
internal sealed class ReplayTurns
{
    private readonly Lock _gate = new();
    private Here? _first;
    private int _within;
    private volatile bool _isShared;

    /// <summary>Waits until it is this thread's turn, which may be within one of its own.</summary>
    internal void Enter(Here here)
    {
        bool isFirst = ReferenceEquals(_first ?? Interlocked.CompareExchange(ref _first, here, null) ?? here, here);
        if (isFirst && (_within > 0 || !_isShared))
        {
            // Within one of its own it stays within, whoever waits.
            Volatile.Write(ref _within, _within + 1);
            if (_within > 1 || !_isShared) return;
            Volatile.Write(ref _within, 0);
        }
        _gate.Enter();
        if (isFirst) return;
        if (!_isShared)
        {
            _isShared = true;
            Interlocked.MemoryBarrierProcessWide();
        }
        var wait = new SpinWait();
        while (Volatile.Read(ref _within) > 0) wait.SpinOnce();
    }

    /// <summary>The turn ends.</summary>
    internal void Leave(Here here)
    {
        if (ReferenceEquals(_first, here) && _within > 0) Volatile.Write(ref _within, _within - 1);
        else _gate.Exit();
    }
}
