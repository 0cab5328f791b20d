namespace Adjoint.Data;

/// <summary>What is in each batch of an epoch.</summary>
internal interface IBatchOrder : IDisposable
{
    /// <summary>How many batches were given before the pass, by one that it goes on with.</summary>
    int Given { get; }

    /// <summary>The indices of the next batch; null after the last.</summary>
    int[]? Next();

    /// <summary>Where the pass is, when so many batches were given and these are drawn; null where nobody can tell.</summary>
    EpochPlace? Place(int given, int[][] ahead, bool isDrawn);
}

/// <summary>A stream has no indices, and ends when it does.</summary>
internal sealed class StreamOrder : IBatchOrder
{
    private bool _isOver;

    public int Given => 0;

    public int[]? Next() => _isOver ? null : [];

    public EpochPlace? Place(int given, int[][] ahead, bool isDrawn) => null;

    public void Dispose() => _isOver = true;
}
