namespace Adjoint;

/// <summary>
/// By what the small tensors of a <see cref="MemoryScope"/> know that it has ended, as large ones know by their memory, which it took.
/// </summary>
/// <remarks>
/// // Note [Small as large]
/// Memory of up to 1 KiB is the collector's, and no scope has to give it back. That a loss could be read after its scope, and a vector of
/// 300 numbers could not, would be found out only by whoever comes with more data. So all sizes are gone: what is not a block of the
/// pool has in the place of its memory a mark, which many share, and is read by way of it. Who keeps a tensor takes the mark away, or puts
/// that of a scope further out in its place; who keeps all that was made so far hands the mark itself on, and the scope begins another.
/// Outside of scopes there are no marks, and nothing is asked.
/// </remarks>
internal sealed class ScopeMark(int depth)
{
    /// <summary>That of what no scope gives back.</summary>
    internal static readonly ScopeMark None = new(0);

    private ScopeMark? _handedTo;
    private bool _isOver;

    /// <summary>How deep the scope lies whose mark it is now; 0: it is kept for good.</summary>
    internal int Depth => Now.DepthHere;

    /// <summary>Whether the scope has ended, and with it all that has its mark.</summary>
    internal bool IsOver => Volatile.Read(ref Now._isOver);

    private int DepthHere { get; } = depth;

    private ScopeMark Now
    {
        get
        {
            ScopeMark at = this;
            while (Volatile.Read(ref at._handedTo) is { } next) at = next;
            return at;
        }
    }

    /// <summary>Ends all that has it.</summary>
    internal void End() => Volatile.Write(ref _isOver, true);

    /// <summary>Leaves all that has it to another scope, or to none.</summary>
    internal void HandTo(ScopeMark other) => Volatile.Write(ref _handedTo, other);
}

/// <summary>Memory that is no block of the pool, of a tensor that was made in a scope.</summary>
/// <param name="memory">An array, or a block that is the collector's; null: it lies in the storage itself.</param>
/// <param name="mark">The mark of the scope.</param>
internal sealed class MarkedMemory(object? memory, ScopeMark mark)
{
    internal readonly object? Memory = memory;
    internal readonly ScopeMark Mark = mark;
}
