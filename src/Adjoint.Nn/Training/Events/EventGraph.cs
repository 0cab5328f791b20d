namespace Adjoint.Training;

/// <summary>A recorded graph as TensorFlow's <c>GraphDef</c>: a node for each operation, from the leaves to the result.</summary>
internal static class EventGraph
{
    private const int Producer = 22;

    /// <summary>Writes the graph into a message of its own.</summary>
    public static void Write(ProtoWriter message, RecordedGraph graph)
    {
        var names = new Dictionary<Node, string>();
        foreach (Node node in graph.Nodes) names[node] = Name(graph, node, names.Count);
        foreach (Node node in graph.Nodes)
        {
            message.Message(1, n =>
            {
                n.Text(1, names[node]);
                n.Text(2, node.Name);
                foreach (GraphEdge<Node> edge in graph.Edges(node))
                    if (edge.To is { } to && names.TryGetValue(to, out string? input)) n.Text(3, input);
                // What cannot be seen in the name: the shape of a parameter.
                n.Message(5, attribute =>
                {
                    attribute.Text(1, "label");
                    attribute.Message(2, value => value.Text(2, graph.Label(node)));
                });
            });
        }
        message.Message(4, versions => versions.Int(1, Producer));
    }

    // TensorBoard groups by what stands before a slash: fc1.weight belongs to fc1.
    private static string Name(RecordedGraph graph, Node node, int number)
    {
        string label = graph.Label(node), name = node.Name;
        if (node is AccumulateGrad)
        {
            string[] parts = label.Split(' ');
            if (parts.Length > 1 && !parts[1].StartsWith('[')) name = parts[1].Replace('.', '/');
        }
        return $"{new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '.' ? c : '_')])}_{number}";
    }
}
