namespace Adjoint;

/// <summary>
/// Runs a <see cref="Graph"/> operation by operation with the operations themselves, so with the bits of the function: what other readers
/// are compared with, and where they find the values.
/// </summary>
/// <remarks>
/// Memory that outlives a run is that of the live tensors, or copies of it for who only looks. Nothing is freed before the end. Results are
/// compared with what was captured: an operation whose shape depends on values is refused when it gives another.
/// </remarks>
internal sealed class GraphRun
{
    // By the number of the memory.
    private readonly Tensor?[] _memories;
    private readonly bool _looks;

    // Who only looks copies what the operations that run will change.
    private readonly IReadOnlySet<GraphMemory> _changed;

    // What it reads where it lies, with the versions of then; only where somebody asks later.
    private IReadOnlyList<GraphMemory> _read = [];
    private int[] _versions = [];

    // What memory held before it was changed, and what was asked for: in most graphs nothing.
    private Dictionary<GraphValue, Tensor>? _kept;
    private Dictionary<Func<double>, double>? _asked;

    private GraphRun(Graph graph, IReadOnlySet<GraphMemory>? looksAtChanged = null) => (_memories, _looks, _changed) =
        (new Tensor?[graph.Memories.Count], looksAtChanged is not null, looksAtChanged ?? s_none);

    private static readonly IReadOnlySet<GraphMemory> s_none = new HashSet<GraphMemory>();

    /// <summary>Runs the graph on the live tensors, which it changes as the function does.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">The arguments, shaped as when it was captured.</param>
    /// <returns>What the function returns, without history.</returns>
    /// <exception cref="GraphException">An argument is shaped otherwise, or something is not as it was when the graph was
    /// captured.</exception>
    internal static Tensor[] Live(Graph graph, params IReadOnlyList<Tensor> inputs)
    {
        var run = new GraphRun(graph);
        foreach (GraphGradient gradient in graph.Gradients)
            if (!gradient.Replaces && gradient.Tensor!.GradOrNull is not null)
                throw new GraphException(
                    $"{gradient.Leaf.Name}: had no gradient when the graph was captured, but has one now, which a call of the function "
                    + "would add to. Clear it (ZeroGrad) before the run, or in the function.");
        run.Take(graph, inputs);
        foreach (GraphOperation operation in graph.Operations) run.Run(operation);
        foreach (GraphGradient gradient in graph.Gradients)
            gradient.Tensor!.GradOrNull = gradient.Value is { } value ? run.Show(value) : null;
        return [.. graph.Outputs.Select(run.Show)];
    }

    /// <summary>
    /// Runs what is asked for of the operations on copies: nothing that outlives the run is changed, generators included.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="wanted">Which operations; none that step optimizers.</param>
    internal static GraphRun Looking(Graph graph, Func<GraphOperation, bool> wanted)
    {
        GraphOperation[] all = [.. graph.Operations.Where(operation => operation.Phase != GraphPhase.Update && wanted(operation))];
        var run = new GraphRun(graph, ChangedBy(all));
        var draws = new RandomRecord();
        try
        {
            draws.Run<object?>(() =>
            {
                run.Take(graph, [.. graph.Inputs.Select(input => input.Value.Memory.Tensor!)]);
                foreach (GraphOperation operation in all) run.Run(operation);
                return null;
            });
        }
        finally
        {
            draws.Rewind();
        }
        return run;
    }

    /// <summary>A tensor of the graph as it was in this run.</summary>
    internal Tensor Show(GraphTensor x)
    {
        GraphMemory memory = x.Value.Memory;
        if (memory.Role == GraphRole.Number) return x.ShownOf(memory.Tensor!);
        if (memory.Role == GraphRole.Asked) return x.ShownOf(_memories[memory.Index]!);
        return Whole(x.Value).Alias(x.Shape, x.IsContiguous ? null : x.Strides.ToArray(), x.Offset);
    }

    /// <summary>What was changed since the run read it, so that it shows other numbers than the run had; null if nothing was.</summary>
    internal GraphMemory? ChangedSince()
    {
        for (int i = 0; i < _read.Count; i++)
            if (_read[i].Tensor!.ChangeCount != _versions[i]) return _read[i];
        return null;
    }

    /// <summary>Whether the run has the tensor.</summary>
    internal bool Has(GraphTensor x) => _kept?.ContainsKey(x.Value) == true || _memories[x.Value.Memory.Index] is not null
        || x.Value.Memory.Role == GraphRole.Number;

    /// <summary>An element of a value as a number.</summary>
    internal double NumberAt(GraphValue value, int place) => GraphNumbers.At(Whole(value), place);

    /// <summary>A row or column of a matrix as numbers.</summary>
    internal double[] NumbersOf(GraphTensor x, GraphSlice slice) => slice.In(Whole(x.Value));

    // What holds a value; where it lies in memory is the value's own.
    private Tensor Whole(GraphValue value) => _kept?.GetValueOrDefault(value)
        ?? (value.Memory.Role == GraphRole.Number ? value.Memory.Tensor! : Now(value.Memory));

    private Tensor Now(GraphMemory memory) => _memories[memory.Index] ?? throw new KeyNotFoundException($"{memory.Name} has no tensor.");

    private void Keep(GraphValue value, Tensor whole) => (_kept ??= new(ReferenceEqualityComparer.Instance))[value] = whole;

    private void Take(Graph graph, IReadOnlyList<Tensor> inputs)
    {
        if (inputs.Count != graph.Inputs.Count)
            throw new GraphException($"The graph was captured with {graph.Inputs.Count} arguments, but {inputs.Count} were given.");
        for (int i = 0; i < inputs.Count; i++) Take(graph.Inputs[i], inputs[i]);
        foreach (GraphMemory memory in graph.Memories)
        {
            if (memory.Role is GraphRole.Result or GraphRole.State or GraphRole.Number
                || _memories[memory.Index] is not null) continue;
            if (memory.Role == GraphRole.Asked) _memories[memory.Index] = Asked(memory);
            else _memories[memory.Index] = _changed.Contains(memory) ? Elements.Copy(memory.Tensor!.WholeMemory()) : memory.Tensor!;
        }
    }

    private void Take(GraphTensor input, Tensor x)
    {
        if (!x.Shape.Equals(input.Shape) || x.DType != input.DType)
            throw new GraphException(
                $"{input.Name}: the graph was captured for {input.DType} {input.Shape}, but {x.DType} {x.Shape} was given. Capture it "
                + "again for that.");
        GraphMemory memory = input.Value.Memory;
        bool fits = x.Offset == input.Offset && x.Strides.SequenceEqual(input.Strides) && x.MemoryLength == memory.Length;
        // What else lies in the memory of a part is not the argument, and stays as it is.
        bool isPart = memory.Tensor is { } captured && !input.IsWhole && !ReferenceEquals(captured.MemoryOwner, x.MemoryOwner);
        if (fits && !(isPart && !memory.IsChanged) && !_changed.Contains(memory))
        {
            _memories[memory.Index] = x;
            return;
        }
        if (memory.IsChanged && !_looks)
            throw new GraphException(
                $"{input.Name}: the graph changes it in place, and the tensor that was given lies otherwise in memory (strides "
                + $"{Shape.Text(x.Strides)}). Give one that lies as when it was captured.");
        Tensor whole = _memories[memory.Index] =
            isPart ? Elements.Copy(memory.Tensor!.WholeMemory()).Alias([memory.Length], null, 0)
                : Tensor.Uninitialized([memory.Length], memory.DType);
        Elements.CopyTo(Elements.ToContiguous(x), whole.Alias(input.Shape, input.Strides.ToArray(), input.Offset));
    }

    private Tensor Asked(GraphMemory memory)
    {
        _asked ??= [];
        if (!_asked.TryGetValue(memory.Ask!, out double value)) _asked[memory.Ask!] = value = memory.Ask!();
        Tensor number = value;
        return number.DType == memory.DType ? number : number.AsNumber.Beside(memory.Tensor!);
    }

    private void Run(GraphOperation operation)
    {
        if (operation.IsView) return;
        Tensor?[] inputs = [.. operation.Inputs.Select(x => x is null ? null : Show(x))];
        if (_looks)
            foreach (GraphValue changed in operation.Changes)
                Keep(changed.Memory.Values[changed.Version - 1], Elements.Copy(Now(changed.Memory).WholeMemory()));
        // What a rule saves is there only where it is recorded.
        bool recorded = operation.Saved.Count > 0;
        for (int i = 0; recorded && i < inputs.Length; i++)
            if (operation.Recorded[i]) inputs[i] = inputs[i]!.Detach().RequiresGradInPlace();
        Tensor?[] results;
        using (new GradScope(recorded)) results = operation.Call.With(inputs).Execute();
        for (int i = 0; i < results.Length; i++)
            if (operation.Results[i] is { } y) Keep(operation, y, results[i]!);
        foreach ((string name, GraphTensor saved) in operation.Saved)
            Keep(operation, saved, (Tensor)results.First(y => y?.GradFn is not null)!.GradFn!.Saved[name]!);
    }

    /// <summary>Runs one operation recorded, so that its derivatives by the wanted operands can be asked for.</summary>
    /// <remarks>What it changes in place is other memory from then on, because what was recorded before may read the old.</remarks>
    internal LocalDerivatives Follow(GraphOperation operation, Func<int, bool> isWanted)
    {
        foreach (GraphValue changed in operation.Changes)
        {
            Tensor before = Now(changed.Memory);
            Keep(changed.Memory.Values[changed.Version - 1], before);
            _memories[changed.Memory.Index] = Elements.Copy(before.WholeMemory());
        }
        LocalDerivatives local = LocalDerivatives.Of(operation, this, isWanted);
        for (int i = 0; i < local.Results.Count; i++)
        {
            if (operation.Results[i] is not { } y) continue;
            if (y.Value.Version > 0 && operation.Call.IsInPlace)
                Elements.CopyTo(Elements.ToContiguous(local.Results[i]!.Detach()), Show(y));
            else Keep(operation, y, local.Results[i]!);
        }
        foreach ((string name, GraphTensor saved) in operation.Saved)
            Keep(operation, saved, (Tensor)local.Results.First(y => y?.GradFn is not null)!.GradFn!.Saved[name]!);
        return local;
    }

    /// <summary>The memory that operations change.</summary>
    internal static IReadOnlySet<GraphMemory> ChangedBy(IEnumerable<GraphOperation> operations) =>
        new HashSet<GraphMemory>(
            operations.SelectMany(operation => operation.Changes).Select(value => value.Memory), ReferenceEqualityComparer.Instance);

    /// <summary>Looks at the live tensors; operations are run one by one.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="changed">The memory that they change.</param>
    /// <param name="read">The memory from outside that they read.</param>
    internal static GraphRun Following(Graph graph, IReadOnlySet<GraphMemory> changed, IReadOnlyList<GraphMemory> read)
    {
        var run = new GraphRun(graph, changed) { _read = read, _versions = new int[read.Count] };
        for (int i = 0; i < read.Count; i++) run._versions[i] = read[i].Tensor!.ChangeCount;
        run.Take(graph, graph.Inputs.Count == 0 ? [] : [.. graph.Inputs.Select(input => input.Value.Memory.Tensor!)]);
        return run;
    }

    /// <summary>Runs one operation.</summary>
    internal void Compute(GraphOperation operation) => Run(operation);

    private void Keep(GraphOperation operation, GraphTensor y, Tensor result)
    {
        if (!result.Shape.Equals(y.Shape) || result.DType != y.DType || !result.Strides.SequenceEqual(y.Strides)
            || result.Offset != y.Offset)
            throw new GraphException(
                $"{operation.Name}: gave {y.DType} {y.Shape} when the graph was captured, but gives {result.DType} {result.Shape} for "
                + "these values. A graph has one shape for each tensor: capture it again, or compute with masks of one shape "
                + "(Tensor.Where) instead of choosing elements.");
        if (ReferenceEquals(y.Value.MadeBy, operation) && y.Value.Version == 0) _memories[y.Value.Memory.Index] = result.Detach();
    }
}
