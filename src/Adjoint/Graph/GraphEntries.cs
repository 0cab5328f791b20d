using System.Globalization;

namespace Adjoint;

/// <summary>One number in a run of a <see cref="Graph"/>: an element of a value.</summary>
public sealed class GraphEntry
{
    internal GraphEntry(GraphValue value, int place, string name, double number) =>
        (Value, Place, Name, Number) = (value, place, name, number);

    /// <summary>The value it is an element of.</summary>
    public GraphValue Value { get; }

    /// <summary>Which element of the memory it is.</summary>
    public int Place { get; }

    /// <summary>The name of the value with the index: <c>w[0, 2]</c>; of a single number the name alone.</summary>
    public string Name { get; }

    /// <summary>The number itself.</summary>
    public double Number { get; }

    /// <summary>The operation that made it; null for what the run found.</summary>
    public GraphOperation? MadeBy => Value.MadeBy;

    /// <summary><c>w[0, 2] = 0.5</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} = {Number:G7}");

    internal List<(GraphEntry To, double Factor)> Edges { get; } = [];
}

/// <summary>
/// The numbers that one number of a <see cref="Graph"/> is computed from, down to what a run finds, each edge with its local derivative:
/// what <see cref="GraphPaths.Paths"/>, <see cref="GraphText.ToTree"/> and <see cref="GraphText.ToDot"/> read.
/// </summary>
/// <remarks>
/// The forward operations run once, on copies; an operation's local derivatives are its own gradients for 1 at one element of its result.
/// What has the derivative 0 there is no edge, unless it is all that an element is computed from (a dead ReLU), or unless 0 times a
/// gradient that is not finite makes a NaN.
/// </remarks>
public sealed class GraphEntries : IGraph<GraphEntry>
{
    /// <summary>So many numbers at most are followed: every path of a large network is nothing to read.</summary>
    public const int Most = 100_000;

    private readonly Graph _graph;
    private readonly GraphRun _run;
    private readonly Dictionary<(GraphValue, int), GraphEntry> _entries = [];
    private readonly Dictionary<GraphOperation, LocalDerivatives> _derivatives = new(ReferenceEqualityComparer.Instance);

    internal GraphEntries(Graph graph, GraphTensor of, ReadOnlySpan<int> index)
    {
        _graph = graph;
        int last = of.MadeBy?.Index ?? -1;
        _run = GraphRun.Looking(graph, operation => operation.Phase == GraphPhase.Forward && operation.Index <= last);
        Result = Entry(of.Value, GraphPlaces.Of(of, index));
        // The latest first: then all that a number goes to is known, and so what its gradient is.
        var waiting = new PriorityQueue<GraphEntry, int>([(Result, -last)]);
        var seen = new HashSet<GraphEntry>(ReferenceEqualityComparer.Instance) { Result };
        var sums = new Dictionary<GraphEntry, double>(ReferenceEqualityComparer.Instance) { [Result] = 1 };
        while (waiting.TryDequeue(out GraphEntry? entry, out _))
        {
            double sum = sums[entry];
            Follow(entry, sum);
            foreach ((GraphEntry to, double factor) in entry.Edges)
            {
                sums[to] = sums.GetValueOrDefault(to) + sum * factor;
                if (seen.Add(to)) waiting.Enqueue(to, -(to.MadeBy?.Index ?? -1));
            }
            if (seen.Count > Most)
                throw new GraphException(
                    $"{Result.Name}: is computed from more than {Most:N0} numbers, which nobody reads. Look at one example, or at an "
                    + "element of a later or smaller value.");
        }
        Nodes = [.. seen.OrderByDescending(entry => entry.MadeBy?.Index ?? -1)];
    }

    /// <summary>The number that all of it leads to.</summary>
    public GraphEntry Result { get; }

    /// <summary>All numbers, the result first.</summary>
    public IReadOnlyList<GraphEntry> Nodes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<GraphEdge<GraphEntry>> Edges(GraphEntry node) =>
        [.. node.Given().Edges.Select(edge => new GraphEdge<GraphEntry>(edge.To, 0))];

    /// <inheritdoc/>
    public string Label(GraphEntry node) => node.Given().ToString();

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The number is computed from fewer.</exception>
    public double? Value(GraphEntry node, int input)
    {
        node.Given();
        return input >= 0 && input < node.Edges.Count ? node.Edges[input].Factor
            : throw new ArgumentOutOfRangeException(
                nameof(input), input, $"Value: {node.Name} is computed from {node.Edges.Count} numbers, so there is no input {input}.");
    }

    /// <summary>
    /// The element of a parameter, an input or another tensor from outside; null if the result does not depend on it. Leaves that lie in
    /// one memory are the same numbers.
    /// </summary>
    /// <param name="name">Its name, see <see cref="GraphMemory.Name"/>.</param>
    /// <param name="index">Which element.</param>
    /// <exception cref="ArgumentException">The graph has nothing of that name.</exception>
    /// <exception cref="TensorIndexException">There is no such element.</exception>
    public GraphEntry? Find(string name, params ReadOnlySpan<int> index)
    {
        GraphMemory memory = _graph.Find(name)
            ?? throw new ArgumentException(
                $"The graph has no memory named {name}; it has "
                + $"{string.Join(", ", _graph.Memories.Where(m => m.Role != GraphRole.Number).Take(20))}.", nameof(name));
        int place = memory.Tensor is { } tensor ? GraphPlaces.Of(tensor.Shape, tensor.Strides, tensor.Offset, index, name)
            : GraphPlaces.Of([memory.Length], [1], 0, index, name);
        return memory.Values.Select(value => _entries.GetValueOrDefault((value, place)))
            .LastOrDefault(entry => entry is not null && Nodes.Contains(entry));
    }

    /// <summary>
    /// Every path from the result to a number, one after the other: the sum of their products is the derivative. There may be very many, so
    /// they are found as they are asked for.
    /// </summary>
    /// <param name="to">A number among <see cref="Nodes"/>.</param>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    /// <exception cref="GraphException">A hook or a function of your own is on the way, which no product of numbers says.</exception>
    public IEnumerable<GraphPath<GraphEntry>> Paths(GraphEntry to)
    {
        to.Given();
        RefuseOwnCode("Paths");
        return GraphPaths.Paths(this, to);
    }

    /// <summary>The derivative of the result by a number in it: the sum over all paths of the products of their edges.</summary>
    /// <param name="entry">A number among <see cref="Nodes"/>.</param>
    /// <exception cref="GraphException">A hook or a function of your own is on the way, which no product of numbers says.</exception>
    public double Derivative(GraphEntry entry)
    {
        entry.Given();
        RefuseOwnCode("Derivative");
        var sums = new Dictionary<GraphEntry, double>(ReferenceEqualityComparer.Instance) { [Result] = 1 };
        foreach (GraphEntry node in Nodes)
        {
            if (!sums.TryGetValue(node, out double sum)) continue;
            foreach ((GraphEntry to, double factor) in node.Edges) sums[to] = sums.GetValueOrDefault(to) + sum * factor;
        }
        return sums.GetValueOrDefault(entry);
    }

    // What changes gradients on their way, where it concerns these numbers: then the sum over the paths is not the gradient.
    private void RefuseOwnCode(string called)
    {
        var memories = new HashSet<GraphMemory>(Nodes.Select(entry => entry.Value.Memory), ReferenceEqualityComparer.Instance);
        GraphOwnCode? own = _graph.OwnCode.Concat(_graph.OwnCodeElsewhere).Concat(_graph.Passes.SelectMany(pass => pass.Met.OwnCode))
            .FirstOrDefault(code => !code.IsAfterwards && (code.Of is null || memories.Contains(code.Of)));
        if (own is not null)
            throw new GraphException(
                $"{called}: {own.ToString().TrimEnd(',')} is on the way back from {Result.Name}, and what it does to gradients is C# that "
                + "no product of numbers says. Remove it (the handle's Remove()) and capture again, or ask Graph.Explain, which takes "
                + "gradients as a pass had them.");
    }

    private void Follow(GraphEntry entry, double gradient)
    {
        if (entry.MadeBy is not { Phase: GraphPhase.Forward } made) return;
        GraphTensor? y = made.Results.OfType<GraphTensor>().FirstOrDefault(r => ReferenceEquals(r.Value, entry.Value));
        int at = y is null ? -1 : GraphPlaces.IndexAt(y, entry.Place);
        if (at < 0)
        {
            // A change in place elsewhere in the same memory.
            if (entry.Value.Version > 0) entry.Edges.Add((Entry(entry.Value.Memory.Values[entry.Value.Version - 1], entry.Place), 1));
            return;
        }
        if (!_derivatives.TryGetValue(made, out LocalDerivatives? derivatives))
            _derivatives[made] = derivatives = LocalDerivatives.Of(made, _run);
        foreach ((GraphTensor x, int index, double factor) in derivatives.At(y!, at, gradient))
            entry.Edges.Add((Entry(x.Value, GraphPlaces.PlaceOf(x, index)), factor));
    }

    private GraphEntry Entry(GraphValue value, int place)
    {
        if (_entries.TryGetValue((value, place), out GraphEntry? known)) return known;
        (string index, double number) = GraphPlaces.Describe(value, place, _run);
        return _entries[(value, place)] = new GraphEntry(value, place, value + index, number);
    }
}

public sealed partial class Graph
{
    /// <summary>The numbers that an element of a tensor is computed from, with the local derivatives between them.</summary>
    /// <param name="of">The tensor; by default what the function returns first, or the last that it computes before a backward
    /// pass.</param>
    /// <param name="index">Which element; left out for a single number.</param>
    /// <exception cref="GraphException">It is computed from more numbers than anybody reads, or the graph computes nothing.</exception>
    /// <example><code>
    /// Tensor a = Tensor.Scalar(3, requiresGrad: true);
    /// GraphEntries entries = Graph.Capture(() => a * a * (a * 4)).Entries();
    /// foreach (var path in entries.Paths(entries.Find("a")!)) Console.WriteLine(path);      // … 12 · 3 = 36, and so on
    /// Console.WriteLine(entries.Derivative(entries.Find("a")!));                             // 108
    /// </code></example>
    public GraphEntries Entries(GraphTensor? of = null, params ReadOnlySpan<int> index) =>
        new(this, of ?? GraphDrawing.Result(this) ?? throw new GraphException("Entries: the graph computes nothing."), index);
}
