namespace Adjoint;

/// <summary>
/// The graph that was recorded behind a tensor, as an object: to print it, draw it, and follow its paths.
/// </summary>
/// <example><code>
/// Tensor a = Tensor.Scalar(3, requiresGrad: true), b = a * a, c = a * 4, L = b * c;
/// var graph = RecordedGraph.Of(L, ("a", a), ("b", b), ("c", c));
/// Console.Write(graph.ToTree());
/// foreach (var path in graph.Paths(a)) Console.WriteLine(path);        // … 12 · 3 = 36, and so on: their sum is dL/da
/// </code></example>
public sealed class RecordedGraph : IGraph<Node>
{
    private readonly Tensor _result;
    private readonly Dictionary<Node, string> _names = new(ReferenceEqualityComparer.Instance);
    private Dictionary<Node, double?[]>? _values;

    private RecordedGraph(Tensor result) => _result = result;

    /// <summary>The graph behind <paramref name="result"/>.</summary>
    /// <param name="result">A tensor that requires grad.</param>
    /// <param name="names">What to call some of the tensors in it, such as a module's <c>NamedParameters()</c>.</param>
    /// <exception cref="AutogradException">The tensor requires no grad, so nothing was recorded.</exception>
    public static RecordedGraph Of(Tensor result, params IReadOnlyList<(string Name, Tensor Tensor)> names)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(names);
        foreach ((string name, Tensor tensor) in names)
            if (name is null || tensor is null)
                throw new ArgumentNullException(nameof(names), "RecordedGraph: a name or its tensor is null.");
        if (result.GradientEdge.Node is not { } root)
            throw new AutogradException(
                $"RecordedGraph: the tensor of shape {result.Shape} does not require grad, so nothing was recorded behind it. "
                + "Compute it from a tensor made with requiresGrad: true, outside of NoGrad().");
        var graph = new RecordedGraph(result) { Nodes = InOrder(root) };
        foreach ((string name, Tensor tensor) in names)
            if (tensor.GradientEdge.Node is { } node) graph._names[node] = name;
        return graph;
    }

    /// <summary>The nodes, newest first; the leaves (<see cref="AccumulateGrad"/>) come last.</summary>
    public IReadOnlyList<Node> Nodes { get; private init; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<GraphEdge<Node>> Edges(Node node)
    {
        node.Given();
        var edges = new GraphEdge<Node>[node.InputCount];
        for (int i = 0; i < edges.Length; i++)
        {
            Edge edge = node.InputEdge(i);
            edges[i] = new(edge.Node, edge.InputNr);
        }
        return edges;
    }

    /// <summary>The node's name, with that of its tensor if there is one: <c>&lt;AccumulateGrad&gt; fc1.bias [5]</c>.</summary>
    public string Label(Node node)
    {
        node.Given();
        string name = _names.TryGetValue(node, out string? given) ? " " + given : "";
        string shape = node is AccumulateGrad { Variable.NDim: > 0 } leaf ? $" {leaf.Variable.Shape}" : "";
        return $"{node}{name}{shape}";
    }

    /// <inheritdoc/>
    /// <remarks>It is what the node's own rule makes of a gradient of 1, the first time for all nodes at once.</remarks>
    /// <exception cref="AutogradException">The graph was freed by a backward pass.</exception>
    public double? Value(Node node, int input)
    {
        node.Given();
        _values ??= LocalDerivatives();
        return _values.TryGetValue(node, out double?[]? values) ? values[input] : null;
    }

    /// <summary>
    /// Every path from the result to the node behind <paramref name="tensor"/>; there may be very many, so they are found as they are
    /// asked for.
    /// </summary>
    /// <param name="tensor">A tensor that the result was computed from.</param>
    /// <exception cref="ArgumentException">The result does not depend on it.</exception>
    /// <exception cref="AutogradException">
    /// It does not require grad, the graph was freed by a backward pass, or hooks are on the way, of a tensor, a node or a module: what
    /// they do to gradients is C# that no local derivative says.
    /// </exception>
    public IEnumerable<GraphPath<Node>> Paths(Tensor tensor) => Paths(NodeHere(tensor.Given()));

    /// <summary>Every path from the result to a node.</summary>
    /// <param name="to">A node of this graph.</param>
    /// <exception cref="ArgumentException">It is no node of the graph.</exception>
    /// <exception cref="AutogradException">The graph was freed by a backward pass, or hooks are on the way.</exception>
    public IEnumerable<GraphPath<Node>> Paths(Node to)
    {
        foreach (Node node in GraphPaths.LeadingTo(this, to.Given()))
            RefuseHooks("Paths", node);
        return GraphPaths.Paths(this, to);
    }

    /// <summary>How many paths lead from the result to the node behind <paramref name="tensor"/>, without walking them.</summary>
    /// <param name="tensor">A tensor that the result was computed from.</param>
    /// <exception cref="ArgumentException">The result does not depend on it.</exception>
    /// <exception cref="AutogradException">It does not require grad.</exception>
    public double CountPaths(Tensor tensor) => this.CountPaths(NodeHere(tensor.Given()));

    /// <summary>
    /// What one path alone contributes to the gradient of the tensor it ends at, also where its edges are no single numbers: the
    /// gradient of the result is handed from node to node. The sum over all paths is the gradient.
    /// </summary>
    /// <param name="path">A path of this graph.</param>
    /// <param name="gradient">The gradient of the result; may be left out if that is a single number (1).</param>
    /// <returns>The contribution; null where it is zero because a node passes nothing on.</returns>
    /// <exception cref="AutogradException">
    /// The graph was freed, hooks are on the way, or the result is no single number and no gradient is given.
    /// </exception>
    public Tensor? Along(GraphPath<Node> path, Tensor? gradient = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        foreach (Node node in path.Nodes) RefuseHooks("Along", node);
        if (gradient is null && _result.NumEl != 1)
            throw new AutogradException(
                $"Along: the result has {_result.NumEl} elements (shape {_result.Shape}), so its gradient must be given.");
        using GradScope _ = Autograd.NoGrad();
        Tensor? g = gradient ?? Ones(_result);
        int output = _result.OutputNr;
        for (int i = 0; i < path.Inputs.Count && g is not null; i++)
        {
            Node node = path.Nodes[i];
            var gradients = new Tensor?[node.OutputCount];
            gradients[output] = g;
            g = node.Call(gradients)[path.Inputs[i]];
            output = node.InputEdge(path.Inputs[i]).InputNr;
        }
        return g;
    }

    /// <summary>Sends ones through the graph, newest node first, to learn the shapes, and reads off what becomes of a single one.</summary>
    private Dictionary<Node, double?[]> LocalDerivatives()
    {
        using GradScope _ = Autograd.NoGrad();
        var values = new Dictionary<Node, double?[]>(ReferenceEqualityComparer.Instance);
        var arriving = new Dictionary<Node, Tensor?[]>(ReferenceEqualityComparer.Instance);
        Arrive(Nodes[0], _result.OutputNr, Ones(_result));
        foreach (Node node in Nodes)
        {
            if (node is AccumulateGrad || !arriving.Remove(node, out Tensor?[]? gradients)) continue;
            // A backward hook of a module hands on what it gets, but for what C# makes of it, which is not asked here.
            Tensor?[] results = IsModuleHook(node) ? gradients : node.Call(gradients);
            bool number = gradients is [{ NumEl: 1 }];
            values[node] = [.. results.Select(g => number && g is { NumEl: 1 } ? g.Item() : (double?)null)];
            for (int i = 0; i < results.Length; i++)
                if (node.InputEdge(i) is { Node: { } next } edge && results[i] is { } g) Arrive(next, edge.InputNr, Ones(g));
        }
        return values;

        void Arrive(Node node, int output, Tensor ones)
        {
            if (!arriving.TryGetValue(node, out Tensor?[]? gradients)) arriving[node] = gradients = new Tensor?[node.OutputCount];
            gradients[output] = ones;
        }
    }

    /// <summary>Hooks may give another gradient back, so that it is no sum over paths; and they are to see none that no pass has.</summary>
    private void RefuseHooks(string called, Node node)
    {
        string? hook = IsModuleHook(node) ? "a backward hook of a module" : node.Extras is { ChangesGradients: true } ? "a hook" : null;
        if (hook is not null)
            throw new AutogradException(
                $"{called}: {hook} is on the way, at {Label(node)}, and what it does to gradients is C# that no local derivative says. "
                + "Remove it (the handle's Remove()) and compute the result again, or ask Graph.Explain, which takes gradients as a pass "
                + "had them.");
    }

    private static bool IsModuleHook(Node node) => node.Name == GraphCapture.ModuleHook;

    private Node NodeHere(Tensor tensor) => NodeOf(tensor) is var node && Nodes.Contains(node, ReferenceEqualityComparer.Instance) ? node
        : throw new ArgumentException(
            $"Paths: the tensor of shape {tensor.Shape} is not in this graph; the result does not depend on it.", nameof(tensor));

    private static Node NodeOf(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.GradientEdge.Node
            ?? throw new AutogradException($"Paths: the tensor of shape {tensor.Shape} does not require grad, so no path leads to it.");
    }

    private static Tensor Ones(Tensor like) => Tensor.Ones(like.Shape, like.DType);

    /// <summary>All nodes below a root; newer ones have larger numbers, and a consumer is always newer. See Note [Newest first].</summary>
    private static IReadOnlyList<Node> InOrder(Node root)
    {
        var found = new List<Node> { root };
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance) { root };
        for (int n = 0; n < found.Count; n++)
            for (int i = 0; i < found[n].InputCount; i++)
                if (found[n].InputEdge(i).Node is { } next && seen.Add(next)) found.Add(next);
        return [.. found.OrderByDescending(node => node.Sequence)];
    }
}
