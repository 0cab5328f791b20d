using System.Globalization;
using Adjoint.Cli.Commands;
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
        Trained trained = Train();
        if (onlyCode)
        {
            console.Profile.Out.Writer.Write(trained.Program);
            return 0;
        }
        console.MarkupLineInterpolated($"[bold]{model.Name}[/]: a training step by autograd");
        console.WriteLine();
        console.Profile.Out.Writer.WriteLine(model.Code);
        console.WriteLine();
        console.MarkupLineInterpolated($"and by hand: {trained.Lines} lines of C# without Adjoint (all of them: --code)");
        console.WriteLine();
        foreach (string line in Steps(trained.Program)) console.Profile.Out.Writer.WriteLine(line);
        console.WriteLine();
        string[] other = Others(trained);
        string many = steps == 1 ? "1 step" : $"{steps} steps";
        if (other.Length == 0)
            console.MarkupLineInterpolated(
                $"[green]Identical[/]: after {many} all {trained.Numbers} numbers of parameters and gradients are the same to the bit.");
        else console.MarkupLineInterpolated($"[red]Different[/]: after {many} {string.Join(", ", other)}.");
        if (trained.NotFinite is { } name)
            console.MarkupLineInterpolated($"{name} is not finite any more: the training has come apart, by autograd as by hand.");
        return other.Length == 0 ? 0 : 1;
    }

    /// <summary>The same as data: the verdict, or the program alone.</summary>
    internal int WriteJson(TextWriter output, bool onlyCode)
    {
        Trained trained = Train();
        string[] other = onlyCode ? [] : Others(trained);
        JsonReport.Write(output, json =>
        {
            json.WriteString("model", model.Name);
            json.WriteString("by_autograd", model.Code);
            json.WriteNumber("lines_by_hand", trained.Lines);
            if (onlyCode)
            {
                json.WriteString("by_hand", trained.Program);
                return;
            }
            json.WriteNumber("steps", steps);
            json.WriteNumber("compared", trained.Numbers);
            json.WriteBoolean("identical", other.Length == 0);
            json.WriteStartArray("different");
            foreach (string name in other) json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteBoolean("finite", trained.NotFinite is null);
        });
        return other.Length == 0 ? 0 : 1;
    }

    // A model after its steps, with the program that is to do the same.
    private sealed record Trained(string Program, Dictionary<string, (double[] Numbers, DType DType)> Expected)
    {
        internal int Lines => Program.AsSpan().Count('\n');

        internal int Numbers => Expected.Values.Sum(value => value.Numbers.Length);

        internal string? NotFinite =>
            Expected.Where(e => !Array.TrueForAll(e.Value.Numbers, double.IsFinite)).Select(e => e.Key).FirstOrDefault();
    }

    private Trained Train()
    {
        (Action step, Graph graph) = model.Captured();
        string program = model.Asked(() => graph.ToCSharp(main: true));
        for (int i = 0; i < steps; i++) step();
        var expected = new Dictionary<string, (double[], DType)>();
        foreach (GraphMemory parameter in graph.Parameters) expected[parameter.Name] = Numbers(parameter.Tensor!);
        foreach (GraphGradient gradient in graph.Gradients)
            if (gradient.Value is { IsWhole: true } value) expected[value.Value.Memory.Name] = Numbers(gradient.Leaf.Tensor!.Grad!);
        return new(program, expected);
    }

    // What is not the same after the program has run.
    private string[] Others(Trained trained)
    {
        Dictionary<string, string> actual = Parse(WrittenProgram.Runner(trained.Program, steps.ToString(CultureInfo.InvariantCulture)));
        return
        [
            .. trained.Expected
                .Where(e => !actual.TryGetValue(e.Key, out string? printed) || !AreSame(e.Value.Numbers, e.Value.DType, printed))
                .Select(e => e.Key),
        ];
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

        // A NaN is a NaN, whatever its bits are.
        public override bool Equals(double x, double y) =>
            BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y) || (double.IsNaN(x) && double.IsNaN(y));

        public override int GetHashCode(double x) => x.GetHashCode();
    }
}
