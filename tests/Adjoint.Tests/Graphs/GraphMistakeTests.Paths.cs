namespace Adjoint.Tests.Graphs;

public partial class GraphMistakeTests
{
    // Where the gradient is that of a single number, in one pass, by formulas alone.
    public static TheoryData<string> Scalars =>
        [.. GraphMistakes.All.Where(m => !m.Value.IsOwnCode && !m.Value.IsByLeaf).Select(m => m.Key)];

    [Theory]
    [MemberData(nameof(Scalars))]
    public void The_paths_from_number_to_number_sum_to_the_gradient(string name)
    {
        GraphMistake mistake = GraphMistakes.All[name];
        Rng.ManualSeed(1);
        (Tensor leaf, Action step) = mistake.Make();
        Graph graph = Graph.Capture(step);
        if (graph.Passes.Count != 1) return;
        if (graph.Passes[0] is not { Root: { Shape.NumEl: 1 } root, IsAsked: false, Met.IsByFormula: true }) return;
        GraphMemory memory = graph.Find(leaf)!;
        double gradient = graph.Explain(leaf, mistake.At).Gradient ?? 0;
        GraphEntries entries = graph.Entries(root);
        GraphEntry? entry = entries.Find(memory.Name, mistake.At);
        double derivative = entry is null ? 0 : entries.Derivative(entry);
        double size = Math.Max(1e-30, Math.Abs(gradient));
        bool overflows = !double.IsFinite(gradient) && double.IsFinite(derivative);
        if (overflows) Math.Abs(derivative).ShouldBeGreaterThan(1e38, name);
        else if (!double.IsFinite(gradient)) double.IsFinite(derivative).ShouldBeFalse(name);
        else derivative.ShouldBe(gradient, size * 1e-4 + 1e-7, $"{entry}");
    }
}
