namespace Adjoint;

/// <summary>One capture of a function: the graph, and what it holds for.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Parts">The modules that were called.</param>
/// <param name="Gradients">The leaves whose gradients it read or wrote, unless it first cleared them.</param>
/// <param name="Hooked">The name of a node with hooks that a backward pass came to.</param>
/// <param name="OpenOutput">Whether a result, by its number, has a history that no backward pass has consumed; −1 where none has.</param>
/// <param name="OpenGradient">Whether a gradient that stays has a history.</param>
/// <param name="Results">What the function returned.</param>
/// <param name="Recorded">Tensors that were there before, or were made from such, and whose history the function changed.</param>
internal sealed record GraphTrace(
    Graph Graph, IReadOnlyList<IStructured> Parts, IReadOnlyList<GraphLeaf> Gradients, string? Hooked, int OpenOutput, bool OpenGradient,
    IReadOnlyList<Tensor> Results, IReadOnlyList<Tensor> Recorded)
{
    /// <summary>The gradients that leaves have in the end, by the number in the graph, where they are results as well.</summary>
    internal IReadOnlyList<Tensor?> Left { get; init; } = [];

    /// <summary>Leaves whose gradient it lets go, whether there was one or not, and that have none in the end.</summary>
    internal IReadOnlyList<Tensor> Cleared { get; init; } = [];

    /// <summary>Options that C# code of the function reads, as they were.</summary>
    internal IReadOnlyList<(IOptions Options, object? Now)> Options { get; init; } = [];

    /// <summary>Whether C# code of the function sets options.</summary>
    internal bool SetsOptions { get; init; }

    /// <summary>Where it did first.</summary>
    internal GraphLine? SetsOptionsAt { get; init; }

    /// <summary>Whether C# code of the function sets the mode of a module.</summary>
    internal bool SetsMode { get; init; }
}

/// <summary>A leaf whose gradient a function reads or adds to.</summary>
/// <param name="Leaf">The leaf.</param>
/// <param name="HasGradient">Whether there was one before.</param>
internal readonly record struct GraphLeaf(Tensor Leaf, bool HasGradient);

internal sealed partial class GraphCapture
{
    private GraphTrace Finished(GraphTensor[] inputs, IReadOnlyList<Tensor> results)
    {
        GraphTensor[] outputs = [.. results.Select(y => Read(y))];
        List<GraphGradient> gradients = [];
        foreach ((Tensor leaf, Tensor? before) in _gradients)
        {
            Tensor? after = leaf.GradOrNull;
            if (before is not null && _known.TryGetValue(before.SharedMemory(), out GraphMemory? old)
                && old.Role is not (GraphRole.Result or GraphRole.Parameter) && !old.IsNamed)
                (old.Role, old.Name, old.IsNamed) = (GraphRole.Gradient, NameOf(leaf) + ".grad", true);
            if (before is not null && _known.TryGetValue(before.SharedMemory(), out GraphMemory? held) && held.Role == GraphRole.Gradient)
                held.Leaf ??= leaf;
            if (ReferenceEquals(before, after)) continue;
            GraphTensor? value = after is null ? null : Read(after);
            gradients.Add(
                new GraphGradient(Read(leaf).Value.Memory, value,
                    before is not null || _dropped.GetValueOrDefault(leaf))
                { Tensor = leaf });
        }
        GiveNames(gradients);
        foreach (GraphOperation made in _operations)
            if (made is { Inputs.Count: 0, Phase: GraphPhase.Forward } && IsReadByPassesOnly(made)) made.Phase = GraphPhase.Backward;
        foreach (GraphOperation made in _operations) made.Forget();
        int open = -1;
        for (int i = 0; i < results.Count && open < 0; i++)
            if (results[i].GradFn is { } node && !IsConsumed(node)) open = i;
        var graph = new Graph(_operations, _memories, inputs, outputs, gradients)
        {
            Passes = _begun,
            Cleared = Cleared(),
            OwnCode = results.Count > 0 ? OwnCodeBehind(results[0]) : [],
            OwnCodeElsewhere = [.. results.Skip(1).SelectMany(OwnCodeBehind)],
        };
        return new GraphTrace(
            graph, _parts,
            [.. _gradients.Where(g => _dropped.TryGetValue(g.Key, out bool dropped) && !dropped)
                .Select(g => new GraphLeaf(g.Key, g.Value is not null))],
            _hooked, open, gradients.Any(g => g.Tensor!.GradOrNull is { RequiresGrad: true }), results, Recorded())
        {
            Left = [.. gradients.Select(g => results.FirstOrDefault(y => ReferenceEquals(y, g.Tensor!.GradUnnoted)))],
            Cleared = [.. _gradients.Keys.Where(leaf => leaf.GradUnnoted is null && _cleared.ContainsKey(leaf))],
            Options = _options,
            SetsOptions = _setsOptions,
            SetsOptionsAt = _setsOptionsAt,
            SetsMode = _setsMode,
        };
    }

    private Dictionary<GraphMemory, IReadOnlyList<int>> Cleared()
    {
        Dictionary<GraphMemory, IReadOnlyList<int>> cleared = new(ReferenceEqualityComparer.Instance);
        foreach ((Tensor leaf, List<int> at) in _cleared)
            if (_known.TryGetValue(leaf.SharedMemory(), out GraphMemory? memory)) cleared[memory] = at;
        return cleared;
    }

    private List<GraphOwnCode> OwnCodeBehind(Tensor result)
    {
        List<GraphOwnCode> found = [];
        if (result.GradFn is not { } root) return found;
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance) { root };
        var waiting = new Stack<Node>(seen);
        while (waiting.TryPop(out Node? node))
        {
            found.AddRange(OwnCodeOf(node));
            for (int i = 0; i < node.InputCount; i++)
                if (node.InputEdge(i).Node is { } next && seen.Add(next)) waiting.Push(next);
        }
        return found;
    }

    // Whether a backward pass of the function freed some of what a tensor was computed from: then there is none through it any more.
    private bool IsConsumed(Node root)
    {
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance) { root };
        var waiting = new Stack<Node>(seen);
        while (waiting.TryPop(out Node? node))
        {
            if (node is not AccumulateGrad && _freed.Contains(node)) return true;
            for (int i = 0; i < node.InputCount; i++)
                if (node.InputEdge(i).Node is { } next && seen.Add(next)) waiting.Push(next);
        }
        return false;
    }

    // The ones that a backward pass begins with.
    private bool IsReadByPassesOnly(GraphOperation made) =>
        made.Results.All(y => y is null || (y.Value.ReadBy.Count > 0 && y.Value.ReadBy.All(by => by.Phase == GraphPhase.Backward)));

    private string NameOf(Tensor leaf)
    {
        GraphMemory memory = Read(leaf).Value.Memory;
        if (memory.Name.Length == 0) memory.Name = Numbered("p");
        return memory.Name;
    }

    private readonly Dictionary<string, int> _counts = [];

    private string Numbered(string stem)
    {
        _counts[stem] = _counts.GetValueOrDefault(stem) + 1;
        return $"{stem}{_counts[stem]}";
    }

    private void GiveNames(List<GraphGradient> gradients)
    {
        foreach (GraphMemory memory in _memories)
        {
            if (memory.Name.Length > 0) continue;
            switch (memory.Role)
            {
                case GraphRole.Parameter: memory.Name = Numbered("p"); break;
                case GraphRole.Number: memory.Name = GraphPrint.Number(memory.Tensor!); break;
                case GraphRole.Asked: memory.Name = Numbered("number"); break;
                case GraphRole.Buffer: memory.Name = Numbered("buffer"); break;
                case GraphRole.Constant: memory.Name = Numbered("c"); break;
                case GraphRole.Gradient or GraphRole.State: memory.Name = Numbered("s"); break;
            }
        }
        foreach (GraphGradient gradient in gradients)
            if (gradient.Value?.Value.Memory is { Role: GraphRole.Result, IsNamed: false } memory)
                (memory.Name, memory.IsNamed) = (gradient.Leaf.Name + ".grad", true);
        foreach (GraphOperation operation in _operations) GiveNames(operation);
    }

    private void GiveNames(GraphOperation operation)
    {
        string stem = operation.Name.TrimEnd('_').Replace("_backward", "", StringComparison.Ordinal);
        if (operation.IsView) operation.ViewName = Numbered(stem);
        foreach (GraphMemory memory in operation.Results.Select(y => y?.Value.Memory).OfType<GraphMemory>())
            if (memory.Name.Length == 0) memory.Name = Made(memory, stem);
        foreach ((string name, GraphTensor tensor) in operation.Saved)
            if (tensor.Value.Memory is { Name.Length: 0 } memory) memory.Name = $"{operation.Results[0]?.Name}.{name}";
    }

    private string Made(GraphMemory memory, string stem)
    {
        if (!_gradientOf.TryGetValue(memory, out GraphMemory? of)) return Numbered(stem);
        string name = "d_" + of.Name;
        int again = _counts[name] = _counts.GetValueOrDefault(name) + 1;
        return again == 1 ? name : $"{name}_{again}";
    }
}
