namespace Adjoint;

/// <summary>Where the gradient of a tensor comes from: the backward passes that add to it, or the result that is differentiated.</summary>
internal sealed class GraphRoots
{
    private readonly List<GraphPassMet> _met = [];
    private readonly int _end = -1;

    internal GraphRoots(Graph graph, GraphMemory memory, Tensor? leaf)
    {
        (Memory, Leaf) = (memory, leaf is { RequiresGrad: true, IsLeaf: true } ? leaf : memory.Tensor);
        List<int> cleared = Clearings(graph, memory);
        GraphPass[] passes = [];
        // What is cleared at the end of a step was there for the step.
        for (int i = cleared.Count - 1; i > 0 && passes.Length == 0; i--)
            passes = [.. graph.Passes.Where(pass => pass.At >= cleared[i - 1] && pass.At < cleared[i])];
        IsClearedAfter = passes.Length > 0 && cleared.Exists(at => at != int.MaxValue && at > passes.Max(pass => pass.At));
        // A pass that answers a question may be on the way to a loss that is returned.
        bool answers = graph.Passes.Count > 0 && graph.Passes.All(pass => pass.IsAsked);
        bool returns = graph.Outputs.Count > 0 && graph.Outputs[0] is { Shape.NumEl: 1, DType.IsFloatingPoint: true };
        if (graph.Passes.Count > 0 && !(answers && returns))
        {
            if (!answers)
            {
                passes = [.. passes.Where(pass => !pass.IsAsked)];
                // A pass may be run for some of the leaves only.
                GraphPass[] adding = [.. passes.Where(pass => pass.Met.Gradients.Exists(IsAdded))];
                IsForOthers = passes.Length > 0 && adding.Length == 0;
                if (adding.Length > 0) passes = adding;
            }
            Roots = [.. passes.Where(pass => pass.Root is not null).Select(pass => (pass.Root!, (GraphTensor?)pass.Seed))];
            _met = [.. passes.Select(pass => pass.Met).Distinct()];
            _end = passes.Select(pass => pass.At - 1).DefaultIfEmpty(-1).Max();
            return;
        }
        if (graph.Outputs.Count == 0)
            throw new GraphException(
                "Explain: the graph neither runs a backward pass nor returns anything, so there is no gradient. Capture the function "
                + "with loss.Backward() in it, or return the loss.");
        if (graph.Outputs[0] is not { Shape.NumEl: 1, DType.IsFloatingPoint: true } result)
            throw new GraphException(
                $"Explain: {graph.Outputs[0]}, which the graph returns, is not a single number that could be differentiated. Return the "
                + "loss, or run its backward pass in the function.");
        if (graph.OwnCode.Count > 0)
            throw new GraphException(
                $"Explain: {graph.OwnCode[0]} is on the way back from {result.Name}, and what it does no formula says: only a backward "
                + "pass in the function shows it. Capture the function with loss.Backward() in it.");
        Roots = [(result, null)];
    }

    /// <summary>The tensor.</summary>
    internal GraphMemory Memory { get; }

    /// <summary>Where the backward passes begin, and what with: null stands for ones.</summary>
    internal IReadOnlyList<(GraphTensor Root, GraphTensor? Seed)> Roots { get; }

    /// <summary>The leaf in it.</summary>
    internal Tensor? Leaf { get; }

    /// <summary>Whether no pass added anything to its gradient.</summary>
    internal bool IsForOthers { get; }

    /// <summary>Whether the gradient is let go, or set to 0, after the last of the passes.</summary>
    internal bool IsClearedAfter { get; }

    /// <summary>Hooks, and functions of the user's, that the passes met.</summary>
    internal IEnumerable<GraphOwnCode> OwnCode => _met.SelectMany(met => met.OwnCode).Distinct();

    /// <summary>Whether the gradients are what formulas say: no code of the user's stands in the way.</summary>
    internal bool IsByFormula => _met.TrueForAll(met => met.IsByFormula);

    /// <summary>The number of the last operation that gradients may come back through.</summary>
    internal int Last => IsByFormula ? Roots.Select(root => root.Root.MadeBy?.Index ?? -1).DefaultIfEmpty(-1).Max() : _end;

    /// <summary>Gradients that are taken as the passes had them, where they are not by formula.</summary>
    internal IEnumerable<GraphTensor> Given => IsByFormula ? [] : _met.SelectMany(met => met.Gradients).Select(g => g.Gradient);

    /// <summary>Those of a value.</summary>
    internal IEnumerable<GraphTensor> GradientsOf(GraphValue value) => _met.SelectMany(met => met.Gradients)
        .Where(g => g.Leaf is null && ReferenceEquals(g.Of.Value, value)).Select(g => g.Gradient);

    /// <summary>What the passes added to the gradient of the tensor, each with how it shows the memory.</summary>
    internal IEnumerable<(GraphTensor Leaf, GraphTensor Gradient)> Added => _met.SelectMany(met => met.Gradients)
        .Where(IsAdded).Select(g => (g.Of, g.Gradient));

    private bool IsAdded((GraphTensor Of, GraphTensor Gradient, Tensor? Leaf) met) =>
        met.Leaf is not null && (Leaf is { RequiresGrad: true, IsLeaf: true } ? ReferenceEquals(met.Leaf, Leaf)
            : ReferenceEquals(met.Of.Value.Memory, Memory));

    /// <summary>Whether an operation sets what it changes to 0.</summary>
    internal static bool IsClearing(GraphOperation operation) => operation.Name == "zero_"
        || operation.Name == "fill_" && operation.Inputs.ElementAtOrDefault(1)?.Value is { } value
            && (value.Memory is { Role: GraphRole.Number, Tensor: { } number } ? number.AsNumber.ToDouble() == 0
                : value.MadeBy is { Name: "full" } full && full.Attributes.GetValueOrDefault("fill_value") is Number filled
                    && filled.ToDouble() == 0);

    // The places in the order of operations where the gradient was let go or set to 0, with the ends.
    private static List<int> Clearings(Graph graph, GraphMemory memory)
    {
        List<int> cleared = [0, .. graph.Cleared.GetValueOrDefault(memory) ?? [], int.MaxValue];
        GraphMemory? gradient = graph.Gradients.FirstOrDefault(g => ReferenceEquals(g.Leaf, memory))?.Value?.Value.Memory;
        foreach (GraphOperation zero in graph.Operations)
            if (IsClearing(zero)
                && zero.Changes.Any(c => c.Memory.Name == memory.Name + ".grad" || ReferenceEquals(c.Memory, gradient)))
                cleared.Add(zero.Index);
        cleared.Sort();
        return cleared;
    }
}
