using System.Globalization;
using Spectre.Console;

namespace Adjoint.Cli.Quest;

/// <summary>
/// A model trained by autograd, and by the program that Graph.ToCSharp writes of its step, which is compiled and run without Adjoint.
/// </summary>
internal sealed class ModelQuest(QuestModel model, int steps)
{
    /// <summary>Shows both rituals and the verdict; the exit code is 1 if any bit differs.</summary>
    internal int Show(IAnsiConsole console, bool onlyCode)
    {
        (Graph graph, string program, Dictionary<string, string> expected) = Train();
        if (onlyCode)
        {
            console.Profile.Out.Writer.Write(program);
            return 0;
        }
        console.MarkupLineInterpolated($"[bold]{model.Name}[/]: a training step by autograd");
        console.WriteLine();
        console.Profile.Out.Writer.WriteLine(model.Code);
        console.WriteLine();
        console.MarkupLineInterpolated($"and by hand: {program.AsSpan().Count('\n')} lines of C# without Adjoint (all of them: --code)");
        console.WriteLine();
        foreach (string line in Steps(program)) console.Profile.Out.Writer.WriteLine(line);
        console.WriteLine();
        Dictionary<string, string> actual = Parse(WrittenProgram.Runner(program, steps.ToString(CultureInfo.InvariantCulture)));
        string[] other = [.. expected.Where(e => !actual.TryGetValue(e.Key, out string? value) || value != e.Value).Select(e => e.Key)];
        int numbers = expected.Values.Sum(text => text.Split(' ').Length);
        string many = steps == 1 ? "1 step" : $"{steps} steps";
        if (other.Length == 0)
            console.MarkupLineInterpolated(
                $"[green]Identical[/]: after {many} all {numbers} numbers of parameters and gradients are the same to the bit.");
        else console.MarkupLineInterpolated($"[red]Different[/]: after {many} {string.Join(", ", other)}.");
        return other.Length == 0 ? 0 : 1;
    }

    private (Graph, string, Dictionary<string, string>) Train()
    {
        Rng.ManualSeed(1);
        Action step = model.Start();
        Graph graph = Graph.Capture(step);
        string program = graph.ToCSharp(main: true);
        for (int i = 0; i < steps; i++) step();
        var expected = new Dictionary<string, string>();
        foreach (GraphMemory parameter in graph.Parameters) expected[parameter.Name] = Text(parameter.Tensor!);
        foreach (GraphGradient gradient in graph.Gradients)
            if (gradient.Value is { IsWhole: true } value) expected[value.Value.Memory.Name] = Text(gradient.Leaf.Tensor!.Grad!);
        return (graph, program, expected);
    }

    // The first lines of the step.
    private static IEnumerable<string> Steps(string program)
    {
        string[] lines = program.Split('\n');
        int start = Array.FindIndex(lines, line => line.Contains("public static void Run()", StringComparison.Ordinal));
        return [.. lines[start..Math.Min(lines.Length, start + 24)], "    …"];
    }

    private static Dictionary<string, string> Parse(string output) => output.ReplaceLineEndings("\n")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0], parts => parts[1]);

    private static string Text(Tensor x) => string.Join(' ', x.DType == DType.Float64
        ? x.Detach().ToArray<double>().Select(v => v.ToString("R", CultureInfo.InvariantCulture))
        : x.Detach().ToArray<float>().Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}
