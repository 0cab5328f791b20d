using System.Globalization;
using System.Text;

namespace Adjoint;

/// <summary>A graph as text: a tree to read, DOT to draw.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static class GraphText
{
    extension<TNode>(IGraph<TNode> graph) where TNode : class
    {
        /// <summary>
        /// The graph as a tree, from the result down to the leaves, each edge in PyTorch's form of <c>next_functions</c>. A node
        /// that is used several times has a number, and what lies below it is printed only the first time.
        /// </summary>
        /// <param name="values">Whether each edge shows its local derivative, where that is a number.</param>
        /// <param name="most">How many lines to print; the rest is counted.</param>
        /// <exception cref="AutogradException">The values were asked for, but the graph was freed by a backward pass.</exception>
        public string ToTree(bool values = false, int most = 500)
        {
            graph.Given();
            ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
            Dictionary<TNode, int> numbers = Shared(graph);
            var text = new StringBuilder();
            int lines = 0;
            // A stack instead of recursion: a chain may be a million nodes long.
            var waiting = new Stack<Line<TNode>>([new(graph.Nodes[0], "", "", null, 0)]);
            var seen = new HashSet<TNode>(ReferenceEqualityComparer.Instance);
            while (waiting.TryPop(out Line<TNode>? line))
            {
                if (++lines > most)
                {
                    text.Append(CultureInfo.InvariantCulture, $"… {graph.Nodes.Count - seen.Count} more nodes\n");
                    break;
                }
                text.Append(line.Branch);
                if (line.Node is not { } node)
                {
                    text.Append(CultureInfo.InvariantCulture, $"(null, {line.InputNr})\n");
                    continue;
                }
                IReadOnlyList<GraphEdge<TNode>> edges = graph.Edges(node);
                bool again = !seen.Add(node);
                string number = edges.Count > 0 && numbers.TryGetValue(node, out int n) ? $" #{n}{(again ? " (above)" : "")}" : "";
                string label = graph.Label(node) + number;
                text.Append(line.Branch.Length == 0 ? label : $"({label}, {line.InputNr})");
                if (line.Value is { } value) text.Append("   · ").Append(Number(value));
                text.Append('\n');
                if (again) continue;
                for (int i = edges.Count - 1; i >= 0; i--)
                {
                    bool last = i == edges.Count - 1;
                    double? local = values && edges[i].To is not null ? graph.Value(node, i) : null;
                    waiting.Push(new(
                        edges[i].To, line.Indent + (last ? "└─ " : "├─ "), line.Indent + (last ? "   " : "│  "), local, edges[i].InputNr));
                }
            }
            return text.ToString();
        }

        /// <summary>The graph in the language of Graphviz: <c>dot -Tsvg</c> draws it.</summary>
        /// <param name="values">Whether each edge shows its local derivative, where that is a number.</param>
        /// <exception cref="AutogradException">The values were asked for, but the graph was freed by a backward pass.</exception>
        public string ToDot(bool values = false)
        {
            return Drawing(graph.Given(), values).ToDot();
        }

        /// <summary>As <see cref="ToDot"/>, in the language of Mermaid, which Markdown pages show.</summary>
        /// <inheritdoc cref="ToDot"/>
        public string ToMermaid(bool values = false) => Drawing(graph.Given(), values).ToMermaid();
    }

    private static Diagram Drawing<TNode>(IGraph<TNode> graph, bool values) where TNode : class
    {
        var drawing = new Diagram();
        var places = new Dictionary<TNode, string>(ReferenceEqualityComparer.Instance);
        foreach (TNode node in graph.Nodes)
        {
            places.Add(node, string.Create(CultureInfo.InvariantCulture, $"n{places.Count}"));
            drawing.Add(places[node], graph.Label(node));
        }
        foreach (TNode node in graph.Nodes)
        {
            IReadOnlyList<GraphEdge<TNode>> edges = graph.Edges(node);
            for (int i = 0; i < edges.Count; i++)
                if (edges[i].To is { } to)
                    drawing.Connect(places[node], places[to], values && graph.Value(node, i) is { } value ? Number(value) : null);
        }
        return drawing;
    }

    /// <summary>A local derivative with the digits that its float32 has.</summary>
    internal static string Number(double value) => double.IsInfinity(value) ? value > 0 ? "∞" : "−∞"
        : value == 0 ? "0" : value.ToString("G7", CultureInfo.InvariantCulture);

    /// <summary>The nodes that several edges lead to, numbered from 1 in the order of the graph.</summary>
    private static Dictionary<TNode, int> Shared<TNode>(IGraph<TNode> graph) where TNode : class
    {
        var uses = new Dictionary<TNode, int>(ReferenceEqualityComparer.Instance);
        foreach (TNode node in graph.Nodes)
            foreach (GraphEdge<TNode> edge in graph.Edges(node))
                if (edge.To is { } to) uses[to] = uses.GetValueOrDefault(to) + 1;
        var numbers = new Dictionary<TNode, int>(ReferenceEqualityComparer.Instance);
        foreach (TNode node in graph.Nodes)
            if (uses.GetValueOrDefault(node) > 1 && graph.Edges(node).Count > 0) numbers.Add(node, numbers.Count + 1);
        return numbers;
    }

    /// <summary>A line of the tree that is still to be printed.</summary>
    private sealed record Line<TNode>(TNode? Node, string Branch, string Indent, double? Value, int InputNr) where TNode : class;
}
