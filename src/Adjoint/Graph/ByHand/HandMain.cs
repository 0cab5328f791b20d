namespace Adjoint;

/// <summary>An entry point that runs the program and prints what a run leaves, every number with all its digits.</summary>
internal sealed class HandMain(Graph graph, Hand hand)
{
    internal IEnumerable<string> Lines()
    {
        yield return "";
        yield return "// Runs as often as the argument says, and prints what is left: name, then every number with all its digits.";
        yield return "public static void Main(string[] args)";
        yield return "{";
        yield return "    System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.InvariantCulture;";
        yield return "    for (int run = args.Length > 0 ? int.Parse(args[0]) : 1; run > 0; run--) Run();";
        foreach (GraphMemory memory in Shown())
        {
            string name = hand.Name(memory);
            yield return hand.IsVariable(memory)
                ? $"    Console.WriteLine($\"{memory.Name} {{{name}}}\");"
                : $"    Console.WriteLine($\"{memory.Name} {{string.Join(' ', {name})}}\");";
        }
        yield return "}";
    }

    /// <summary>What a run leaves.</summary>
    internal IEnumerable<GraphMemory> Shown() =>
        graph.Outputs.Select(y => y.Value.Memory).Concat(graph.Gradients.Select(g => g.Value?.Value.Memory).OfType<GraphMemory>())
            .Concat(graph.Memories.Where(memory => memory.IsChanged)).Where(memory => memory.Role != GraphRole.Number).Distinct();
}
