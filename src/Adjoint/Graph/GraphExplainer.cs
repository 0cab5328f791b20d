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
    private readonly GraphPlan _plan;
    private readonly GraphContributions _contributions;

    internal GraphExplainer(Graph graph, GraphMemory memory, Tensor tensor, int place, int[] index)
    {
        (_graph, _memory, _place, _index) = (graph, memory, place, index);
        _plan = GraphPlan.Of(graph, memory, tensor);
        Flow = new GraphFlow(graph, _plan, place);
        _contributions = new GraphContributions(Flow);
    }

    internal GraphFlow Flow { get; }

    internal GraphExamples Examples => _plan.Examples;

    internal string Name => _memory.Name + (_index.Length == 0 ? "" : Shape.Text(_index));

    internal GraphExplanation Explain()
    {
        using GradScope _ = Autograd.NoGrad();
        // A pass for other leaves goes by.
        bool reached = Flow.IsReached(_memory.Values[0]) && !Flow.From.IsForOthers;
        double? byFormula = reached ? Flow.GradientOfSource : null, gradient = Added() ?? byFormula;
        // The numbers are taken now; of the terms that they make few are read, and often none.
        List<Part> parts = reached ? Parts() : [];
        var terms = new Lazy<IReadOnlyList<GraphTerm>>(() => [.. parts.SelectMany(TermsOf).OrderByDescending(t => Size(t.Contribution))]);
        // Most gradients are ordinary, and what is cut beside them is not asked for.
        var cuts = new Lazy<GraphCuts>(() => new GraphCuts(_graph, Flow));
        GraphReason reason = gradient switch
        {
            null => GraphReason.Missing,
            0 => GraphReason.Zero,
            { } g when !double.IsFinite(g) => GraphReason.NotFinite,
            { } g when Math.Abs(g) > Huge => GraphReason.Huge,
            { } g when Math.Abs(g) < Tiny || IsRounding(parts, g) => GraphReason.Tiny,
            _ => GraphReason.Ordinary,
        };
        var ways = new GraphWays(Flow, _contributions, _place);
        return new GraphExplanation(
            _memory, Name, _index, () => reached ? ways.Strongest() : [], () => reached ? ways.All() : [],
            () => [.. ByExample(terms.Value)])
        {
            OfTerms = terms,
            ChangedSince = Flow.Run.ChangedSince,
            OfOperations = new(() => [.. terms.Value.GroupBy(t => t.Operation).OrderBy(g => g.Key.Index)
                .Select(g => new GraphShare(Called(g.Key), g.Sum(t => t.Contribution), g.Count(), [g.Key]))]),
            OfCuts = new(() => cuts.Value.Cuts),
            OfAfterwards = new(() => cuts.Value.Afterwards(_memory, gradient is not null)),
            Value = Flow.Run.NumberAt(_memory.Values[0], _place),
            Gradient = gradient,
            Reason = reason,
            Causes = reason == GraphReason.Ordinary && Flow.From.IsByFormula ? []
                : Causes(reason, byFormula, gradient, cuts, terms.Value, ways),
            IsByFormula = Flow.From.IsByFormula,
        };
    }

    // Whether it is no more than what sums of that many terms of that size are rounded by.
    private bool IsRounding(List<Part> parts, double gradient)
    {
        if (!Flow.From.IsByFormula) return false;
        double most = 0;
        int count = 0;
        foreach (Part part in parts)
        {
            count += part.Contributions.Count;
            for (int i = 0; i < part.Contributions.Count; i++) most = Math.Max(most, Math.Abs(part.Contributions[i].Product));
        }
        double unit = _memory.DType.Row.Epsilon;
        return count > 1 && Math.Abs(gradient) < 2 * unit * most * Math.Sqrt(count);
    }

    private IReadOnlyList<GraphCause> Causes(
        GraphReason reason, double? byFormula, double? gradient, Lazy<GraphCuts> cuts, IReadOnlyList<GraphTerm> terms, GraphWays ways)
    {
        var causes = new GraphCauses(Flow, _contributions, ways, _place, Name);
        return reason switch
        {
            GraphReason.Missing => cuts.Value.Missing(_memory, _plan.RequiresGrad),
            _ when IsOther(byFormula, gradient) => [new(null, cuts.Value.OwnCode(_memory, byFormula, gradient))],
            GraphReason.Zero => causes.Zero(terms),
            GraphReason.NotFinite => causes.NotFinite(terms),
            GraphReason.Huge or GraphReason.Tiny => GraphCauses.Factors(ways.Strongest(), terms, Flow, reason == GraphReason.Huge),
            _ => [],
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

    /// <summary>All of a value, in the order of its memory.</summary>
    internal static GraphTensor Whole(GraphValue value)
    {
        Shape all = [value.Memory.Length];
        return new(value, all);
    }

    // Contributions by one operation.
    private sealed record Part(GraphOperation Operation, IReadOnlyList<GraphContribution> Contributions);

    private List<Part> Parts()
    {
        List<Part> parts = [.. Parts(IsOfExamples)];
        // Only the sum over everything: then the parameter's own operations say more.
        bool atTheEnd = parts.TrueForAll(part => part.Contributions.All(c => IsRoot(part.Operation.Results[c.Result]!.Value)));
        return atTheEnd ? [.. Parts((_, _) => true)] : parts;
    }

    private bool IsRoot(GraphValue value)
    {
        for (int i = 0; i < Flow.Roots.Count; i++)
            if (ReferenceEquals(Flow.Roots[i].Root.Value, value)) return true;
        return false;
    }

    private bool IsOfExamples(GraphOperation operation, GraphTensor y) =>
        Examples.Has(y.Value.Memory) || IsRoot(y.Value);

    private IEnumerable<Part> Parts(Func<GraphOperation, GraphTensor, bool> cuts)
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
                yield return new Part(operation, few);
                continue;
            }
            Tensor?[] tangents = Flow.Onward(operation, before);
            if (operation.Changes.Count == 0 && Array.TrueForAll(tangents, t => t is null)) continue;
            bool[] isCut = [.. tangents.Select((t, r) => t is not null && operation.Results[r] is { } y && cuts(operation, y))];
            if (isCut.Contains(true))
                yield return new Part(
                    operation, [.. _contributions.Of(operation, before, [.. tangents.Select((t, r) => isCut[r] ? t : null)])]);
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

    private IEnumerable<GraphTerm> TermsOf(Part part)
    {
        GraphOperation operation = part.Operation;
        Lazy<GraphFormula>? formula = null;
        GraphTensor? of = null;
        foreach (GraphContribution one in part.Contributions)
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

    private IEnumerable<GraphShare> ByExample(IReadOnlyList<GraphTerm> terms) => terms
        .Where(t => t.Example is not null).GroupBy(t => t.Example)
        .Select(g => new GraphShare($"{Examples.Data!.Name}[{g.Key}]", g.Sum(t => t.Contribution), g.Count(), []))
        .OrderByDescending(share => Size(share.Contribution));

    // What is not finite comes first.
    private static double Size(double contribution) => double.IsNaN(contribution) ? double.PositiveInfinity : Math.Abs(contribution);
}
