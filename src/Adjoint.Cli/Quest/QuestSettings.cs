using System.Globalization;
using Adjoint.Optim;

namespace Adjoint.Cli.Quest;

/// <summary>What the loss of a step is.</summary>
internal enum QuestLoss
{
    /// <summary>(ŷ − y)² of one example, which takes its turn.</summary>
    Example,

    /// <summary>½·(ŷ − y)² of one example.</summary>
    Half,

    /// <summary>The mean of (ŷ − y)² over all examples.</summary>
    Batch,
}

/// <summary>What the neuron ŷ = w·x + b has to learn, from where it starts, and how it steps.</summary>
internal sealed record QuestSettings
{
    public static readonly string[] Optimizers = ["sgd", "momentum", "adam"];

    /// <summary>What momentum keeps of the last step.</summary>
    public const double Momentum = 0.9;

    public const int MostExamples = 1000;

    /// <summary>Examples (x, y); by default of y = 2x + 1.</summary>
    public IReadOnlyList<(double X, double Y)> Examples { get; init; } = [(0.7, 2.4), (1.3, 3.6), (-0.9, -0.8)];

    public double W { get; init; } = -0.5;

    public double B { get; init; } = 0.25;

    public double Lr { get; init; } = 0.05;

    public string Optimizer { get; init; } = "sgd";

    public QuestLoss Loss { get; init; }

    /// <summary>The optimizer of the library.</summary>
    public Optimizer MakeOptimizer(Tensor[] parameters) => Optimizer switch
    {
        "adam" => new Adam(parameters, Lr),
        "momentum" => new SGD(parameters, Lr, Momentum),
        _ => new SGD(parameters, Lr),
    };

    /// <summary>The examples in <c>0.7:2.4,1.3:3.6</c>, x and y of each.</summary>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static IReadOnlyList<(double X, double Y)> ParseExamples(string text)
    {
        var examples = new List<(double, double)>();
        foreach (string pair in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] parts = pair.Split(':', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !IsNumber(parts[0], out double x) || !IsNumber(parts[1], out double y))
                throw new ArgumentException(
                    $"--data: '{pair}' is no example; write x:y with commas between them, such as 0.7:2.4,1.3:3.6.");
            examples.Add((x, y));
        }
        return examples.Count <= MostExamples ? examples
            : throw new ArgumentException($"--data: {examples.Count} examples are more than the {MostExamples} that can be compared.");
    }

    private static bool IsNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
