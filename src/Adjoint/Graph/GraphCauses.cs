namespace Adjoint;

/// <summary>What made a gradient 0, huge, tiny or not finite.</summary>
internal sealed class GraphCauses(GraphFlow flow, int place, string name)
{
    private const int Most = 8;

    /// <summary>Where the influence of the element ends: operations that it reaches and that pass nothing on.</summary>
    internal IReadOnlyList<GraphCause> Zero(IReadOnlyList<GraphTerm> terms)
    {
        List<GraphCause> causes = [];
        var tangents = new Dictionary<GraphValue, Tensor>(ReferenceEqualityComparer.Instance)
        {
            [flow.Source.Values[0]] = GraphFlow.Unit(flow.Source, place),
        };
        foreach (GraphOperation operation in flow.Cone)
        {
            bool isMoved = false;
            for (int i = 0; i < operation.Inputs.Count; i++)
                isMoved |= flow.IsWanted(operation, i) && operation.Inputs[i] is { } x && tangents.TryGetValue(x.Value, out Tensor? t)
                    && Count(GraphFlow.Shown(t, x)) > 0;
            foreach (GraphValue changed in operation.Changes)
                if (tangents.TryGetValue(changed.Memory.Values[changed.Version - 1], out Tensor? before)) tangents[changed] = before;
            if (!isMoved) continue;
            Tensor?[] results = flow.Onward(operation, (_, value) => tangents.GetValueOrDefault(value));
            bool passes = false;
            for (int r = 0; r < results.Length; r++)
            {
                if (results[r] is not { } t || operation.Results[r] is not { } y) continue;
                passes |= Count(t) > 0;
                GraphExplainer.Put(tangents, y, t);
            }
            if (!passes && Matters(operation)) causes.Add(new(operation, Killed(operation, tangents)));
            if (causes.Count == Most) break;
        }
        if (causes.Count == 0 && terms.Count > 0)
            causes.Add(new(terms[0].Operation, $"The {terms.Count} contributions cancel: their sum is 0."));
        if (causes.Count == 0 && flow.Roots.All(root => root.Seed is { } seed && Count(flow.Run.Show(seed)) == 0))
            causes.Add(new(null, "The gradient that the backward pass began with is 0."));
        return causes;
    }

    /// <summary>The factors of the largest way, the one that matters most first.</summary>
    internal IReadOnlyList<GraphCause> Factors(IReadOnlyList<GraphStep> way, bool huge)
    {
        if (way.Count == 0) return [];
        double[] sizes = [.. way.Select(step => Math.Abs(step.Factor))];
        int at = Array.IndexOf(sizes, huge ? sizes.Max() : sizes.Min());
        int count = sizes.Count(size => huge ? size > 1.5 : size < 0.67);
        double all = sizes.Aggregate(1.0, (a, b) => a * b);
        GraphStep step = way[at];
        string text = $"The {(huge ? "largest" : "smallest")} factor on the way is {GraphText.Number(step.Factor)}, "
            + $"at {GraphExplainer.Called(step.Operation)}: {Inputs(step.Operation)}.";
        List<GraphCause> causes = [new(step.Operation, text)];
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
        GraphTerm? term = terms.FirstOrDefault(t => double.IsNaN(t.Contribution))
            ?? terms.FirstOrDefault(t => !double.IsFinite(t.Contribution));
        var ways = new GraphWays(flow, place);
        (GraphValue value, int at) = (flow.Source.Values[0], place);
        double gradient = double.NaN;
        var origin = new GraphNotFinite(flow);
        double own = GraphExplainer.At(flow.Run.Show(GraphExplainer.Whole(value)), place);
        if (!double.IsFinite(own)) return [new(null, $"{name} itself is {GraphText.Number(own)}.")];
        // Along the way that is not finite, as long as the gradient ahead of it is not.
        while (ways.Next(value, at) is { } next)
        {
            gradient = next.Gradient;
            if (double.IsFinite(gradient))
                return origin.Backward(next.By, next.Value, next.Place, next.Factor, gradient);
            (value, at) = (next.Value, next.Place);
        }
        return term is null ? []
            : [.. origin.Value(term.Result, GraphPlaces.PlaceOf(term.Result, 0)), new(term.Operation, term.ToString())];
    }

    private string Inputs(GraphOperation operation) => string.Join(", ", operation.Inputs.OfType<GraphTensor>()
        .Where(flow.Run.Has)
        .Select(x => x.Shape.NumEl == 1 ? $"{x.Name} = {GraphText.Number(flow.Run.NumberAt(x.Value, x.Offset))}" : x.ToString()));

    private static int Count(Tensor t)
    {
        int count = 0;
        foreach (double x in Elements.ToArray<double>(Elements.ToContiguous(t.Detach())))
            if (x != 0) count++;
        return count;
    }

    // Whether what it makes goes on to something that is differentiated.
    private bool Matters(GraphOperation operation) =>
        operation.Results.OfType<GraphTensor>().Any(y => flow.GradientOf(y.Value) is not null);

    private string Killed(GraphOperation operation, Dictionary<GraphValue, Tensor> tangents)
    {
        string stem = operation.Name.TrimEnd('_'), called = GraphExplainer.Called(operation);
        for (int i = 0; i < operation.Inputs.Count; i++)
        {
            if (operation.Inputs[i] is not { } x || !flow.IsWanted(operation, i)) continue;
            if (!tangents.TryGetValue(x.Value, out Tensor? whole)) continue;
            double[] moved = Elements.ToArray<double>(Elements.ToContiguous(GraphFlow.Shown(whole, x)));
            int[] places = [.. Enumerable.Range(0, moved.Length).Where(k => moved[k] != 0)];
            if (places.Length == 0) continue;
            int first = places[0];
            string entry = GraphFormula.Entry(x, GraphPlaces.IndexOf(x.Shape, first));
            double number = flow.Run.NumberAt(x.Value, GraphPlaces.PlaceOf(x, first));
            string reached = places.Length == 1 ? $"{entry} = {GraphText.Number(number)}"
                : $"all {places.Length} elements of {x.Name} that {name} moves, such as {entry} = {GraphText.Number(number)}";
            // One alone goes through: together they cancel.
            if (places.Length > 1)
            {
                Tensor unit = GraphFlow.Unit(x.Value.Memory, GraphPlaces.PlaceOf(x, first));
                if (flow.Onward(operation, (j, _) => j == i ? unit : null).OfType<Tensor>().Any(t => Count(t) > 0))
                    return $"{operation.Name} ({called}): the {places.Length} contributions of {x.Name} cancel; each alone goes through.";
            }
            string others = string.Join(", ",
                operation.Inputs.OfType<GraphTensor>().Where(o => !ReferenceEquals(o, x)).Select(o => o.Name).Take(3));
            string why = stem switch
            {
                "relu" or "relu6" or "hardtanh" or "clamp" or "clamp_min" or "clamp_max" or "threshold" or "hardsigmoid"
                    or "hardswish" or "relu_backward" =>
                    $"{stem} is constant there",
                "sigmoid" or "tanh" or "softmax" or "log_softmax" or "erf" or "softsign" =>
                    $"{stem} is saturated there, its slope rounds to 0",
                "linear_relu" => $"what comes out is not above 0, a dead ReLU ({OutputOf(operation)})",
                "where" or "masked_fill" or "masked_select" => $"not chosen by {others}",
                "mul" or "mm" or "addmm" or "bmm" or "mv" or "dot" or "linear" => $"multiplied by 0, of {others}",
                "sign" or "floor" or "ceil" or "round" or "trunc" => $"{stem} is a step, its slope is 0 everywhere",
                "amax" or "amin" or "max" or "min" or "maximum" or "minimum" => $"not what {stem} chose",
                _ => $"the derivative of {stem} is 0 there",
            };
            return $"{operation.Name} ({called}): {reached}: {why}.";
        }
        return $"{operation.Name} ({called}) passes nothing on.";
    }

    private string OutputOf(GraphOperation operation) =>
        operation.Results.OfType<GraphTensor>().FirstOrDefault() is { Shape.NumEl: > 0 } y
            ? $"{y.Name} is {GraphText.Number(Elements.ToArray<double>(flow.Run.Show(y).Detach().Max())[0])} at most, and 0 there" : "";
}
