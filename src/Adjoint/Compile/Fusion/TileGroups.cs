namespace Adjoint;

/// <summary>Finds the operations that are done by tiles together.</summary>
/// <remarks>
/// // Note [Who waits changes nothing]
/// Operations of an open group wait until somebody needs what they give, or changes what they read, or the operation can no longer be
/// taken up. Those that stand between them go before. So what may throw, draws and asks keeps its order, and what waits throws for no
/// values; it waits behind what may throw, never before it.
/// </remarks>
internal sealed class TileGroups
{
    private readonly List<(List<GraphOperation> Before, TileGroup? Group)> _parts = [];
    private readonly List<TileGroup> _open = [];
    private List<GraphOperation> _before = [];

    /// <summary>The operations in the order in which they are run: some by themselves and then a group, and so on.</summary>
    internal static List<(List<GraphOperation> Before, TileGroup? Group)> Of(List<GraphOperation> operations)
    {
        var groups = new TileGroups();
        foreach (GraphOperation operation in operations) groups.Add(operation);
        groups.CloseAll();
        groups._parts.Add((groups._before, null));
        return groups._parts;
    }

    private void Add(GraphOperation operation)
    {
        if (TileGroup.KernelOf(operation) is not { } kernel)
        {
            if (operation.Call.Operation is IStatefulOperation) CloseAll();
            else CloseThoseBefore(operation, null);
            _before.Add(operation);
            return;
        }
        int length = operation.Results.First(y => y is not null)!.Shape.NumEl;
        TileGroup? group = _open.Find(open => open.Length == length);
        CloseThoseBefore(operation, group);
        if (group is not null)
        {
            if (group.Takes(operation, kernel)) return;
            Close(group);
        }
        group = new TileGroup(length);
        if (group.Takes(operation, kernel)) _open.Add(group);
        else _before.Add(operation);
    }

    // Who reads what a group makes or changes, or changes what it reads, comes after it.
    private void CloseThoseBefore(GraphOperation operation, TileGroup? own)
    {
        foreach (TileGroup group in _open.ToArray())
        {
            if (ReferenceEquals(group, own)) continue;
            bool isBefore = operation.Inputs.Any(x => x is not null && group.Writes(x.Value.Memory))
                || operation.Changes.Any(change => group.Reads(change.Memory))
                || operation.Results.Any(y => y is not null && group.Reads(y.Value.Memory));
            if (isBefore) Close(group);
        }
    }

    private void CloseAll()
    {
        foreach (TileGroup group in _open.ToArray()) Close(group);
    }

    private void Close(TileGroup group)
    {
        _open.Remove(group);
        if (group.IsOne)
        {
            _before.AddRange(group.Operations);
            return;
        }
        _parts.Add((_before, group));
        _before = [];
    }
}
