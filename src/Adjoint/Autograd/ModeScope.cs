namespace Adjoint;

/// <summary>A mode in force until the end of the <c>using</c> block.</summary>
/// <remarks>
/// A mode belongs to the code inside the block: it goes on after an <c>await</c>, on whatever thread, and reaches what is started
/// inside (tasks, threads, <c>Parallel.For</c>), as the culture does; no other code. A job of the thread pool that ends without
/// having disposed its scopes leaves nothing behind. Disposing a scope ends those inside it that were not; disposing it twice, or
/// in code that is not inside, does nothing.
/// </remarks>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public abstract class ModeScope : IDisposable
{
    private readonly ModeState _before = ModeState.Now;
    private ModeFlow? _flow;

    private protected ModeScope()
    {
    }

    /// <summary>Notes what the constructor has set.</summary>
    private protected void Begin() => _flow = ModeFlow.Note(_before, this);

    /// <summary>Restores the modes from before.</summary>
    public void Dispose()
    {
        CheckEnd();
        _flow?.Leave();
        Ended();
        GC.SuppressFinalize(this);
    }

    /// <summary>Does what is to be done once the modes from before are back, if it was not done.</summary>
    private protected virtual void Ended()
    {
    }

    /// <summary>Checks whether the scope may end here, and notes that it does.</summary>
    private protected virtual void CheckEnd()
    {
    }
}
