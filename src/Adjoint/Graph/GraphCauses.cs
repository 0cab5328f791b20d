namespace Adjoint;

/// <summary>What made a gradient 0, huge, tiny or not finite.</summary>
internal sealed class GraphCauses(GraphFlow flow, GraphContributions contributions, GraphWays ways, int place, string name)
{
    private const int Most = 8;

    /// <summary>Why the contributions are 0: each by itself, or together.</summary>
    internal IReadOnlyList<GraphCause> Zero(IReadOnlyList<GraphTerm> terms)
    {
        GraphTerm[] some = [.. terms.Where(term => term.Contribution != 0)];
        if (some.Length == 0) return WhereItEnds(terms);
        double sum = some.Sum(term => term.Contribution), smallest = flow.Source.DType.Row.Smallest;
        string all = string.Join(" + ", some.Take(4).Select(term => GraphText.Number(term.Contribution)))
            + (some.Length > 4 ? $" + {some.Length - 4} more" : "");
        bool isBelow = some.All(term => Math.Abs(term.Contribution) < smallest);
        string text = isBelow
            ? $"Underflow: {all}{(some.Length > 1 ? $" = {GraphText.Number(sum)}" : "")} is below the smallest {flow.Source.DType}, "
                + $"{GraphText.Number(smallest)}, so it rounds to 0."
            : $"The {some.Length} contributions cancel: {all} = {GraphText.Number(sum)}"
                + (sum == 0 ? "." : $", which rounds to 0 beside terms of that size in {flow.Source.DType}.");
        return [new(some[0].Operation, text)];
    }

    /// <summary>The factors of the largest way, the one that matters most first.</summary>
    internal static IReadOnlyList<GraphCause> Factors(
        IReadOnlyList<GraphStep> way, IReadOnlyList<GraphTerm> terms, GraphFlow flow, bool huge)
    {
        if (way.Count == 0) return [];
        double[] sizes = [.. way.Select(step => Math.Abs(step.Factor))];
        int at = Array.IndexOf(sizes, huge ? sizes.Max() : sizes.Min());
        double all = sizes.Aggregate(1.0, (a, b) => a * b);
        GraphStep step = way[at];
        List<GraphCause> causes = [];
        double seed = Math.Abs(way[^1].Gradient), sum = Math.Abs(terms.Sum(term => term.Contribution));
        double most = terms.Select(term => Math.Abs(term.Contribution)).DefaultIfEmpty().Max();
        // The sum may be to blame, and not one term: so many of them, or that they cancel.
        if (huge && most > 0 && sum > 30 * most)
            causes.Add(new(null, $"It is the sum of {terms.Count} terms, none above {GraphText.Number(most)}."));
        else if (!huge && most > 1e-10)
        {
            return
            [
                new(null, $"Its {terms.Count} terms, of up to {GraphText.Number(most)}, cancel: what is left of their sum is of the size "
                    + "of rounding, or near it."),
            ];
        }
        if (huge ? seed > sizes[at] : seed < sizes[at] && seed < 1)
            causes.Add(new(null, $"The backward pass begins with the gradient {GraphText.Number(way[^1].Gradient)}."));
        if (huge ? sizes[at] > 1.5 : sizes[at] < 0.67)
            causes.Add(new(step.Operation, $"The {(huge ? "largest" : "smallest")} factor on the way is {GraphText.Number(step.Factor)}, "
                + $"at {GraphExplainer.Called(step.Operation)}: {Inputs(flow, step.Operation)}."));
        int count = sizes.Count(size => huge ? size > 1.5 : size < 0.67);
        bool many = huge ? sizes[at] < Math.Sqrt(all) : sizes[at] > Math.Sqrt(all);
        if (many && count > 1)
        {
            double product = sizes.Where(size => huge ? size > 1.5 : size < 0.67).Aggregate(1.0, (a, b) => a * b);
            causes.Add(
                new(null, $"No single one explains it: {count} of {sizes.Length} factors are {(huge ? "above 1.5" : "below 0.67")}, "
                    + $"their product {GraphText.Number(product)}."));
        }
        return causes;
    }

    /// <summary>The operation and entry that first made an infinity or NaN.</summary>
    internal IReadOnlyList<GraphCause> NotFinite(IReadOnlyList<GraphTerm> terms)
    {
        double sum = terms.Sum(term => term.Contribution);
        if (terms.Count > 0 && double.IsFinite(sum))
        {
            return
            [
                new(terms[0].Operation, $"Overflow: the sum of the terms is {GraphText.Number(sum)}, with the largest "
                    + $"{GraphText.Number(terms[0].Contribution)}; {flow.Source.DType} ends at "
                    + $"{GraphText.Number(flow.Source.DType.Row.Largest)}."),
            ];
        }
        (GraphValue value, int at) = (flow.Source.Values[0], place);
        var origin = new GraphNotFinite(flow);
        // Along the way that is not finite, as long as the gradient ahead of it is not.
        (GraphOperation By, GraphValue Value, int Place, double Factor, double Gradient)? last = null;
        while (ways.Next(value, at) is { } next)
        {
            if (double.IsFinite(next.Gradient)) return origin.Backward(next.By, value, next.Value, next.Place, next.Factor, next.Gradient);
            last = next;
            (value, at) = (next.Value, next.Place);
        }
        // The pass began with it: then what it began from, or the gradient that was given, says more.
        if (last is { } end && origin.Value(GraphExplainer.Whole(end.Value), end.Place) is { Count: > 0 } forward) return forward;
        foreach ((_, GraphTensor? seed) in flow.Roots)
            for (int i = 0; seed is not null && i < seed.Shape.NumEl; i++)
                if (!double.IsFinite(flow.Run.NumberAt(seed.Value, GraphPlaces.PlaceOf(seed, i))))
                    return
                    [
                        new(null, $"The backward pass begins with a gradient that is not finite: {seed.Name}."),
                        .. origin.Value(seed, GraphPlaces.PlaceOf(seed, i)),
                    ];
        return terms.Count == 0 ? [] : [new(terms[0].Operation, terms[0].ToString())];
    }

    /// <summary>How many elements are not 0.</summary>
    internal static int Count(Tensor t)
    {
        int count = 0;
        foreach (double x in Elements.ToArray<double>(Elements.ToContiguous(t.Detach())))
            if (x != 0) count++;
        return count;
    }

    /// <summary>How many elements are NaN.</summary>
    internal static int CountNaN(Tensor t) => Elements.ToArray<double>(Elements.ToContiguous(t.Detach())).Count(double.IsNaN);

    // Where the influence of the element ends: operations that it reaches and that pass nothing on, and elements that nothing reads.
    private IReadOnlyList<GraphCause> WhereItEnds(IReadOnlyList<GraphTerm> terms)
    {
        List<GraphCause> causes = [];
        var ends = new GraphDeadEnds(flow, name);
        var tangents = new Dictionary<GraphValue, Tensor>(ReferenceEqualityComparer.Instance)
        {
            [flow.Source.Values[0]] = flow.Whole(flow.Unit(flow.Source, place)),
        };
        var read = new HashSet<GraphValue>(ReferenceEqualityComparer.Instance);
        foreach (GraphOperation operation in flow.Cone)
        {
            bool isMoved = false;
            for (int i = 0; i < operation.Inputs.Count; i++)
            {
                if (!flow.IsWanted(operation, i) || operation.Inputs[i] is not { } x) continue;
                if (!tangents.TryGetValue(x.Value, out Tensor? t) || Count(GraphFlow.Shown(t, x)) == 0) continue;
                isMoved = true;
                read.Add(x.Value);
            }
            foreach (GraphValue changed in operation.Changes)
            {
                GraphValue earlier = changed.Memory.Values[changed.Version - 1];
                if (!tangents.TryGetValue(earlier, out Tensor? before)) continue;
                tangents[changed] = before;
                // What was overwritten ended here; what is left goes on as the next value.
                read.Add(earlier);
                GraphTensor? written = operation.Results.OfType<GraphTensor>().FirstOrDefault(y => ReferenceEquals(y.Value, changed));
                if (!isMoved && written is not null)
                {
                    int moved = Count(before);
                    GraphExplainer.Put(tangents, written, Tensor.Zeros(written.Shape, before.DType));
                    if (moved > 0 && Count(tangents[changed]) == 0 && Matters(operation))
                        causes.Add(new(operation, ends.Overwritten(operation)));
                }
            }
            if (!isMoved) continue;
            Func<int, GraphValue, Tensor?> given = (_, value) => tangents.GetValueOrDefault(value);
            Tensor?[] results = flow.Onward(operation, given);
            bool passes = false;
            foreach ((Tensor? t, GraphTensor? y) in results.Zip(operation.Results))
                passes |= t is not null && y is not null && Count(t) > 0;
            // 0/0 forward may be nothing going back.
            if (passes && Matters(operation) && results.OfType<Tensor>().All(t => Count(t) == CountNaN(t)))
                passes = contributions.Of(operation, given, results).Any();
            if (!passes && Matters(operation)) causes.Add(new(operation, ends.Killed(operation, tangents)));
            for (int r = 0; r < results.Length; r++)
                if (results[r] is { } t && operation.Results[r] is { } y) GraphExplainer.Put(tangents, y, t);
            if (causes.Count == Most) return causes;
        }
        foreach ((GraphValue value, Tensor t) in tangents)
        {
            if (read.Contains(value) || flow.Roots.Any(root => ReferenceEquals(root.Root.Value, value)) || Count(t) == 0) continue;
            if (flow.IsReached(value)) causes.Add(new(value.MadeBy, ends.Unread(value, t)));
        }
        if (causes.Count > 0) return causes;
        if (flow.Roots.All(root => root.Seed is { } seed && Count(flow.Run.Show(seed)) == 0))
            return [new(null, "The gradient that the backward pass began with is 0.")];
        return ends.GoingBack(ways.Strongest(), terms);
    }

    private static string Inputs(GraphFlow flow, GraphOperation operation) => string.Join(", ", operation.Inputs.OfType<GraphTensor>()
        .Where(flow.Run.Has)
        .Select(x => x.Value.Memory.Role == GraphRole.Number ? GraphText.Number(flow.Run.NumberAt(x.Value, x.Offset))
            : x.Shape.NumEl == 1 ? $"{x.Name} = {GraphText.Number(flow.Run.NumberAt(x.Value, x.Offset))}" : x.ToString()));

    // Whether what it makes goes on to something that is differentiated.
    private bool Matters(GraphOperation operation) =>
        operation.Results.OfType<GraphTensor>().Any(y => flow.IsReached(y.Value));
}
