using System.Text;

namespace Adjoint;

/// <summary>A <see cref="Graph"/> as a drawing: a tree, DOT for Graphviz, Mermaid for Markdown.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static class GraphDrawing
{
    extension(Graph graph)
    {
        /// <summary>
        /// How a value is computed, as a tree: the value, below it what it is computed from, down to what a run finds. What is used several
        /// times is printed the first time only.
        /// </summary>
        /// <param name="of">The value; by default the first that the function returns, or the last that it computes.</param>
        /// <param name="most">How many lines to print; the rest is left out.</param>
        public string ToTree(GraphTensor? of = null, int most = 500)
        {
            graph.Given();
            ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
            of ??= Result(graph);
            var text = new StringBuilder();
            if (of is null) return "";
            var seen = new HashSet<GraphOperation>(ReferenceEqualityComparer.Instance);
            var waiting = new Stack<(GraphTensor Tensor, string Branch, string Indent)>([(of, "", "")]);
            int lines = 0;
            while (waiting.TryPop(out (GraphTensor Tensor, string Branch, string Indent) line))
            {
                if (++lines > most)
                {
                    text.Append("…\n");
                    break;
                }
                GraphOperation? made = line.Tensor.View ?? line.Tensor.MadeBy;
                bool again = made is not null && !seen.Add(made);
                text.Append(line.Branch).Append(line.Tensor);
                if (made is not null) text.Append(" = ").Append(made.Name).Append(again ? " (above)" : "");
                text.Append('\n');
                if (again || made is null) continue;
                List<GraphTensor> below = [.. made.Inputs.OfType<GraphTensor>()];
                for (int i = below.Count - 1; i >= 0; i--)
                {
                    bool last = i == below.Count - 1;
                    waiting.Push((below[i], line.Indent + (last ? "└─ " : "├─ "), line.Indent + (last ? "   " : "│  ")));
                }
            }
            return text.ToString();
        }

        /// <summary>
        /// The operations and what passes between them, in the language of Graphviz: <c>dot -Tsvg</c> draws it. Parameters and inputs are
        /// ellipses, operations boxes: white forward, blue backward, orange update; modules are frames around their operations.
        /// </summary>
        /// <param name="views">Whether views are drawn; otherwise edges go around them.</param>
        public string ToDot(bool views = false)
        {
            return Drawing(graph.Given(), views).ToDot();
        }

        /// <summary>As <see cref="ToDot"/>, in the language of Mermaid, which Markdown pages show.</summary>
        /// <param name="views">Whether views are drawn; otherwise edges go around them.</param>
        public string ToMermaid(bool views = false)
        {
            return Drawing(graph.Given(), views).ToMermaid();
        }
    }

    private static Diagram Drawing(Graph graph, bool views)
    {
        var drawing = new Diagram(filled: true);
        foreach (GraphMemory memory in Outside(graph)) drawing.Add($"m{memory.Index}", memory.Name, round: true);
        foreach (IGrouping<string, GraphOperation> module in Drawn(graph, views)
            .GroupBy(operation => operation.Phase == GraphPhase.Forward ? operation.ModulePath : ""))
        {
            drawing.Frame(module.Key);
            foreach (GraphOperation operation in module)
            {
                string? color = operation.Phase switch { GraphPhase.Backward => "lightblue", GraphPhase.Update => "orange", _ => null };
                drawing.Add($"n{operation.Index}", Label(operation), color: color);
            }
        }
        foreach ((string from, GraphOperation to, GraphTensor x) in Edges(graph, views))
            drawing.Connect(from, $"n{to.Index}", x.Shape.ToString());
        return drawing;
    }

    /// <summary>What a graph is about: the first tensor that the function returns, otherwise what the backward pass begins from.</summary>
    internal static GraphTensor? Result(Graph graph) => graph.Outputs.Count > 0 ? graph.Outputs[0]
        : graph.Operations.LastOrDefault(operation =>
            operation is { Phase: GraphPhase.Forward, IsView: false })?.Results.OfType<GraphTensor>().FirstOrDefault();

    private static string Label(GraphOperation operation)
    {
        string formula = GraphPrint.Formula(operation);
        return $"{operation.Name}\n{string.Join(", ", operation.Results.OfType<GraphTensor>().Select(y => y.Name))}{(formula.Length is > 0 and < 60 ? $" = {formula}" : "")}";
    }

    private static IEnumerable<GraphOperation> Drawn(Graph graph, bool views) =>
        graph.Operations.Where(operation => views || !operation.IsView);

    private static IEnumerable<GraphMemory> Outside(Graph graph) => graph.Memories.Where(memory => memory.Role != GraphRole.Result);

    private static IEnumerable<(string From, GraphOperation To, GraphTensor Tensor)> Edges(Graph graph, bool views)
    {
        foreach (GraphOperation to in Drawn(graph, views))
        {
            foreach (GraphTensor x in to.Inputs.OfType<GraphTensor>())
            {
                GraphOperation? made = views && x.View is { } view ? view : x.MadeBy;
                yield return (made is null ? $"m{x.Value.Memory.Index}" : $"n{made.Index}", to, x);
            }
        }
    }
}
