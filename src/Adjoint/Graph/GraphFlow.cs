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
    private readonly GraphPlan _plan;
    private readonly LocalDerivatives?[] _local;
    private readonly Dictionary<GraphValue, Tensor> _gradients = new(ReferenceEqualityComparer.Instance);
    private readonly List<(GraphTensor Of, double Before, double After)> _altered = [];
    private readonly int _place;
    private readonly bool _isEntryEnough;
    private double? _entry;

    internal GraphFlow(Graph graph, GraphPlan plan, int place)
    {
        (_plan, _place) = (plan, place);
        _local = new LocalDerivatives?[plan.Cone.Count];
        Run = Compute(graph);
        _isEntryEnough = IsEntryEnough();
        foreach ((GraphTensor root, GraphTensor? seed) in Roots)
        {
            if (!IsAlive(root.Value)) continue;
            using GradScope _ = Autograd.NoGrad();
            Add(_gradients, root, seed is null ? Tensor.Ones(root.Shape, root.DType) : Run.Show(seed).Detach().Clone());
        }
        Return();
    }

    /// <summary>The tensor it begins at.</summary>
    internal GraphMemory Source => _plan.Source;

    /// <summary>The backward passes, and what they met.</summary>
    internal GraphRoots From => _plan.From;

    /// <summary>Where the backward passes begin, and what with: null stands for ones.</summary>
    internal IReadOnlyList<(GraphTensor Root, GraphTensor? Seed)> Roots => From.Roots;

    /// <summary>Results whose gradient the passes went on with as another one than the formulas give.</summary>
    internal IReadOnlyList<(GraphTensor Of, double Before, double After)> Altered => _altered;

    /// <summary>The operations whose results depend on the tensor in a way that was recorded, in order.</summary>
    internal IReadOnlyList<GraphOperation> Cone => _plan.Cone;

    /// <summary>The values.</summary>
    internal GraphRun Run { get; }

    /// <summary>Whether a value depends on the tensor in a way that was recorded, and something that is differentiated on it.</summary>
    internal bool IsAlive(GraphValue value) => _plan.IsAlive(value);

    /// <summary>Whether gradients go back through an operand of an operation.</summary>
    internal bool IsWanted(GraphOperation operation, int input) => _plan.IsWanted(operation, input);

    /// <summary>The operations of the <see cref="Cone"/> that read a value, and pass gradients on to it.</summary>
    internal IEnumerable<GraphOperation> ReadersOf(GraphValue value) => _plan.ReadersOf(value);

    /// <summary>The derivatives of an operation of the <see cref="Cone"/>.</summary>
    internal LocalDerivatives Local(GraphOperation operation) => _local[_plan.ConeAt(operation)]!;

    /// <summary>The gradient of a value, all of its memory; null where none arrives.</summary>
    internal Tensor? GradientOf(GraphValue value) => _gradients.GetValueOrDefault(value);

    /// <summary>Whether a gradient arrives at a value.</summary>
    internal bool IsReached(GraphValue value) =>
        _gradients.ContainsKey(value) || (_entry is not null && ReferenceEquals(value, Source.Values[0]));

    /// <summary>The gradient of the element that it begins at; null where none arrives.</summary>
    internal double? GradientOfSource =>
        _isEntryEnough ? _entry : GradientOf(Source.Values[0]) is { } g ? GraphNumbers.At(g, _place) : null;

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

    private GraphRun Compute(Graph graph)
    {
        // Only what moves a generator has to be brought back.
        if (!_plan.Draws) return Computed(graph);
        var draws = new RandomRecord();
        try
        {
            return draws.Run(() => Computed(graph));
        }
        finally
        {
            draws.Rewind();
        }
    }

    private GraphRun Computed(Graph graph)
    {
        GraphRun run = GraphRun.Following(graph, _plan.Changed, _plan.Read);
        foreach (GraphOperation operation in _plan.Needed)
        {
            if (operation.Phase == GraphPhase.Update)
                throw new GraphException(
                    $"Explain: the gradient of {Source.Name} is computed after {operation.Name}, from what that step left. Capture "
                    + "what comes after the step on its own.");
            if (_plan.ConeAt(operation) is >= 0 and var at) _local[at] = run.Follow(operation, i => IsWanted(operation, i));
            else run.Compute(operation);
        }
        return run;
    }

    private void Return()
    {
        using GradScope _ = Autograd.NoGrad();
        foreach (GraphOperation operation in _plan.Back)
        {
            if (!IsInCone(operation))
            {
                foreach (GraphValue changed in operation.Changes)
                    if (_gradients.TryGetValue(changed, out Tensor? unchanged))
                        AddWhole(_gradients, changed.Memory.Values[changed.Version - 1], unchanged);
                continue;
            }
            if (!From.IsByFormula)
                foreach (GraphTensor y in operation.Results.OfType<GraphTensor>()) Take(operation, y);
            Back(operation, null, null, _gradients);
        }
    }

    /// <summary>Whether it is an operation of the <see cref="Cone"/>.</summary>
    internal bool IsInCone(GraphOperation operation) => _plan.ConeAt(operation) >= 0;

    /// <summary>What the operation that made a value makes of a gradient of it: those of the values it read.</summary>
    internal IReadOnlyDictionary<GraphValue, Tensor> Back(GraphOperation made, GraphValue value, Tensor gradient)
    {
        var to = new Dictionary<GraphValue, Tensor>(ReferenceEqualityComparer.Instance);
        if (IsInCone(made)) Back(made, value, gradient, to);
        else if (value.Version > 0) to[value.Memory.Values[value.Version - 1]] = gradient;
        return to;
    }

    // By the gradient of one value alone, or by those of all.
    private void Back(GraphOperation operation, GraphValue? only, Tensor? given, Dictionary<GraphValue, Tensor> to)
    {
        Tensor? Arriving(GraphValue value) => only is null ? _gradients.GetValueOrDefault(value)
            : ReferenceEquals(value, only) ? given : null;
        var gradients = new Tensor?[operation.Results.Count];
        bool any = false;
        for (int i = 0; i < gradients.Length; i++)
        {
            if (operation.Results[i] is not { } y || Arriving(y.Value) is not { } whole) continue;
            gradients[i] = Elements.ToContiguous(Shown(whole, y));
            any = true;
        }
        for (int i = 0; i < operation.Changes.Count; i++)
            if (Arriving(operation.Changes[i]) is { } whole) PassBeside(operation, operation.Changes[i], whole, to);
        if (!any) return;
        int alone = -1;
        if (_isEntryEnough && only is null && _plan.EntryOf(operation) is { } entry)
        {
            alone = entry.Input;
            GraphTensor x = operation.Inputs[alone]!;
            int number = GraphPlaces.IndexAt(x, _place);
            if (number >= 0) AddEntry(entry.Of(number, Arriving(operation.Results[0]!.Value)!, Run), x.DType);
            else _entry ??= 0;
        }
        Tensor?[] found = Local(operation).Vjp(gradients, without: alone);
        for (int i = 0; i < found.Length; i++)
            if (found[i] is { } g) Add(to, operation.Inputs[i]!, g);
    }

    // In the precision of the gradient, as its sum is.
    private void AddEntry(double part, DType dtype) => _entry = _entry is not { } sum ? part
        : GraphProductEntry.Add(sum, part, dtype);

    // Whether one element of the gradient can be had without the others.
    private bool IsEntryEnough()
    {
        if (_plan.Entries is not { } entries) return false;
        foreach (GraphProductEntry entry in entries)
        {
            int number = GraphPlaces.IndexAt(entry.Operation.Inputs[entry.Input]!, _place);
            if (!entry.IsStepwise(Math.Max(number, 0), Run)) return false;
        }
        return true;
    }

    // What the passes really went on with, where code of the user's stands in their way.
    private void Take(GraphOperation operation, GraphTensor y)
    {
        if (operation.Changes.Count > 0 || !y.IsWhole) return;
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
