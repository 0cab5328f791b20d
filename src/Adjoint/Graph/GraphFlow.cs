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
internal sealed partial class GraphFlow
{
    private readonly Graph _graph;
    private readonly Dictionary<GraphOperation, LocalDerivatives> _local = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphValue, Tensor> _gradients = new(ReferenceEqualityComparer.Instance);
    private readonly List<(GraphTensor Of, double Before, double After)> _altered = [];
    private readonly HashSet<GraphValue> _alive = new(ReferenceEqualityComparer.Instance);
    private readonly int _place;
    private readonly bool _isEntryEnough;
    private double? _entry;

    internal GraphFlow(Graph graph, GraphMemory source, int place, GraphRoots roots)
    {
        (_graph, Source, _place, From) = (graph, source, place, roots);
        Cone = FindCone();
        Run = Compute();
        _isEntryEnough = IsEntryEnough();
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

    /// <summary>The backward passes, and what they met.</summary>
    internal GraphRoots From { get; }

    /// <summary>Where the backward passes begin, and what with: null stands for ones.</summary>
    internal IReadOnlyList<(GraphTensor Root, GraphTensor? Seed)> Roots => From.Roots;

    /// <summary>Results whose gradient the passes went on with as another one than the formulas give.</summary>
    internal IReadOnlyList<(GraphTensor Of, double Before, double After)> Altered => _altered;

    /// <summary>The operations whose results depend on the tensor in a way that was recorded, in order.</summary>
    internal IReadOnlyList<GraphOperation> Cone { get; }

    private int Last => From.Last;

    /// <summary>The values.</summary>
    internal GraphRun Run { get; }

    /// <summary>Whether a value depends on the tensor in a way that was recorded, and something that is differentiated on it.</summary>
    internal bool IsAlive(GraphValue value) => _alive.Contains(value);

    /// <summary>Whether gradients go back through an operand of an operation.</summary>
    internal bool IsWanted(GraphOperation operation, int input) =>
        operation.Inputs[input] is { } x && operation.Recorded.ElementAtOrDefault(input) && _alive.Contains(x.Value)
        && !(operation.Origins[input].Start == GraphStart.Leaf && x.Value.Memory.Role == GraphRole.Result)
        && !IsOfAnother(operation.Origins[input].Leaf, x);

    // Another leaf that lies in the same memory.
    private bool IsOfAnother(Tensor? leaf, GraphTensor x) => leaf is not null && ReferenceEquals(x.Value.Memory, Source)
        && From.Leaf is { RequiresGrad: true, IsLeaf: true } own && !ReferenceEquals(own, leaf);

    /// <summary>The derivatives of an operation of the <see cref="Cone"/>.</summary>
    internal LocalDerivatives Local(GraphOperation operation) => _local[operation];

    /// <summary>The gradient of a value, all of its memory; null where none arrives.</summary>
    internal Tensor? GradientOf(GraphValue value) => _gradients.GetValueOrDefault(value);

    /// <summary>Whether a gradient arrives at a value.</summary>
    internal bool IsReached(GraphValue value) =>
        _gradients.ContainsKey(value) || (_entry is not null && ReferenceEquals(value, Source.Values[0]));

    /// <summary>The gradient of the element that it begins at; null where none arrives.</summary>
    internal double? GradientOfSource =>
        _isEntryEnough ? _entry : GradientOf(Source.Values[0]) is { } g ? GraphExplainer.At(g, _place) : null;

    /// <summary>The part of something as long as the memory of a tensor that the tensor shows.</summary>
    internal static Tensor Shown(Tensor whole, GraphTensor x) =>
        whole.Alias(x.Shape, x.IsContiguous ? null : x.Strides.ToArray(), x.Offset);

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
        foreach (GraphTensor given in From.Given) waiting.Push(given.Value);
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
                        AddWhole(_gradients, changed.Memory.Values[changed.Version - 1], unchanged);
                continue;
            }
            at--;
            foreach (GraphTensor y in operation.Results.OfType<GraphTensor>()) Take(operation, y);
            Back(operation, value => _gradients.GetValueOrDefault(value), _gradients);
        }
    }

    /// <summary>Whether it is an operation of the <see cref="Cone"/>.</summary>
    internal bool IsInCone(GraphOperation operation) => _local.ContainsKey(operation);

    /// <summary>What the operation that made a value makes of a gradient of it: those of the values it read.</summary>
    internal IReadOnlyDictionary<GraphValue, Tensor> Back(GraphOperation made, GraphValue value, Tensor gradient)
    {
        var to = new Dictionary<GraphValue, Tensor>(ReferenceEqualityComparer.Instance);
        if (IsInCone(made)) Back(made, of => ReferenceEquals(of, value) ? gradient : null, to);
        else if (value.Version > 0) to[value.Memory.Values[value.Version - 1]] = gradient;
        return to;
    }

    private void Back(GraphOperation operation, Func<GraphValue, Tensor?> gradientOf, Dictionary<GraphValue, Tensor> to)
    {
        Tensor?[] gradients = [.. operation.Results.Select(y =>
            y is not null && gradientOf(y.Value) is { } whole ? Elements.ToContiguous(Shown(whole, y)) : null)];
        foreach (GraphValue changed in operation.Changes)
            if (gradientOf(changed) is { } whole) PassBeside(operation, changed, whole, to);
        if (gradients.All(g => g is null)) return;
        int alone = _isEntryEnough && ReferenceEquals(to, _gradients) ? SourceOf(operation) : -1;
        if (alone >= 0)
        {
            GraphTensor x = operation.Inputs[alone]!;
            int number = GraphPlaces.IndexAt(x, _place);
            Tensor gradient = gradientOf(operation.Results[0]!.Value)!;
            if (number >= 0) AddEntry(GraphProductEntry.Of(operation, alone, number, gradient, Run), x.DType);
            else _entry ??= 0;
        }
        Tensor?[] found = _local[operation].Vjp(gradients, without: alone);
        for (int i = 0; i < found.Length; i++)
            if (found[i] is { } g) Add(to, operation.Inputs[i]!, g);
    }

    // In the precision of the gradient, as its sum is.
    private void AddEntry(double part, DType dtype) => _entry = _entry is not { } sum ? part
        : GraphProductEntry.Add(sum, part, dtype);

    // Which operand of an operation shows the source; −1 for none.
    private int SourceOf(GraphOperation operation)
    {
        for (int i = 0; i < operation.Inputs.Count; i++)
            if (IsWanted(operation, i) && ReferenceEquals(operation.Inputs[i]!.Value, Source.Values[0])) return i;
        return -1;
    }

    // Whether the source is nothing but a factor of products of matrices, of which one element can be had without the others.
    private bool IsEntryEnough()
    {
        GraphValue source = Source.Values[0];
        if (!From.IsByFormula || Source.Values.Skip(1).Any(_alive.Contains) || Roots.Any(root => ReferenceEquals(root.Root.Value, source)))
            return false;
        foreach (GraphOperation operation in Cone)
        {
            int input = SourceOf(operation);
            if (input < 0) continue;
            bool IsAnother(GraphTensor? x, int i) => i != input && ReferenceEquals(x?.Value, source) && IsWanted(operation, i);
            if (operation.Inputs.Where(IsAnother).Any()) return false;
            int number = GraphPlaces.IndexAt(operation.Inputs[input]!, _place);
            if (!GraphProductEntry.IsStepwise(operation, input, Math.Max(number, 0), Run)) return false;
        }
        return true;
    }

    // What the passes really went on with, where code of the user's stands in their way.
    private void Take(GraphOperation operation, GraphTensor y)
    {
        if (From.IsByFormula || operation.Changes.Count > 0 || !y.IsWhole) return;
        Tensor? sum = null;
        foreach (GraphTensor given in From.GradientsOf(y.Value))
        {
            if (!given.Shape.Equals(y.Shape)) return;
            Tensor g = Flat(Run.Show(given), y.Value.Memory.Length);
            sum = sum is null ? g : sum + g;
        }
        if (sum is null) return;
        double[] after = Elements.ToArray<double>(sum),
            before = GradientOf(y.Value) is { } g0 ? Elements.ToArray<double>(Elements.ToContiguous(g0)) : new double[after.Length];
        _gradients[y.Value] = sum;
        int most = -1;
        double difference = 0;
        for (int i = 0; i < after.Length; i++)
        {
            double size = Math.Abs(after[i] - before[i]);
            if (size > difference && size > 1e-5 * (Math.Abs(after[i]) + Math.Abs(before[i]))) (most, difference) = (i, size);
        }
        if (most >= 0) _altered.Add((y, before[most], after[most]));
    }

    // What a change in place left as it was.
    private static void PassBeside(GraphOperation operation, GraphValue changed, Tensor whole, Dictionary<GraphValue, Tensor> to)
    {
        GraphTensor? y = operation.Results.OfType<GraphTensor>().FirstOrDefault(r => ReferenceEquals(r.Value, changed));
        if (y is { IsWhole: true }) return;
        Tensor rest = whole.Clone();
        if (y is not null) Shown(rest, y).ZeroInPlace();
        AddWhole(to, changed.Memory.Values[changed.Version - 1], rest);
    }

    private static void AddWhole(Dictionary<GraphValue, Tensor> to, GraphValue value, Tensor g) =>
        to[value] = to.TryGetValue(value, out Tensor? sum) ? sum + g : g;
}
