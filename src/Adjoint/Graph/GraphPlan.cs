namespace Adjoint;

/// <summary>
/// What is the same in every explanation of one tensor by a <see cref="Graph"/>: where its gradient comes from, which operations lead
/// there, and what has to run for that. It holds no numbers.
/// </summary>
/// <remarks>
/// // Note [Planned once]
/// To find the operations between a tensor and a loss takes longer than to run them, where the layers are small: so it is done once for
/// the tensor that a graph explains. A graph keeps the plan of the last tensor only, since each is as large as the graph.
/// </remarks>
internal sealed class GraphPlan
{
    private readonly Graph _graph;
    private readonly Tensor _tensor;
    private readonly bool _requiresGrad, _isLeaf, _holdsLeaf;
    private readonly HashSet<GraphValue> _alive = new(ReferenceEqualityComparer.Instance);
    private readonly List<bool[]> _wanted = [];
    private readonly int[] _coneAt;
    private readonly List<GraphOperation> _cone = [], _needed = [], _back = [];
    private ILookup<GraphValue, GraphOperation>? _readers;

    private GraphPlan(Graph graph, GraphMemory source, Tensor tensor)
    {
        (_graph, Source, _tensor) = (graph, source, tensor);
        (_requiresGrad, _isLeaf, _holdsLeaf) = Now(source, tensor);
        From = new GraphRoots(graph, source, tensor);
        Last = From.Last;
        _coneAt = new int[graph.Operations.Count];
        Array.Fill(_coneAt, -1);
        FindCone();
        FindNeeded();
        for (int i = graph.Operations.Count - 1; i >= 0; i--)
            if (graph.Operations[i] is var operation && (_coneAt[i] >= 0 || operation.Changes.Count > 0)) _back.Add(operation);
        Examples = new GraphExamples(graph);
        Entries = FindEntries();
    }

    /// <summary>The plan of a tensor: the one that is there, if it is of that tensor, as it is now.</summary>
    internal static GraphPlan Of(Graph graph, GraphMemory source, Tensor tensor)
    {
        if (graph.LastPlan is { } last && ReferenceEquals(last.Source, source) && ReferenceEquals(last._tensor, tensor)
            && Now(source, tensor) == (last._requiresGrad, last._isLeaf, last._holdsLeaf)) return last;
        return graph.LastPlan = new GraphPlan(graph, source, tensor);
    }

    // What of it somebody may set in between.
    private static (bool RequiresGrad, bool IsLeaf, bool HoldsLeaf) Now(GraphMemory source, Tensor tensor) =>
        (tensor.RequiresGrad, tensor.IsLeaf, source.Tensor is { RequiresGrad: true });

    /// <summary>The memory of the tensor.</summary>
    internal GraphMemory Source { get; }

    /// <summary>Whether the tensor requires grad.</summary>
    internal bool RequiresGrad => _requiresGrad || _holdsLeaf;

    /// <summary>The backward passes, and what they met.</summary>
    internal GraphRoots From { get; }

    /// <summary>The number of the last operation that gradients may come back through.</summary>
    internal int Last { get; }

    /// <summary>Which example an element belongs to.</summary>
    internal GraphExamples Examples { get; }

    /// <summary>The operations whose results depend on the tensor in a way that was recorded, in order.</summary>
    internal IReadOnlyList<GraphOperation> Cone => _cone;

    /// <summary>What has to run, in order: the cone, and what it and the gradients that a pass began with are computed from.</summary>
    internal IReadOnlyList<GraphOperation> Needed => _needed;

    /// <summary>The memory that it changes.</summary>
    internal IReadOnlySet<GraphMemory> Changed { get; private set; } = new HashSet<GraphMemory>();

    /// <summary>The memory from outside that it reads where it lies.</summary>
    internal IReadOnlyList<GraphMemory> Read { get; private set; } = [];

    /// <summary>What gradients meet on their way back: the cone, and changes in place beside it, the last one first.</summary>
    internal IReadOnlyList<GraphOperation> Back => _back;

    /// <summary>Whether something of it draws, or asks code of the user's for a number: that moves generators.</summary>
    internal bool Draws { get; private set; }

    /// <summary>The products of matrices that the tensor is a factor of, where it is nothing else; otherwise null.</summary>
    internal IReadOnlyList<GraphProductEntry>? Entries { get; }

    /// <summary>The one of <see cref="Entries"/> that is an operation.</summary>
    internal GraphProductEntry? EntryOf(GraphOperation operation)
    {
        for (int i = 0; i < Entries!.Count; i++)
            if (ReferenceEquals(Entries[i].Operation, operation)) return Entries[i];
        return null;
    }

    /// <summary>The operations of the cone that read a value, and pass gradients on to it.</summary>
    internal IEnumerable<GraphOperation> ReadersOf(GraphValue value) => (_readers ??= _cone
        .SelectMany(operation => operation.Inputs.Where((_, i) => IsWanted(operation, i)).Select(x => (x!.Value, operation)).Distinct())
        .ToLookup(pair => pair.Value, pair => pair.operation))[value];

    /// <summary>Whether a value depends on the tensor in a way that was recorded.</summary>
    internal bool IsAlive(GraphValue value) => _alive.Contains(value);

    /// <summary>The place of an operation in the <see cref="Cone"/>; −1 if it is not in it.</summary>
    internal int ConeAt(GraphOperation operation) => _coneAt[operation.Index];

    /// <summary>Whether gradients go back through an operand of an operation.</summary>
    internal bool IsWanted(GraphOperation operation, int input) =>
        _coneAt[operation.Index] is >= 0 and var at ? _wanted[at][input] : Wants(operation, input);

    private bool Wants(GraphOperation operation, int input) =>
        operation.Inputs[input] is { } x && input < operation.Recorded.Length && operation.Recorded[input] && _alive.Contains(x.Value)
        && !(operation.Origins[input].Start == GraphStart.Leaf && x.Value.Memory.Role == GraphRole.Result)
        && !IsOfAnother(operation.Origins[input].Leaf, x);

    // Another leaf that lies in the same memory.
    private bool IsOfAnother(Tensor? leaf, GraphTensor x) => leaf is not null && ReferenceEquals(x.Value.Memory, Source)
        && From.Leaf is { RequiresGrad: true, IsLeaf: true } own && !ReferenceEquals(own, leaf);

    private List<GraphProductEntry>? FindEntries()
    {
        GraphValue source = Source.Values[0];
        if (!From.IsByFormula || Source.Values.Skip(1).Any(_alive.Contains)
            || From.Roots.Any(root => ReferenceEquals(root.Root.Value, source))) return null;
        List<GraphProductEntry> entries = [];
        foreach (GraphOperation operation in _cone)
        {
            int[] reading = [.. Enumerable.Range(0, operation.Inputs.Count)
                .Where(i => IsWanted(operation, i) && ReferenceEquals(operation.Inputs[i]!.Value, source))];
            if (reading.Length == 0) continue;
            if (reading.Length > 1 || GraphReads.Factors(operation) is null) return null;
            entries.Add(new GraphProductEntry(operation, reading[0]));
        }
        return entries;
    }

    private void FindCone()
    {
        _alive.Add(Source.Values[0]);
        foreach (GraphOperation operation in _graph.Operations)
        {
            if (operation.IsView || operation.Index > Last) continue;
            bool[] wanted = new bool[operation.Inputs.Count];
            for (int i = 0; i < wanted.Length; i++) wanted[i] = Wants(operation, i);
            if (wanted.Contains(true))
            {
                _coneAt[operation.Index] = _cone.Count;
                _cone.Add(operation);
                _wanted.Add(wanted);
                foreach (GraphTensor? y in operation.Results)
                    if (y is { DType.IsFloatingPoint: true } && ReferenceEquals(y.MadeBy, operation)) _alive.Add(y.Value);
            }
            // What was changed in place unrecorded keeps its history.
            foreach (GraphValue changed in operation.Changes)
                if (_alive.Contains(changed.Memory.Values[changed.Version - 1])) _alive.Add(changed);
        }
    }

    // Only what the roots and their seeds need.
    private void FindNeeded()
    {
        var needed = new HashSet<GraphOperation>(_cone, ReferenceEqualityComparer.Instance);
        var waiting = new Stack<GraphValue>();
        foreach ((GraphTensor root, GraphTensor? seed) in From.Roots)
        {
            waiting.Push(root.Value);
            if (seed is not null) waiting.Push(seed.Value);
        }
        foreach (GraphTensor given in From.Given) waiting.Push(given.Value);
        foreach (GraphTensor x in _cone.SelectMany(operation => operation.Inputs).OfType<GraphTensor>()) waiting.Push(x.Value);
        foreach (GraphOperation draw in _graph.Operations.TakeWhile(operation => operation.Index <= Last))
        {
            // Draws that come before others move their generator.
            if (draw.Phase == GraphPhase.Update || !draw.Attributes.ContainsKey("generator")) continue;
            needed.Add(draw);
            foreach (GraphTensor x in draw.Inputs.OfType<GraphTensor>()) waiting.Push(x.Value);
        }
        var seen = new HashSet<GraphValue>(ReferenceEqualityComparer.Instance);
        while (waiting.TryPop(out GraphValue? value))
        {
            if (!seen.Add(value) || value.MadeBy is not { } made) continue;
            needed.Add(made);
            if (value.Version > 0) waiting.Push(value.Memory.Values[value.Version - 1]);
            foreach (GraphTensor x in made.Inputs.OfType<GraphTensor>()) waiting.Push(x.Value);
        }
        _needed.AddRange(_graph.Operations.Where(needed.Contains));
        Changed = GraphRun.ChangedBy(_needed);
        Read = [.. _needed.SelectMany(operation => operation.Inputs).OfType<GraphTensor>().Select(x => x.Value.Memory).Distinct()
            .Where(memory => memory is { Tensor: not null, Role: not (GraphRole.Result or GraphRole.Number or GraphRole.Asked) }
                && !Changed.Contains(memory))];
        Draws = _graph.Memories.Any(memory => memory.Ask is not null)
            || _needed.Exists(operation => operation.Attributes.ContainsKey("generator"));
    }
}

public sealed partial class Graph
{
    /// <summary>The plan of the tensor that was explained last.</summary>
    internal GraphPlan? LastPlan { get; set; }
}
