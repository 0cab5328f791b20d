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
        (Graph graph, string program, Dictionary<string, (double[] Numbers, DType DType)> expected) = Train();
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
        string[] other =
        [
            .. expected.Where(e => !actual.TryGetValue(e.Key, out string? printed) || !AreSame(e.Value.Numbers, e.Value.DType, printed))
                .Select(e => e.Key),
        ];
        int numbers = expected.Values.Sum(value => value.Numbers.Length);
        string many = steps == 1 ? "1 step" : $"{steps} steps";
        if (other.Length == 0)
            console.MarkupLineInterpolated(
                $"[green]Identical[/]: after {many} all {numbers} numbers of parameters and gradients are the same to the bit.");
        else console.MarkupLineInterpolated($"[red]Different[/]: after {many} {string.Join(", ", other)}.");
        return other.Length == 0 ? 0 : 1;
    }

    private (Graph, string, Dictionary<string, (double[] Numbers, DType DType)>) Train()
    {
        Rng.ManualSeed(1);
        Action step = model.Start();
        (Graph graph, string program) = Written(step);
        for (int i = 0; i < steps; i++) step();
        var expected = new Dictionary<string, (double[], DType)>();
        foreach (GraphMemory parameter in graph.Parameters) expected[parameter.Name] = Numbers(parameter.Tensor!);
        foreach (GraphGradient gradient in graph.Gradients)
            if (gradient.Value is { IsWhole: true } value) expected[value.Value.Memory.Name] = Numbers(gradient.Leaf.Tensor!.Grad!);
        return (graph, program, expected);
    }

    // What cannot be captured or written is so because of the model.
    private (Graph, string) Written(Action step)
    {
        try
        {
            Graph graph = Graph.Capture(step);
            return (graph, graph.ToCSharp(main: true));
        }
        catch (Exception e) when (e is TensorException or InvalidOperationException)
        {
            throw new ArgumentException($"{model.Name}: {e.Message}", e);
        }
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

    private static (double[], DType) Numbers(Tensor x) => (x.Detach().To(DType.Float64).ToArray<double>(), x.DType);

    // What the program printed, rounded to the type of the tensor, which it was written from.
    private static bool AreSame(double[] expected, DType dtype, string printed)
    {
        double[] numbers = [.. printed.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        double[] actual = Tensor.From(numbers).To(dtype).To(DType.Float64).ToArray<double>();
        return expected.AsSpan().SequenceEqual(actual, SameBits.Instance);
    }

    private sealed class SameBits : EqualityComparer<double>
    {
        internal static readonly SameBits Instance = new();

        public override bool Equals(double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y);

        public override int GetHashCode(double x) => x.GetHashCode();
    }
}
