namespace Adjoint;

/// <summary>
/// What flows through a <see cref="Graph"/> from one element of a tensor to where its backward passes begin, and back: values in one run,
/// gradients against the stream, and tangents with it, for those values alone that depend on the element.
/// </summary>
/// <remarks>
/// // Note [Gradients of memory]
/// A gradient here belongs to a value of memory, as the value itself does: a view reads a part of it and adds to that part, and what a
/// change in place wrote over gets none. So views need no rules, and the way is the same whatever showed the memory.
/// </remarks>
internal sealed class GraphFlow
{
    private readonly Graph _graph;
    private readonly Dictionary<GraphOperation, LocalDerivatives> _local = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphValue, Tensor> _gradients = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<GraphValue> _alive = new(ReferenceEqualityComparer.Instance);

    internal GraphFlow(Graph graph, GraphMemory source, IReadOnlyList<(GraphTensor Root, GraphTensor? Seed)> roots)
    {
        (_graph, Source, Roots) = (graph, source, roots);
        Cone = FindCone();
        Run = Compute();
        foreach ((GraphTensor root, GraphTensor? seed) in Roots)
        {
            if (!_alive.Contains(root.Value)) continue;
            using GradScope _ = Autograd.NoGrad();
            Add(_gradients, root, seed is null ? Tensor.Ones(root.Shape, root.DType) : Run.Show(seed).Detach().Clone());
        }
        Return();
    }

    /// <summary>The tensor it begins at.</summary>
    internal GraphMemory Source { get; }

    /// <summary>Where the backward passes begin, and what with: null stands for ones.</summary>
    internal IReadOnlyList<(GraphTensor Root, GraphTensor? Seed)> Roots { get; }

    /// <summary>The operations whose results depend on the tensor in a way that was recorded, in order.</summary>
    internal IReadOnlyList<GraphOperation> Cone { get; }

    private int Last => Roots.Count == 0 ? -1 : Roots.Max(root => root.Root.MadeBy?.Index ?? -1);

    /// <summary>The values.</summary>
    internal GraphRun Run { get; }

    /// <summary>Whether a value depends on the tensor in a way that was recorded, and something that is differentiated on it.</summary>
    internal bool IsAlive(GraphValue value) => _alive.Contains(value);

    /// <summary>Whether gradients go back through an operand of an operation.</summary>
    internal bool IsWanted(GraphOperation operation, int input) =>
        operation.Inputs[input] is { } x && operation.Recorded.ElementAtOrDefault(input) && _alive.Contains(x.Value)
        && !(operation.Origins[input].Start == GraphStart.Leaf && x.Value.Memory.Role == GraphRole.Result);

    /// <summary>The derivatives of an operation of the <see cref="Cone"/>.</summary>
    internal LocalDerivatives Local(GraphOperation operation) => _local[operation];

    /// <summary>The gradient of a value, all of its memory; null where none arrives.</summary>
    internal Tensor? GradientOf(GraphValue value) => _gradients.GetValueOrDefault(value);

    /// <summary>The part of something as long as the memory of a tensor that the tensor shows.</summary>
    internal static Tensor Shown(Tensor whole, GraphTensor x) =>
        whole.Alias(x.Shape, x.IsContiguous ? null : x.Strides.ToArray(), x.Offset);

    /// <summary>An element of the memory, 1, and the others 0.</summary>
    internal static Tensor Unit(GraphMemory memory, int place)
    {
        Tensor unit = Tensor.Zeros([memory.Length], memory.DType);
        unit.Alias(Shape.Scalar, null, place).FillInPlace(1);
        return unit;
    }

    /// <summary>
    /// What the tangents of values (all of their memory) do through one operation: those of its results, as they are shown.
    /// </summary>
    /// <param name="operation">An operation of the cone.</param>
    /// <param name="tangents">The tangents of values; null stands for zero.</param>
    internal Tensor?[] Onward(GraphOperation operation, Func<int, GraphValue, Tensor?> tangents)
    {
        var given = new Tensor?[operation.Inputs.Count];
        for (int i = 0; i < given.Length; i++)
            if (IsWanted(operation, i) && operation.Inputs[i] is { } x && tangents(i, x.Value) is { } t)
                given[i] = Elements.ToContiguous(Shown(t, x));
        return given.All(t => t is null) ? new Tensor?[operation.Results.Count] : _local[operation].Jvp(given);
    }

    /// <summary>Adds a tensor to the part of the memory of a value that a view of it shows.</summary>
    internal static void Add(Dictionary<GraphValue, Tensor> to, GraphTensor x, Tensor part)
    {
        int length = x.Value.Memory.Length;
        bool any = to.TryGetValue(x.Value, out Tensor? whole);
        if (!any && x.IsWhole)
        {
            to[x.Value] = Flat(part, length);
            return;
        }
        if (x.IsWhole)
        {
            to[x.Value] = whole! + part.Reshape(length);
            return;
        }
        whole = to[x.Value] = any ? whole!.Clone() : Tensor.Zeros([length], part.DType);
        int[] strides = x.Strides.ToArray();
        for (int d = 0; d < strides.Length; d++)
            if (strides[d] == 0 && x.Shape[d] > 1) part = part.Sum(d, keepDim: true);
        if (IsOverlapping(part.Shape, strides)) AddOneByOne(whole, x, part);
        else whole.Alias(part.Shape, strides, x.Offset).AddInPlace(part);
    }

    /// <summary>The elements in a row, from the beginning of their memory: places are counted from there.</summary>
    internal static Tensor Flat(Tensor part, int length)
    {
        Tensor flat = Elements.ToContiguous(part.Detach()).Reshape(length);
        return flat.Offset == 0 ? flat : flat.Clone();
    }

    private static bool IsOverlapping(Shape shape, int[] strides)
    {
        long reach = 0;
        foreach (int d in Enumerable.Range(0, shape.NDim).Where(d => shape[d] > 1).OrderBy(d => strides[d]))
        {
            if (strides[d] <= reach) return true;
            reach += (long)(shape[d] - 1) * strides[d];
        }
        return false;
    }

    private static void AddOneByOne(Tensor whole, GraphTensor x, Tensor part)
    {
        double[] parts = Elements.ToArray<double>(Elements.ToContiguous(part));
        for (int i = 0; i < parts.Length; i++) whole.Alias(Shape.Scalar, null, GraphPlaces.PlaceOf(x, i)).AddInPlace(parts[i]);
    }

    private List<GraphOperation> FindCone()
    {
        List<GraphOperation> cone = [];
        _alive.Add(Source.Values[0]);
        foreach (GraphOperation operation in _graph.Operations)
        {
            if (operation.IsView || operation.Index > Last) continue;
            bool any = false;
            for (int i = 0; i < operation.Inputs.Count; i++) any |= IsWanted(operation, i);
            if (any) cone.Add(operation);
            if (any)
                foreach (GraphTensor? y in operation.Results)
                    if (y is { DType.IsFloatingPoint: true } && ReferenceEquals(y.MadeBy, operation)) _alive.Add(y.Value);
            // What was changed in place unrecorded keeps its history.
            foreach (GraphValue changed in operation.Changes)
                if (_alive.Contains(changed.Memory.Values[changed.Version - 1])) _alive.Add(changed);
        }
        return cone;
    }

    // Only what the roots and their seeds need.
    private GraphRun Compute()
    {
        var needed = new HashSet<GraphOperation>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<GraphValue>();
        foreach ((GraphTensor root, GraphTensor? seed) in Roots)
        {
            waiting.Push(root.Value);
            if (seed is not null) waiting.Push(seed.Value);
        }
        foreach (GraphTensor x in Cone.SelectMany(operation => operation.Inputs).OfType<GraphTensor>()) waiting.Push(x.Value);
        foreach (GraphOperation operation in Cone) needed.Add(operation);
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
        var cone = new HashSet<GraphOperation>(Cone, ReferenceEqualityComparer.Instance);
        var draws = new RandomRecord();
        try
        {
            return draws.Run(() =>
            {
                GraphRun run = GraphRun.Following(_graph);
                foreach (GraphOperation operation in _graph.Operations)
                {
                    if (operation.Phase == GraphPhase.Update && needed.Contains(operation))
                        throw new GraphException(
                            $"Explain: the gradient of {Source.Name} is computed after {operation.Name}, from what that step left. Capture "
                            + "what comes after the step on its own.");
                    if (cone.Contains(operation)) _local[operation] = run.Follow(operation, i => IsWanted(operation, i));
                    else if (needed.Contains(operation)) run.Compute(operation);
                }
                return run;
            });
        }
        finally
        {
            draws.Rewind();
        }
    }

    private void Return()
    {
        using GradScope _ = Autograd.NoGrad();
        for (int at = Cone.Count - 1, index = _graph.Operations.Count - 1; index >= 0; index--)
        {
            GraphOperation operation = _graph.Operations[index];
            if (at < 0 || !ReferenceEquals(Cone[at], operation))
            {
                foreach (GraphValue changed in operation.Changes)
                    if (_gradients.TryGetValue(changed, out Tensor? unchanged))
                        AddWhole(changed.Memory.Values[changed.Version - 1], unchanged);
                continue;
            }
            at--;
            Tensor?[] gradients = [.. operation.Results.Select(y =>
                y is not null && _gradients.TryGetValue(y.Value, out Tensor? whole) ? Elements.ToContiguous(Shown(whole, y)) : null)];
            foreach (GraphValue changed in operation.Changes) PassBeside(operation, changed);
            if (gradients.All(g => g is null)) continue;
            Tensor?[] found = _local[operation].Vjp(gradients);
            for (int i = 0; i < found.Length; i++)
                if (found[i] is { } g) Add(_gradients, operation.Inputs[i]!, g);
        }
    }

    // What a change in place left as it was.
    private void PassBeside(GraphOperation operation, GraphValue changed)
    {
        if (!_gradients.TryGetValue(changed, out Tensor? whole)) return;
        GraphTensor? y = operation.Results.OfType<GraphTensor>().FirstOrDefault(r => ReferenceEquals(r.Value, changed));
        if (y is { IsWhole: true }) return;
        Tensor rest = whole.Clone();
        if (y is not null) Shown(rest, y).ZeroInPlace();
        AddWhole(changed.Memory.Values[changed.Version - 1], rest);
    }

    private void AddWhole(GraphValue to, Tensor g) => _gradients[to] = _gradients.TryGetValue(to, out Tensor? sum) ? sum + g : g;
}
