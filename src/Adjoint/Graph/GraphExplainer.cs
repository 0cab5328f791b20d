namespace Adjoint;

/// <summary>Finds the terms of one element of a gradient.</summary>
/// <remarks>
/// // Note [Where a gradient is cut into terms]
/// A gradient is a sum over paths, far too many to read. But any set of edges that every path crosses once splits it: it is the sum over
/// these edges of tangent times gradient. It is cut where the parameter meets the data: the edges into the first operations
/// whose results belong to examples. There the terms are what one would write by hand, x[b, j] · d[b, i] for a layer. Before
/// it the parameter is alone with others (a transpose, a norm), and the tangent of one element is carried along; behind it nothing has
/// to be followed, because the gradients are there already. Where nothing belongs to examples, the cut is at the first operations that
/// use the parameter.
/// </remarks>
internal sealed class GraphExplainer
{
    private const double Huge = 1e3, Tiny = 1e-10;

    private readonly Graph _graph;
    private readonly GraphMemory _memory;
    private readonly int _place;
    private readonly int[] _index;
    private readonly bool _requiresGrad;
    private readonly GraphContributions _contributions;

    internal GraphExplainer(Graph graph, GraphMemory memory, Tensor tensor, int place, int[] index)
    {
        (_graph, _memory, _place, _index, _requiresGrad) =
            (graph, memory, place, index, tensor.RequiresGrad || memory.Tensor is { RequiresGrad: true });
        Flow = new GraphFlow(graph, memory, place, new GraphRoots(graph, memory, tensor));
        _contributions = new GraphContributions(Flow);
        Examples = new GraphExamples(graph);
    }

    internal GraphFlow Flow { get; }

    internal GraphExamples Examples { get; }

    internal string Name => _memory.Name + (_index.Length == 0 ? "" : Shape.Text(_index));

    internal GraphExplanation Explain()
    {
        using GradScope _ = Autograd.NoGrad();
        bool reached = Flow.IsReached(_memory.Values[0]);
        // A pass for other leaves goes by.
        reached &= !Flow.From.IsForOthers;
        double? byFormula = reached ? Flow.GradientOfSource : null, gradient = Added() ?? byFormula;
        List<GraphTerm> terms = reached ? [.. Terms()] : [];
        // Most gradients are ordinary, and what is cut beside them is not asked for.
        var cuts = new Lazy<GraphCuts>(() => new GraphCuts(_graph, Flow));
        GraphReason reason = gradient switch
        {
            null => GraphReason.Missing,
            0 => GraphReason.Zero,
            { } g when !double.IsFinite(g) => GraphReason.NotFinite,
            { } g when Math.Abs(g) > Huge => GraphReason.Huge,
            { } g when Math.Abs(g) < Tiny => GraphReason.Tiny,
            _ => GraphReason.Ordinary,
        };
        var ways = new GraphWays(Flow, _contributions, _place);
        var causes = new GraphCauses(Flow, _contributions, ways, _place, Name);
        IReadOnlyList<GraphTerm> sorted = [.. terms.OrderByDescending(t => Size(t.Contribution))];
        return new GraphExplanation(
            _memory, Name, _index, () => reached ? ways.Strongest() : [], () => reached ? ways.All() : [], () => [.. ByExample(terms)])
        {
            OfOperations = new(() => [.. terms.GroupBy(t => t.Operation).OrderBy(g => g.Key.Index)
                .Select(g => new GraphShare(Called(g.Key), g.Sum(t => t.Contribution), g.Count(), [g.Key]))]),
            OfCuts = new(() => cuts.Value.Cuts),
            OfAfterwards = new(() => cuts.Value.Afterwards(_memory, gradient is not null)),
            Value = At(Flow.Run.Show(Whole(_memory.Values[0])), _place),
            Gradient = gradient,
            Reason = reason,
            Terms = sorted,
            Causes = reason switch
            {
                GraphReason.Missing => cuts.Value.Missing(_memory, _requiresGrad),
                _ when IsOther(byFormula, gradient) => [new(null, cuts.Value.OwnCode(_memory, byFormula, gradient))],
                GraphReason.Zero => causes.Zero(sorted),
                GraphReason.NotFinite => causes.NotFinite(sorted),
                GraphReason.Huge or GraphReason.Tiny => GraphCauses.Factors(ways.Strongest(), sorted, Flow, reason == GraphReason.Huge),
                _ => [],
            },
            IsByFormula = Flow.From.IsByFormula,
        };
    }

    // What the passes added, where that is more than formulas say; null where these say all.
    private double? Added()
    {
        if (Flow.From.IsByFormula) return null;
        double? sum = null;
        foreach ((GraphTensor leaf, GraphTensor gradient) in Flow.From.Added)
        {
            int number = GraphPlaces.IndexAt(leaf, _place);
            if (number >= 0) sum = (sum ?? 0) + Flow.Run.NumberAt(gradient.Value, GraphPlaces.PlaceOf(gradient, number));
        }
        return sum;
    }

    /// <summary>Whether two numbers differ by more than how sums round.</summary>
    internal static bool IsOther(double? a, double? b) => a is null != b is null
        || a is { } x && b is { } y && !x.Equals(y) && !(Math.Abs(x - y) <= 1e-5 * (Math.Abs(x) + Math.Abs(y)));

    /// <summary>An operation by what it makes and the module it is in.</summary>
    internal static string Called(GraphOperation operation)
    {
        string name = operation.Results.OfType<GraphTensor>().FirstOrDefault()?.Name ?? operation.Name;
        return operation.ModulePath.Length == 0 ? name : $"{name} in {operation.ModulePath}";
    }

    internal static double At(Tensor x, int place) =>
        Elements.ToArray<double>(x.Detach().WholeMemory().Alias(Shape.Scalar, null, place))[0];

    /// <summary>All of a value, in the order of its memory.</summary>
    internal static GraphTensor Whole(GraphValue value)
    {
        Shape all = [value.Memory.Length];
        return new(value, all);
    }

    private IEnumerable<GraphTerm> Terms()
    {
        List<GraphTerm> terms = [.. Terms(IsOfExamples)];
        // Only the sum over everything: then the parameter's own operations say more.
        bool atTheEnd = terms.All(t => Flow.Roots.Any(root => ReferenceEquals(root.Root.Value, t.Result.Value)));
        return atTheEnd ? Terms((_, _) => true) : terms;
    }

    private bool IsOfExamples(GraphOperation operation, GraphTensor y) =>
        Examples.Has(y.Value.Memory) || Flow.Roots.Any(root => ReferenceEquals(root.Root.Value, y.Value));

    private IEnumerable<GraphTerm> Terms(Func<GraphOperation, GraphTensor, bool> cuts)
    {
        var free = new Dictionary<GraphValue, Tensor>(ReferenceEqualityComparer.Instance)
        {
            [_memory.Values[0]] = Flow.Unit(_memory, _place),
        };
        foreach (GraphOperation operation in Flow.Cone)
        {
            Func<int, GraphValue, Tensor?> before = (_, value) => free.GetValueOrDefault(value);
            if (operation.Changes.Count == 0 && operation.Results is [{ } only] && cuts(operation, only)
                && _contributions.Few(operation, before) is { } few)
            {
                foreach (GraphTerm term in TermsOf(operation, few)) yield return term;
                continue;
            }
            Tensor?[] tangents = Flow.Onward(operation, before);
            bool[] isCut = [.. tangents.Select((t, r) => t is not null && operation.Results[r] is { } y && cuts(operation, y))];
            foreach (GraphTerm term in TermsOf(
                operation, _contributions.Of(operation, before, [.. tangents.Select((t, r) => isCut[r] ? t : null)])))
                yield return term;
            foreach (GraphValue changed in operation.Changes)
                if (free.TryGetValue(changed.Memory.Values[changed.Version - 1], out Tensor? kept))
                    free[changed] = Flow.Whole(kept);
            for (int r = 0; r < tangents.Length; r++)
            {
                if (tangents[r] is not { } t || operation.Results[r] is not { } y) continue;
                if (!isCut[r]) Put(free, y, t);
                else if (y.IsWhole) free.Remove(y.Value);
                else if (free.ContainsKey(y.Value)) Put(free, y, Tensor.Zeros(y.Shape, y.DType));
            }
        }
    }

    /// <summary>Writes a tangent to the part of memory that a tensor shows.</summary>
    internal static void Put(Dictionary<GraphValue, Tensor> to, GraphTensor y, Tensor t)
    {
        if (y.IsWhole)
        {
            to[y.Value] = GraphFlow.Flat(t, y.Value.Memory.Length);
            return;
        }
        Tensor whole = to.TryGetValue(y.Value, out Tensor? before) ? before.Clone() : Tensor.Zeros([y.Value.Memory.Length], t.DType);
        Elements.CopyTo(Elements.ToContiguous(t.Detach()), GraphFlow.Shown(whole, y));
        to[y.Value] = whole;
    }

    private IEnumerable<GraphTerm> TermsOf(GraphOperation operation, IEnumerable<GraphContribution> contributions)
    {
        Lazy<GraphFormula>? formula = null;
        GraphTensor? of = null;
        foreach (GraphContribution one in contributions)
        {
            GraphTensor y = operation.Results[one.Result]!;
            if (!ReferenceEquals(of, y))
                (formula, of) = (new(() => new GraphFormula(operation, y, Flow, _memory, _place, Name)), y);
            int[] at = GraphPlaces.IndexOf(y.Shape, one.Number);
            yield return new GraphTerm(
                operation, y, at, one.Slope, one.Gradient, Examples.Of(y.Value.Memory, GraphPlaces.PlaceOf(y, one.Number)), "")
            { Writing = formula };
        }
    }

    private IEnumerable<GraphShare> ByExample(List<GraphTerm> terms) => terms.Where(t => t.Example is not null).GroupBy(t => t.Example)
        .Select(g => new GraphShare($"{Examples.Data!.Name}[{g.Key}]", g.Sum(t => t.Contribution), g.Count(), []))
        .OrderByDescending(share => Size(share.Contribution));

    // What is not finite comes first.
    private static double Size(double contribution) => double.IsNaN(contribution) ? double.PositiveInfinity : Math.Abs(contribution);
}
