namespace Adjoint;

/// <summary>The paths of a graph.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static class GraphPaths
{
    extension<TNode>(IGraph<TNode> graph) where TNode : class
    {
        /// <summary>
        /// Every path from the result to <paramref name="to"/>, one after the other. There may be very many (sixty doublings have
        /// 2⁶⁰), so they are found as they are asked for: take what is needed.
        /// </summary>
        /// <param name="to">Where the paths end.</param>
        /// <exception cref="ArgumentException">It is no node of the graph.</exception>
        /// <exception cref="AutogradException">The graph was freed by a backward pass, so its local derivatives are gone.</exception>
        public IEnumerable<GraphPath<TNode>> Paths(TNode to)
        {
            graph.Given();
            to.Given();
            HashSet<TNode> leading = LeadingTo(graph, to);
            return Walk(graph, to, leading);
        }

        /// <summary>How many paths lead from the result to <paramref name="to"/>, without walking them.</summary>
        /// <param name="to">Where the paths end.</param>
        /// <exception cref="ArgumentException">It is no node of the graph.</exception>
        public double CountPaths(TNode to)
        {
            graph.Given();
            RequireNode(graph, to.Given());
            var counts = new Dictionary<TNode, double>(ReferenceEqualityComparer.Instance) { [graph.Nodes[0]] = 1 };
            foreach (TNode node in graph.Nodes)
                foreach (GraphEdge<TNode> edge in graph.Edges(node))
                    if (edge.To is { } next) counts[next] = counts.GetValueOrDefault(next) + counts.GetValueOrDefault(node);
            return counts.GetValueOrDefault(to);
        }
    }

    private static IEnumerable<GraphPath<TNode>> Walk<TNode>(IGraph<TNode> graph, TNode to, HashSet<TNode> leading) where TNode : class
    {
        // The nodes of the path so far, and which input of each is tried.
        var nodes = new List<TNode> { graph.Nodes[0] };
        var inputs = new List<int> { 0 };
        while (nodes.Count > 0)
        {
            TNode node = nodes[^1];
            IReadOnlyList<GraphEdge<TNode>> edges = graph.Edges(node);
            bool arrived = ReferenceEquals(node, to);
            if (arrived) yield return PathOf(graph, nodes, inputs);
            if (!arrived && inputs[^1] < edges.Count)
            {
                if (edges[inputs[^1]].To is { } next && leading.Contains(next))
                {
                    nodes.Add(next);
                    inputs.Add(0);
                }
                else
                {
                    inputs[^1]++;
                }
                continue;
            }
            nodes.RemoveAt(nodes.Count - 1);
            inputs.RemoveAt(inputs.Count - 1);
            if (inputs.Count > 0) inputs[^1]++;
        }
    }

    private static GraphPath<TNode> PathOf<TNode>(IGraph<TNode> graph, List<TNode> nodes, List<int> inputs) where TNode : class => new(
        [.. nodes], [.. inputs.SkipLast(1)], [.. nodes.Select(graph.Label)],
        [.. nodes.SkipLast(1).Select((node, i) => graph.Value(node, inputs[i]))]);

    /// <summary>The nodes from which <paramref name="to"/> can be reached, so that no dead end is entered.</summary>
    internal static HashSet<TNode> LeadingTo<TNode>(IGraph<TNode> graph, TNode to) where TNode : class
    {
        RequireNode(graph, to);
        var leading = new HashSet<TNode>(ReferenceEqualityComparer.Instance) { to };
        foreach (TNode node in graph.Nodes.Reverse())
            if (graph.Edges(node).Any(edge => edge.To is { } next && leading.Contains(next))) leading.Add(node);
        return leading;
    }

    private static void RequireNode<TNode>(IGraph<TNode> graph, TNode to) where TNode : class
    {
        if (!graph.Nodes.Any(node => ReferenceEquals(node, to)))
            throw new ArgumentException(
                $"Paths: {graph.Label(to)} is no node of this graph; the result does not depend on it.", nameof(to));
    }
}
