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

    internal GraphExplainer(Graph graph, GraphMemory memory, int place, int[] index)
    {
        (_graph, _memory, _place, _index) = (graph, memory, place, index);
        Flow = new GraphFlow(graph, memory, [.. FindRoots()]);
        Examples = new GraphExamples(graph);
    }

    internal GraphFlow Flow { get; }

    internal GraphExamples Examples { get; }

    internal string Name => _memory.Name + (_index.Length == 0 ? "" : Shape.Text(_index));

    internal GraphExplanation Explain()
    {
        using GradScope _ = Autograd.NoGrad();
        bool reached = Flow.GradientOf(_memory.Values[0]) is not null;
        double? gradient = reached ? At(Flow.GradientOf(_memory.Values[0])!, _place) : null;
        List<GraphTerm> terms = reached ? [.. Terms()] : [];
        // 0 · NaN is a term only where no other explains the NaN: most slopes of 0 are elements that the parameter does not reach.
        if (terms.Any(t => t.Slope != 0 && !double.IsFinite(t.Contribution))) terms.RemoveAll(t => t.Slope == 0);
        var cuts = new GraphCuts(_graph, Flow);
        GraphReason reason = gradient switch
        {
            null => GraphReason.Missing,
            0 => GraphReason.Zero,
            { } g when !double.IsFinite(g) => GraphReason.NotFinite,
            { } g when Math.Abs(g) > Huge => GraphReason.Huge,
            { } g when Math.Abs(g) < Tiny => GraphReason.Tiny,
            _ => GraphReason.Ordinary,
        };
        var ways = new GraphWays(Flow, _place);
        var causes = new GraphCauses(Flow, _place, Name);
        IReadOnlyList<GraphTerm> sorted = [.. terms.OrderByDescending(t => Size(t.Contribution))];
        return new GraphExplanation(_memory, Name, _index, () => reached ? ways.Strongest() : [], () => reached ? ways.All() : [])
        {
            Value = At(Flow.Run.Show(Whole(_memory.Values[0])), _place),
            Gradient = gradient,
            Reason = reason,
            Terms = sorted,
            Examples = [.. ByExample(terms)],
            Operations = [.. terms.GroupBy(t => t.Operation).OrderBy(g => g.Key.Index)
                .Select(g => new GraphShare(Called(g.Key), g.Sum(t => t.Contribution), g.Count(), [g.Key]))],
            Cuts = cuts.Cuts,
            Causes = reason switch
            {
                GraphReason.Missing => cuts.Missing(_memory),
                GraphReason.Zero => causes.Zero(sorted),
                GraphReason.NotFinite => causes.NotFinite(sorted),
                GraphReason.Huge or GraphReason.Tiny => causes.Factors(ways.Strongest(), reason == GraphReason.Huge),
                _ => [],
            },
            Afterwards = cuts.Afterwards(_memory, gradient is not null),
        };
    }

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

    // The last passes between which the gradient was not cleared; those that only answer a question if there is no other.
    private IEnumerable<(GraphTensor Root, GraphTensor? Seed)> FindRoots()
    {
        List<int> cleared = [0, .. _graph.Cleared.GetValueOrDefault(_memory) ?? [], int.MaxValue];
        GraphMemory? gradient = _graph.Gradients.FirstOrDefault(g => ReferenceEquals(g.Leaf, _memory))?.Value?.Value.Memory;
        foreach (GraphOperation zero in _graph.Operations)
            if (zero.Name == "zero_"
                && zero.Changes.Any(c => c.Memory.Name == _memory.Name + ".grad" || ReferenceEquals(c.Memory, gradient)))
                cleared.Add(zero.Index);
        cleared.Sort();
        GraphPass[] passes = [];
        // What is cleared at the end of a step was there for the step.
        for (int i = cleared.Count - 1; i > 0 && passes.Length == 0; i--)
            passes = [.. _graph.Passes.Where(pass => pass.Root is not null && pass.At >= cleared[i - 1] && pass.At < cleared[i])];
        // A pass that answers a question may be on the way to a loss that is returned.
        bool answers = _graph.Passes.Count > 0 && _graph.Passes.All(pass => pass.IsAsked);
        bool returns = _graph.Outputs.Count > 0 && _graph.Outputs[0] is { Shape.NumEl: 1, DType.IsFloatingPoint: true };
        if (_graph.Passes.Count > 0 && !(answers && returns))
        {
            foreach (GraphPass pass in answers ? passes : passes.Where(pass => !pass.IsAsked)) yield return (pass.Root!, pass.Seed);
            yield break;
        }
        if (_graph.Outputs.Count == 0)
            throw new GraphException(
                "Explain: the graph neither runs a backward pass nor returns anything, so there is no gradient. Capture the function "
                + "with loss.Backward() in it, or return the loss.");
        if (_graph.Outputs[0] is not { Shape.NumEl: 1, DType.IsFloatingPoint: true } result)
            throw new GraphException(
                $"Explain: {_graph.Outputs[0]}, which the graph returns, is not a single number that could be differentiated. Return the "
                + "loss, or run its backward pass in the function.");
        yield return (result, null);
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

    private IEnumerable<GraphTerm> Terms(Func<GraphOperation, GraphTensor, bool> isCut)
    {
        var free = new Dictionary<GraphValue, Tensor>(ReferenceEqualityComparer.Instance)
        {
            [_memory.Values[0]] = GraphFlow.Unit(_memory, _place),
        };
        foreach (GraphOperation operation in Flow.Cone)
        {
            Tensor?[] tangents = Flow.Onward(operation, (_, value) => free.GetValueOrDefault(value));
            foreach (GraphValue changed in operation.Changes)
                if (free.TryGetValue(changed.Memory.Values[changed.Version - 1], out Tensor? before)) free[changed] = before;
            for (int r = 0; r < tangents.Length; r++)
            {
                if (tangents[r] is not { } t || operation.Results[r] is not { } y) continue;
                if (!isCut(operation, y))
                {
                    Put(free, y, t);
                    continue;
                }
                free.Remove(y.Value);
                foreach (GraphTerm term in TermsOf(operation, y, t)) yield return term;
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

    private IEnumerable<GraphTerm> TermsOf(GraphOperation operation, GraphTensor y, Tensor tangent)
    {
        if (Flow.GradientOf(y.Value) is not { } whole) yield break;
        double[] slopes = Elements.ToArray<double>(Elements.ToContiguous(tangent.Detach())),
            gradients = Elements.ToArray<double>(Elements.ToContiguous(GraphFlow.Shown(whole, y)));
        var formula = new GraphFormula(operation, y, Flow, _memory, _place);
        for (int i = 0; i < slopes.Length; i++)
        {
            // 0 times anything finite adds nothing; a product that is not finite is worth seeing.
            if (slopes[i] == 0 && double.IsFinite(gradients[i])) continue;
            int[] at = GraphPlaces.IndexOf(y.Shape, i);
            yield return new GraphTerm(
                operation, y, at, slopes[i], gradients[i], Examples.Of(y.Value.Memory, GraphPlaces.PlaceOf(y, i)),
                formula.Text(at, slopes[i], gradients[i]));
        }
    }

    private IEnumerable<GraphShare> ByExample(List<GraphTerm> terms) => terms.Where(t => t.Example is not null).GroupBy(t => t.Example)
        .Select(g => new GraphShare($"{Examples.Data!.Name}[{g.Key}]", g.Sum(t => t.Contribution), g.Count(), []))
        .OrderByDescending(share => Size(share.Contribution));

    // What is not finite comes first.
    private static double Size(double contribution) => double.IsNaN(contribution) ? double.PositiveInfinity : Math.Abs(contribution);
}
