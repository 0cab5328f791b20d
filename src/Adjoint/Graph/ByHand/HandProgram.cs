using System.Text;

namespace Adjoint;

/// <summary>A graph as a program in C#: fields for what outlives a run, one method that runs it, and methods that it calls.</summary>
internal sealed class HandProgram
{
    private const string Step = "    ";

    private readonly Graph _graph;
    private readonly Hand _hand;
    private readonly HashSet<GraphMemory> _fields;
    private readonly StringBuilder _text = new();

    private HandProgram(Graph graph, HashSet<GraphMemory> arrays)
    {
        _graph = graph;
        _hand = new Hand(arrays);
        _fields = [.. graph.Memories.Where(memory => memory.Role is not (GraphRole.Result or GraphRole.Number))];
        foreach (GraphTensor left in graph.Outputs.Concat(graph.Gradients.Select(g => g.Value).OfType<GraphTensor>()))
            if (left.Value.Memory.Role != GraphRole.Number) _fields.Add(left.Value.Memory);
    }

    /// <summary>The program, and what in it is called how.</summary>
    internal static (string Text, HandNames Names) Of(Graph graph, string name, bool main)
    {
        // Which variables must be arrays is known when all is written; then it is written again.
        HashSet<GraphMemory> arrays = new(ReferenceEqualityComparer.Instance);
        while (true)
        {
            int before = arrays.Count;
            var program = new HandProgram(graph, arrays);
            string text = program.Text(name, main);
            if (arrays.Count == before) return (text, program._hand.Names);
        }
    }

    private string Text(string name, bool main)
    {
        foreach (GraphMemory memory in _graph.Memories) _hand.Name(memory);
        List<string> run = Run(), fields = Fields();
        if (main) fields.AddRange(new HandMain(_graph, _hand).Lines());
        _text.Append("// Written by Adjoint (Graph.ToCSharp): what the captured function computes, as one would write it by hand.\n");
        _text.Append("// It needs nothing but .NET. Every number has the bits that autograd gives on the machine where it was written.\n");
        _text.Append("using System;\n\n");
        _text.Append($"public static class {name}\n{{\n");
        foreach (string line in fields) Add(line);
        _text.Append('\n');
        Add("public static void Run()");
        Add("{");
        foreach (string line in run) Add(line.Length == 0 ? "" : Step + line);
        Add("}");
        foreach (IEnumerable<string> method in _hand.Methods.Texts())
        {
            _text.Append('\n');
            foreach (string line in method) Add(line);
        }
        return _text.Append("}\n").ToString();
    }

    private void Add(string line) => _text.Append(line.Length == 0 ? "" : Step).Append(line).Append('\n');

    private List<string> Run()
    {
        var lines = new List<string>();
        GraphPhase? phase = null;
        string module = "";
        foreach (GraphOperation operation in _graph.Operations)
        {
            if (operation.IsView) continue;
            if (operation.Phase != phase)
            {
                if (lines.Count > 0) lines.Add("");
                lines.Add($"// ---- {operation.Phase.ToString().ToLowerInvariant()}");
            }
            if (operation.ModulePath != module && operation.ModulePath.Length > 0) lines.Add($"// [{operation.ModulePath}]");
            (phase, module) = (operation.Phase, operation.ModulePath);
            lines.AddRange(HandComments.Of(operation, _hand.Names));
            lines.AddRange(HandDeclarations.Of(_hand, operation, _hand.Write(operation), _fields.Contains));
        }
        return lines;
    }

    private List<string> Fields()
    {
        var lines = new List<string>();
        foreach (IGrouping<GraphRole, GraphMemory> role in
            _graph.Memories.Where(_fields.Contains).GroupBy(memory => memory.Role).OrderBy(group => group.Key == GraphRole.Result)
                .ThenBy(group => group.Key))
        {
            if (lines.Count > 0) lines.Add("");
            lines.Add($"// {HandComments.Word(role.Key)}");
            foreach (GraphMemory memory in role) lines.AddRange(HandValues.Field(memory, _hand));
        }
        if (_hand.Fields.Lines.Count > 0) lines.Add("");
        lines.AddRange(_hand.Fields.Lines);
        return lines;
    }
}
