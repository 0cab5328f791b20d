namespace Adjoint.Tests.Graphs;

/// <summary>
/// Training steps, written by hand and compiled together: every number that a step leaves (parameters, buffers, gradients) is to have the
/// bits of the step itself, step after step.
/// </summary>
internal sealed class WrittenSteps
{
    private readonly WrittenPrograms _programs = new();
    private readonly List<(string Name, int Program, Graph Graph, Action Step, byte[] Draws)> _written = [];
    private readonly List<string> _wrong = [];

    /// <summary>Writes a step; what has no written form is a fault as well.</summary>
    internal void Add(string name, Action step)
    {
        try
        {
            byte[] draws = Rng.Default.GetState();
            Graph graph = Graph.Capture(step);
            _written.Add((name, _programs.Add(graph), graph, step, draws));
        }
        catch (GraphException e)
        {
            _wrong.Add($"{name}: {e.Message}");
        }
    }

    /// <summary>Runs the steps and what was written of them side by side.</summary>
    /// <param name="times">How often.</param>
    /// <param name="before">What is done before each but the first step, such as a step of a schedule; and what the program is told.</param>
    internal void Compare(int times, Action<string, Type>? before = null)
    {
        if (Environment.GetEnvironmentVariable("HAND") is { Length: > 0 } folder)
            foreach (var w in _written)
                File.WriteAllText(Path.Combine(folder, $"step {w.Name.Replace('/', '_')}.cs"), _programs.Text(w.Program));
        foreach ((string name, int program, Graph graph, Action step, byte[] draws) in _written)
        {
            Rng.Default.SetState(draws);
            for (int i = 1; i <= times; i++)
            {
                if (i > 1) before?.Invoke(name, _programs.Class(program));
                step();
                _programs.Run(program);
                Compare($"{name}, step {i}", program, graph);
            }
        }
        _wrong.ShouldBeEmpty();
    }

    private void Compare(string name, int program, Graph graph)
    {
        foreach (GraphMemory memory in graph.Memories.Where(m => m.IsChanged && m.Role != GraphRole.State))
            if (!GraphByHandTests.AreSame(GraphRunTests.Bits(memory.Tensor!.WholeMemory()), All(program, memory)))
                _wrong.Add($"{name}: {memory.Name}");
        foreach (GraphGradient gradient in graph.Gradients.Where(g => g.Value is not null))
            if (!GraphByHandTests.AreSame(GraphRunTests.Bits(gradient.Tensor!.Grad!), _programs.Bits(program, gradient.Value!)))
                _wrong.Add($"{name}: the gradient of {gradient.Leaf.Name}");
    }

    private long[] All(int program, GraphMemory memory)
    {
        object value = _programs.Field(program, memory).GetValue(null)!;
        double[] all = value is Array array ? [.. array.Cast<object>().Select(Convert.ToDouble)] : [Convert.ToDouble(value)];
        return [.. all.Select(BitConverter.DoubleToInt64Bits)];
    }
}
