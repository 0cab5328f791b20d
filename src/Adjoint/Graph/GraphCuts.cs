namespace Adjoint;

/// <summary>Where the ways from a tensor to what is differentiated are cut, and what happens to its gradient afterwards.</summary>
internal sealed class GraphCuts
{
    private readonly Graph _graph;
    private readonly GraphFlow _flow;
    private readonly HashSet<GraphValue> _touched = new(ReferenceEqualityComparer.Instance);
    private readonly List<GraphCause> _all = [];
    private readonly HashSet<GraphOperation> _inFunctions;

    internal GraphCuts(Graph graph, GraphFlow flow)
    {
        (_graph, _flow) = (graph, flow);
        HashSet<GraphValue> leading = Leading();
        _inFunctions = InFunctions();
        List<GraphCause> cuts = [];
        _touched.Add(flow.Source.Values[0]);
        foreach (GraphOperation operation in graph.Operations)
        {
            if (operation.IsView || operation.Phase == GraphPhase.Update) continue;
            bool any = false;
            for (int i = 0; i < operation.Inputs.Count; i++)
            {
                if (operation.Inputs[i] is not { } x || !_touched.Contains(x.Value)) continue;
                any = true;
                if (operation.Phase != GraphPhase.Forward) continue;
                if (!_flow.IsAlive(x.Value))
                {
                    if (IsUnrecordedGradient(operation, i, x)
                        && operation.Results.OfType<GraphTensor>().Any(y => leading.Contains(y.Value)))
                        cuts.Add(new(operation, $"{operation.Name} ({GraphExplainer.Called(operation)}) gets {x.Name}, a gradient whose "
                            + "pass was not recorded: createGraph: true records it."));
                    continue;
                }
                // What a function of the user's computes is not recorded: its Backward says the gradient.
                if (_inFunctions.Contains(operation) || Why(operation, i, x) is not { } why) continue;
                var cut = new GraphCause(operation, why);
                _all.Add(cut);
                if (operation.Results.OfType<GraphTensor>().Any(y => leading.Contains(y.Value))) cuts.Add(cut);
            }
            if (!any) continue;
            foreach (GraphTensor y in operation.Results.OfType<GraphTensor>()) _touched.Add(y.Value);
            foreach (GraphValue changed in operation.Changes) _touched.Add(changed);
        }
        Cuts = cuts;
    }

    /// <summary>Those on a way to what is differentiated.</summary>
    internal IReadOnlyList<GraphCause> Cuts { get; }

    /// <summary>Why there is no gradient at all.</summary>
    internal IReadOnlyList<GraphCause> Missing(GraphMemory memory, bool requiresGrad)
    {
        if (!requiresGrad)
            return [new(null, $"{memory.Name} does not require grad (RequiresGrad is false), so nothing is recorded for it.")];
        if (_flow.From.IsForOthers && _flow.IsReached(memory.Values[0]))
            return
            [
                new(null, $"{memory.Name} leads to what is differentiated, but no backward pass was asked for it: Backward(inputs: …) "
                    + "names others."),
            ];
        if (Cuts.Count > 0) return Cuts;
        if (_flow.From.OwnCode.FirstOrDefault(code => code.Of is null) is { } own && _inFunctions.Overlaps(Readers()))
            return [new(null, $"{memory.Name} goes to the result through {own} whose Backward gives it no gradient.")];
        GraphOperation? first = _graph.Operations.FirstOrDefault(o =>
            o.Phase == GraphPhase.Forward && o.Inputs.Any(x => x is not null && ReferenceEquals(x.Value.Memory, memory)));
        if (first is null)
            return [new(null, $"{memory.Name} is not reached: no operation of the forward pass reads it. Is its layer called?")];
        if (_flow.Roots.Count == 0 && _flow.From.IsByFormula)
        {
            return
            [
                new(first, $"{memory.Name} is read by {GraphExplainer.Called(first)}, but no backward pass begins from what the "
                    + "graph computes."),
            ];
        }
        if (_all.Count > 0) return _all;
        GraphOperation last = _graph.Operations.Last(o =>
            o.Phase == GraphPhase.Forward && o.Results.OfType<GraphTensor>().Any(y => _touched.Contains(y.Value)));
        string roots = string.Join(", ", _flow.Roots.Select(root => root.Root.Name).Distinct());
        return
        [
            new(last, $"{memory.Name} is used, but what is computed from it, {GraphExplainer.Called(last)} in the end, does not "
                + $"lead to {roots}, which is differentiated."),
        ];
    }

    /// <summary>What the run does to the gradient besides the backward passes.</summary>
    internal IReadOnlyList<GraphCause> Afterwards(GraphMemory memory, bool isThere)
    {
        List<GraphCause> found = [.. Altered()];
        GraphMemory? gradient = _graph.Memories.FirstOrDefault(m => m.Role == GraphRole.Gradient && m.Name == memory.Name + ".grad");
        bool isCleared = _graph.Operations.Any(o => GraphRoots.IsClearing(o) && o.Changes.Any(c => ReferenceEquals(c.Memory, gradient)))
            || _graph.Cleared.ContainsKey(memory);
        if (isThere && gradient is not null && !isCleared)
            found.Add(new(null, $"{gradient.Name} was there before, and the passes add to it."));
        GraphGradient? last = _graph.Gradients.FirstOrDefault(g => ReferenceEquals(g.Leaf, memory));
        GraphMemory? left = last?.Value?.Value.Memory ?? gradient;
        foreach (GraphOperation operation in _graph.Operations)
            if (operation.Phase == GraphPhase.Forward && !GraphRoots.IsClearing(operation)
                && operation.Changes.Any(c => ReferenceEquals(c.Memory, left)))
                found.Add(new(operation, $"{GraphPrint.Text(operation)} changes it afterwards."));
        if (last?.Value is { Value.Version: 0, MadeBy: { Phase: GraphPhase.Forward } own } && isThere)
            found.Add(new(own, $"{own.Name} made what is assigned to {memory.Name}.Grad."));
        if (isThere && _flow.From.IsClearedAfter)
            found.Add(new(null, $"{memory.Name}.grad is cleared afterwards (ZeroGrad, Grad = null): none of it is left."));
        if (_flow.From.OwnCode.FirstOrDefault(c => c.IsAfterwards && ReferenceEquals(c.Of, memory)) is { } hook)
            found.Add(new(null, $"{hook}: what it does to {memory.Name}.grad then is no part of this."));
        return [.. found.DistinctBy(cause => cause.Text)];
    }

    /// <summary>Why the gradient is another one than what the terms sum to.</summary>
    internal string OwnCode(GraphMemory memory, double? byFormula, double? actual)
    {
        string sum = byFormula is { } f ? $"the formulas give {GraphText.Number(f)}" : "no formula leads to it";
        GraphOwnCode? hook = _flow.From.OwnCode.FirstOrDefault(code => ReferenceEquals(code.Of, memory));
        string who = hook is not null ? $"{hook} changes it"
            : string.Join(", ", _flow.From.OwnCode.Where(code => code.Of is null).Select(code => code.Name).Distinct())
                is { Length: > 0 } functions ? $"{functions} gives the rest" : "a hook on its way changes it";
        return $"{sum}, the pass {(actual is { } g ? GraphText.Number(g) : "none")}: {who}, by code that is not looked into.";
    }

    // Gradients on the way that hooks or functions changed.
    private IEnumerable<GraphCause> Altered() => _flow.Altered.Select(altered =>
    {
        GraphOwnCode? hook = _flow.From.OwnCode.FirstOrDefault(code => ReferenceEquals(code.Of, altered.Of.Value.Memory));
        string who = hook?.ToString() ?? string.Join(", ", _flow.From.OwnCode.Select(code => code.ToString().TrimEnd(',')).Distinct());
        return new GraphCause(altered.Of.MadeBy,
            $"{who}: the gradient of {altered.Of.Name} is {GraphText.Number(altered.After)} where formulas give "
            + $"{GraphText.Number(altered.Before)}; the terms are of what the pass went on with.");
    });

    private IEnumerable<GraphOperation> Readers() =>
        _graph.Operations.Where(o => o.Inputs.Any(x => x is not null && _touched.Contains(x.Value)));

    // What a pass made of the tensor, and that goes on as a number: PyTorch's create_graph is left out.
    private static bool IsUnrecordedGradient(GraphOperation operation, int input, GraphTensor x) =>
        operation.IsGradEnabled && x.MadeBy is { Phase: GraphPhase.Backward }
        && operation.Origins.ElementAtOrDefault(input).Start == GraphStart.None;

    // The operations that functions of the user's ran: not recorded, and what comes of them has a history with a function in it.
    private HashSet<GraphOperation> InFunctions()
    {
        var inside = new HashSet<GraphOperation>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<GraphValue>(_graph.Operations.SelectMany(o =>
            o.Inputs.Where((x, i) => x is not null && o.Origins.ElementAtOrDefault(i).Start == GraphStart.Function).Select(x => x!.Value)));
        // A function may be the end itself, which nothing reads.
        if (_flow.Roots.Count == 0 && !_flow.From.IsByFormula)
            foreach (GraphOperation operation in _graph.Operations)
                foreach (GraphTensor y in operation.Results.OfType<GraphTensor>())
                    if (operation is { Phase: GraphPhase.Forward, IsGradEnabled: false } && y.Value.ReadBy.Count == 0)
                        waiting.Push(y.Value);
        while (waiting.TryPop(out GraphValue? value))
        {
            if (value.MadeBy is not { Phase: GraphPhase.Forward, IsGradEnabled: false } made || !inside.Add(made)) continue;
            foreach (GraphTensor x in made.Inputs.OfType<GraphTensor>()) waiting.Push(x.Value);
        }
        return inside;
    }

    // What leads to a root, recorded or not.
    private HashSet<GraphValue> Leading()
    {
        var leading = new HashSet<GraphValue>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<GraphValue>(_flow.Roots.Select(root => root.Root.Value));
        while (waiting.TryPop(out GraphValue? value))
        {
            if (!leading.Add(value)) continue;
            if (value.Version > 0) waiting.Push(value.Memory.Values[value.Version - 1]);
            foreach (GraphTensor x in value.MadeBy?.Inputs.OfType<GraphTensor>() ?? []) waiting.Push(x.Value);
        }
        return leading;
    }

    private static string NoGradient(GraphOperation operation, string name) =>
        $"{operation.Name} gives {operation.Results.OfType<GraphTensor>().FirstOrDefault()?.DType} ({name}), which has no gradient.";

    private string? Why(GraphOperation operation, int input, GraphTensor x)
    {
        string name = GraphExplainer.Called(operation);
        if (_flow.IsWanted(operation, input))
            return operation.Results.OfType<GraphTensor>().All(y => !y.DType.IsFloatingPoint)
                ? NoGradient(operation, name) : null;
        if (operation.Results.OfType<GraphTensor>().All(y => !y.DType.IsFloatingPoint))
            return NoGradient(operation, name);
        if (!operation.IsGradEnabled) return $"{operation.Name} ({name}) runs where nothing is recorded: NoGrad() or InferenceMode().";
        GraphOrigin origin = operation.Origins.ElementAtOrDefault(input);
        if (origin.Start == GraphStart.Leaf)
            return $"{x.Name} begins anew as a leaf before {operation.Name} ({name}): it was detached, and requires grad of its own.";
        if (x.View is { IsGradEnabled: false } view)
            return $"{view.Name}, a view that {operation.Name} ({name}) reads, was taken where nothing is recorded: NoGrad().";
        if (x.MadeBy is { IsGradEnabled: false } made)
            return $"{made.Name} ({GraphExplainer.Called(made)}) runs where nothing is recorded: NoGrad() or InferenceMode().";
        string where = origin.Detached is { } line ? $", at {line}" : "";
        return $"{operation.Name} ({name}) gets {x.Name} detached from its history{where}: Detach().";
    }
}
