namespace Adjoint;

/// <summary>The ways from one element of a tensor to what is differentiated.</summary>
internal sealed class GraphWays(GraphFlow flow, GraphContributions contributions, int place)
{
    /// <summary>The way of the largest contribution, number by number.</summary>
    /// <exception cref="GraphException">What it reads was changed since.</exception>
    internal IReadOnlyList<GraphStep> Strongest()
    {
        CheckUnchanged("Way");
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
        Tensor unit = flow.Unit(value.Memory, at);
        foreach (GraphOperation operation in flow.ReadersOf(value))
        {
            foreach (GraphContribution one in contributions.Of(operation, (_, x) => ReferenceEquals(x, value) ? unit : null))
            {
                double share = Size(one.Product);
                if (share <= most) continue;
                most = share;
                GraphTensor y = operation.Results[one.Result]!;
                best = (operation, y.Value, GraphPlaces.PlaceOf(y, one.Number), one.Slope, one.Gradient);
            }
        }
        return best;
    }

    /// <summary>
    /// What each path of operations contributes, by the rules going back along it; none if there are too many, or if code of the user's
    /// stands in the way.
    /// </summary>
    /// <exception cref="GraphException">What it reads was changed since.</exception>
    internal IReadOnlyList<GraphShare> All()
    {
        using GradScope _ = Autograd.NoGrad();
        if (!flow.From.IsByFormula || Count() is var count && count > GraphExplanation.MostPaths) return [];
        if (count == 1 && Only() is { } only) return [only];
        CheckUnchanged("Paths");
        List<GraphShare> paths = [];
        var waiting = new Stack<(GraphValue Value, Tensor Gradient, GraphOperation[] Way)>();
        foreach ((GraphTensor root, GraphTensor? seed) in flow.Roots)
        {
            if (!flow.IsAlive(root.Value)) continue;
            var begun = new Dictionary<GraphValue, Tensor>(ReferenceEqualityComparer.Instance);
            GraphFlow.Add(begun, root, seed is null ? Tensor.Ones(root.Shape, root.DType) : flow.Run.Show(seed).Detach().Clone());
            waiting.Push((root.Value, begun[root.Value], []));
        }
        while (waiting.TryPop(out (GraphValue Value, Tensor Gradient, GraphOperation[] Way) at))
        {
            if (ReferenceEquals(at.Value, flow.Source.Values[0]))
            {
                double part = GraphNumbers.At(at.Gradient, place);
                paths.Add(new GraphShare(string.Join(" → ", at.Way.Select(GraphExplainer.Called)), part, 0, at.Way));
                continue;
            }
            // Beside operations of the cone there are changes that were not recorded.
            if (at.Value.MadeBy is not { } made) continue;
            foreach ((GraphValue value, Tensor gradient) in flow.Back(made, at.Value, at.Gradient))
                if (flow.IsAlive(value)) waiting.Push((value, gradient, flow.IsInCone(made) ? [made, .. at.Way] : at.Way));
        }
        return [.. paths.OrderByDescending(path => Size(path.Contribution))];
    }

    // The only path contributes the gradient, which is there already; null where something else than a chain of operations leads back.
    private GraphShare? Only()
    {
        List<GraphOperation> way = [];
        GraphValue source = flow.Source.Values[0], at = flow.Roots.Single(root => flow.IsAlive(root.Root.Value)).Root.Value;
        while (!ReferenceEquals(at, source))
        {
            if (at.MadeBy is not { } made || !flow.IsInCone(made)) return null;
            GraphValue[] before = [.. made.Inputs.Where((_, i) => flow.IsWanted(made, i)).Select(x => x!.Value).Distinct()];
            if (before.Length != 1) return null;
            way.Insert(0, made);
            at = before[0];
        }
        return flow.GradientOfSource is { } gradient
            ? new GraphShare(string.Join(" → ", way.Select(GraphExplainer.Called)), gradient, 0, way) : null;
    }

    // Numbers of two times would be mixed.
    private void CheckUnchanged(string asked)
    {
        if (flow.Run.ChangedSince() is { } changed)
            throw new GraphException(
                $"{asked}: {changed.Name} was changed after this was explained, and {asked} is looked up when it is first asked for. Ask "
                + "for it before the change (the step of an optimizer, say), or explain again.");
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
        return flow.Roots.Where(root => flow.IsAlive(root.Root.Value)).Sum(root => counts.GetValueOrDefault(root.Root.Value));
    }

    // What is not finite comes first.
    private static double Size(double share) => double.IsNaN(share) ? double.PositiveInfinity : Math.Abs(share);
}
