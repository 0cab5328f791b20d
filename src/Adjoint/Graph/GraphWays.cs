namespace Adjoint;

/// <summary>The ways from one element of a tensor to what is differentiated.</summary>
internal sealed class GraphWays(GraphFlow flow, int place)
{
    private readonly ILookup<GraphValue, GraphOperation> _readers = flow.Cone
        .SelectMany(operation =>
            operation.Inputs.Where((_, i) => flow.IsWanted(operation, i)).Select(x => (x!.Value, operation)).Distinct())
        .ToLookup(pair => pair.Value, pair => pair.operation);

    /// <summary>The way of the largest contribution, number by number.</summary>
    internal IReadOnlyList<GraphStep> Strongest()
    {
        using GradScope _ = Autograd.NoGrad();
        List<GraphStep> steps = [];
        (GraphValue value, int at) = (flow.Source.Values[0], place);
        while (Next(value, at) is { } next)
        {
            (string index, double number) = GraphPlaces.Describe(next.Value, next.Place, flow.Run);
            steps.Add(new GraphStep(next.By, next.Value + index, number, next.Factor, next.Gradient));
            (value, at) = (next.Value, next.Place);
        }
        return steps;
    }

    /// <summary>The number that a number contributes most by; null where the pass began.</summary>
    internal (GraphOperation By, GraphValue Value, int Place, double Factor, double Gradient)? Next(GraphValue value, int at)
    {
        (GraphOperation, GraphValue, int, double, double)? best = null;
        double most = -1;
        Tensor unit = GraphFlow.Unit(value.Memory, at);
        foreach (GraphOperation operation in _readers[value])
        {
            Tensor?[] tangents = flow.Onward(operation, (_, x) => ReferenceEquals(x, value) ? unit : null);
            for (int r = 0; r < tangents.Length; r++)
            {
                if (tangents[r] is not { } t || operation.Results[r] is not { } y || flow.GradientOf(y.Value) is not { } whole) continue;
                double[] factors = Elements.ToArray<double>(Elements.ToContiguous(t.Detach())),
                    gradients = Elements.ToArray<double>(Elements.ToContiguous(GraphFlow.Shown(whole, y)));
                for (int i = 0; i < factors.Length; i++)
                {
                    double share = Size(factors[i], gradients[i]);
                    if (share <= most) continue;
                    most = share;
                    best = (operation, y.Value, GraphPlaces.PlaceOf(y, i), factors[i], gradients[i]);
                }
            }
        }
        return best;
    }

    /// <summary>What each path of operations contributes; none if there are too many.</summary>
    internal IReadOnlyList<GraphShare> All()
    {
        using GradScope _ = Autograd.NoGrad();
        if (Count() > GraphExplanation.MostPaths) return [];
        List<GraphShare> paths = [];
        var waiting = new Stack<(GraphValue Value, Tensor Tangent, GraphOperation[] Way)>();
        waiting.Push((flow.Source.Values[0], GraphFlow.Unit(flow.Source, place), []));
        while (waiting.TryPop(out (GraphValue Value, Tensor Tangent, GraphOperation[] Way) at))
        {
            foreach ((GraphTensor root, GraphTensor? seed) in flow.Roots)
            {
                if (!ReferenceEquals(root.Value, at.Value)) continue;
                Tensor part = GraphFlow.Shown(at.Tangent, root).To(DType.Float64);
                if (seed is not null) part = part * flow.Run.Show(seed).Detach().To(DType.Float64);
                paths.Add(new GraphShare(string.Join(" → ", at.Way.Select(GraphExplainer.Called)), part.Sum().Item(), 0, at.Way));
            }
            foreach (GraphOperation operation in _readers[at.Value])
            {
                // An operation that reads it twice is two paths that cannot be told apart here: one.
                Tensor?[] tangents = flow.Onward(operation, (_, x) => ReferenceEquals(x, at.Value) ? at.Tangent : null);
                for (int r = 0; r < tangents.Length; r++)
                {
                    if (tangents[r] is not { } t || operation.Results[r] is not { } y) continue;
                    var put = new Dictionary<GraphValue, Tensor>(ReferenceEqualityComparer.Instance);
                    // What a change in place left goes on beside what it wrote.
                    if (y.Value.Version > 0 && ReferenceEquals(y.Value.Memory, at.Value.Memory)) put[y.Value] = at.Tangent;
                    GraphExplainer.Put(put, y, t);
                    waiting.Push((y.Value, put[y.Value], [.. at.Way, operation]));
                }
            }
        }
        return [.. paths.OrderByDescending(path => Math.Abs(path.Contribution))];
    }

    // How many paths there are, without walking them.
    private double Count()
    {
        var counts = new Dictionary<GraphValue, double>(ReferenceEqualityComparer.Instance) { [flow.Source.Values[0]] = 1 };
        foreach (GraphOperation operation in flow.Cone)
        {
            double count = operation.Inputs.Where((_, i) => flow.IsWanted(operation, i)).Select(x => x!.Value).Distinct()
                .Sum(value => counts.GetValueOrDefault(value));
            foreach (GraphTensor y in operation.Results.OfType<GraphTensor>()) counts[y.Value] = count;
        }
        return flow.Roots.Sum(root => counts.GetValueOrDefault(root.Root.Value));
    }

    private static double Size(double factor, double gradient)
    {
        double share = Math.Abs(factor * gradient);
        return double.IsNaN(share) ? double.PositiveInfinity : share;
    }
}
