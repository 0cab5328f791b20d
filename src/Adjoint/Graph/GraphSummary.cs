using System.Globalization;
using System.Text;

namespace Adjoint;

/// <summary>What a run of a <see cref="Graph"/> takes.</summary>
/// <param name="Operations">How many operations compute something, views not counted, in each phase.</param>
/// <param name="Parameters">How many elements the parameters have.</param>
/// <param name="Flops">How many additions and multiplications, of the operations of which that is known.</param>
/// <param name="Uncounted">Operations whose work is not known, each name once: they count as nothing above.</param>
/// <param name="SavedBytes">What the forward phase makes and later phases read: what is kept for the backward pass.</param>
/// <param name="PeakBytes">The most that results take at one time, when each is given up after its last use.</param>
/// <param name="PeakAt">The operation at which they take the most.</param>
public sealed record GraphSummary(
    IReadOnlyDictionary<GraphPhase, int> Operations, long Parameters, long Flops, IReadOnlyList<string> Uncounted, long SavedBytes,
    long PeakBytes,
    GraphOperation? PeakAt)
{
    /// <summary>How many operations, by phase.</summary>
    public IReadOnlyDictionary<GraphPhase, int> Operations { get; init; } = Operations.Given();

    /// <summary>Names of operations whose work is not counted.</summary>
    public IReadOnlyList<string> Uncounted { get; init; } = Uncounted.Given();

    /// <summary>A line for each figure.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("operations  ")
            .Append(string.Join(", ",
                Operations.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Value} {o.Key.ToString().ToLowerInvariant()}"))))
                .Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"parameters  {Parameters:N0}\n");
        text.Append(CultureInfo.InvariantCulture, $"FLOPs       {Flops:N0}");
        if (Uncounted.Count > 0) text.Append(" and those of ").Append(string.Join(", ", Uncounted));
        text.Append(CultureInfo.InvariantCulture, $"\nsaved       {ByteCount.Text(SavedBytes)} for the backward pass\n");
        text.Append(CultureInfo.InvariantCulture, $"peak        {ByteCount.Text(PeakBytes)} of results{(PeakAt is null ? "" : $", at {PeakAt.Name} (operation {PeakAt.Index})")}\n");
        return text.ToString();
    }
}

/// <summary>Counts what a run of a <see cref="Graph"/> takes.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static class GraphCost
{
    extension(Graph graph)
    {
        /// <summary>Operations, parameters, FLOPs, bytes that are kept for the backward pass, and the most memory at one time.</summary>
        /// <example><code>
        /// Tensor w = Tensor.Ones([3, 4], requiresGrad: true), x = Tensor.Ones([2, 3]);
        /// Console.WriteLine(Graph.Capture(x => x.MatMul(w), x).Summary().Flops);      // 48
        /// </code></example>
        public GraphSummary Summary()
        {
            graph.Given();
            List<GraphOperation> work = [.. graph.Operations.Where(operation => !operation.IsView)];
            long flops = 0;
            var uncounted = new SortedSet<string>(StringComparer.Ordinal);
            foreach (GraphOperation operation in work)
            {
                if (Flops(operation) is { } count) flops += count;
                else uncounted.Add(operation.Name);
            }
            long saved = graph.Memories.Where(IsSaved).Sum(memory => memory.Bytes);
            (long peak, GraphOperation? at) = Peak(graph);
            return new GraphSummary(work.GroupBy(o => o.Phase).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Count()),
                graph.Parameters.Sum(p => (long)(p.Tensor?.NumEl ?? p.Length)), flops, [.. uncounted], saved, peak, at);
        }
    }

    private static bool IsSaved(GraphMemory memory) =>
        memory.Role == GraphRole.Result && memory.Values[0].MadeBy is { Phase: GraphPhase.Forward }
        && memory.Values.Any(value => value.ReadBy.Any(by => by.Phase != GraphPhase.Forward));

    private static (long Bytes, GraphOperation? At) Peak(Graph graph)
    {
        var last = new Dictionary<GraphMemory, int>(ReferenceEqualityComparer.Instance);
        foreach (GraphOperation operation in graph.Operations)
            foreach (GraphTensor tensor in All(operation)) last[tensor.Value.Memory] = operation.Index;
        foreach (GraphTensor kept in graph.Outputs.Concat(graph.Gradients.Select(g => g.Value).OfType<GraphTensor>()))
            last[kept.Value.Memory] = int.MaxValue;
        ILookup<int, GraphMemory> ends = last.Where(l => l.Key.Role == GraphRole.Result).ToLookup(l => l.Value, l => l.Key);
        var there = new HashSet<GraphMemory>(ReferenceEqualityComparer.Instance);
        long now = 0, peak = 0;
        GraphOperation? at = null;
        foreach (GraphOperation operation in graph.Operations)
        {
            foreach (GraphTensor tensor in All(operation))
                if (tensor.Value.Memory is { Role: GraphRole.Result } memory && there.Add(memory)) now += memory.Bytes;
            if (now > peak) (peak, at) = (now, operation);
            foreach (GraphMemory memory in ends[operation.Index]) now -= memory.Bytes;
        }
        return (peak, at);
    }

    private static IEnumerable<GraphTensor> All(GraphOperation operation) =>
        operation.Inputs.Concat(operation.Results).OfType<GraphTensor>().Concat(operation.Saved.Select(s => s.Tensor));

    // Two for each multiplication with addition of a product, one for each element of what is computed element by element.
    private static long? Flops(GraphOperation operation)
    {
        GraphTensor? y = operation.Results.OfType<GraphTensor>().FirstOrDefault(),
            x = operation.Inputs.OfType<GraphTensor>().FirstOrDefault();
        long results = operation.Results.OfType<GraphTensor>().Sum(r => (long)r.Shape.NumEl);
        string name = operation.Name.TrimEnd('_');
        if (y is null) return 0;
        if (name is "mm" or "bmm" && x is not null)
            return 2 * results * x.Shape[operation.Attributes.GetValueOrDefault("transpose_self") is true ? -2 : -1];
        if (name is "addmm" or "linear" or "linear_relu" && operation.Inputs.Count > 1 && operation.Inputs[1] is { } a)
            return 2 * results * a.Shape[-1] + results;
        if (name is "mv" or "dot" && x is not null) return 2L * x.Shape.NumEl;
        if (s_moving.Contains(name)) return 0;
        if (s_reductions.Contains(name)) return x?.Shape.NumEl ?? 0;
        bool elementwise = ElementWise.Value.Contains(name)
            || (name.EndsWith("_backward", StringComparison.Ordinal) && ElementWise.Value.Contains(name[..^9]));
        return elementwise ? results : null;
    }

    private static readonly Lazy<HashSet<string>> ElementWise =
        new(() => [.. OpTable.ElementWise.Select(row => row.Name), "lt", "le", "gt", "ge", "eq", "ne", "where"]);

    private static readonly HashSet<string> s_moving = [
        "clone", "copy", "full", "zeros", "empty", "fill", "zero", "cat", "stack", "expand", "to_copy", "index", "index_select", "gather",
        "embedding", "flip", "masked_fill",
        "checked_index", "arange", "select_backward", "slice_backward",
    ];

    private static readonly HashSet<string> s_reductions = ["sum", "mean", "amax", "amin", "max", "min", "prod", "any", "all"];
}
