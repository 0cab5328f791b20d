namespace Adjoint;

/// <summary>Which operations of a graph a run needs: those whose results somebody reads, and those that do more than give them.</summary>
internal sealed class ReplayNeeds
{
    private readonly bool[] _isPure;

    /// <summary>Finds them, from the last one back.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="read">What is read after the run.</param>
    internal ReplayNeeds(Graph graph, HashSet<GraphMemory> read)
    {
        _isPure = new bool[graph.Operations.Count];
        for (int i = graph.Operations.Count - 1; i >= 0; i--)
        {
            GraphOperation operation = graph.Operations[i];
            if (operation.IsView) continue;
            bool isSilent = IsSilent(operation);
            if (isSilent && !operation.Results.Any(y => y is not null && read.Contains(y.Value.Memory)))
            {
                RemovedCount++;
                continue;
            }
            _isPure[i] = isSilent && operation.Changes.Count == 0 && AreUnchanged(operation);
            Operations.Add(operation);
            foreach (GraphTensor? x in operation.Inputs)
                if (x is not null) read.Add(x.Value.Memory);
        }
        Operations.Reverse();
    }

    /// <summary>Those that are needed, in their order.</summary>
    internal List<GraphOperation> Operations { get; } = [];

    /// <summary>How many are left out.</summary>
    internal int RemovedCount { get; }

    /// <summary>Whether an operation gives its results, which nothing changes afterwards, and does nothing else.</summary>
    internal bool IsPure(GraphOperation operation) => _isPure[operation.Index];

    // Nobody notices whether it runs but by what it gives: it draws nothing, and cannot even throw. It may change what is made in the run.
    private static bool IsSilent(GraphOperation operation)
    {
        object call = operation.Call.Operation;
        if (operation.Saved.Count > 0 || call is IStatefulOperation || operation.Attributes.ContainsKey("generator")) return false;
        foreach (GraphValue change in operation.Changes)
            if (change.Memory.Role != GraphRole.Result) return false;
        if (operation.Changes.Count == 0 && (operation.Inputs.Count == 0 || (call is IIntoOperation into && into.GoesInto(operation))))
            return operation.Inputs.Count == 0 || !ReplayUndo.MayThrow(operation);
        return call is ITileOperation tiled && tiled.Tile(operation) is not null;
    }

    private static bool AreUnchanged(GraphOperation operation)
    {
        foreach (GraphTensor? y in operation.Results)
            if (y is not null && y.Value.Memory.Values.Count > 1) return false;
        return true;
    }
}
