namespace Adjoint.Cli.Quest;

/// <summary>What the neuron ŷ = w·x + b has to learn, and from where it starts.</summary>
internal static class QuestData
{
    public const double W = -0.5, B = 0.25, Lr = 0.05;

    /// <summary>Examples (x, y) of y = 2x + 1.</summary>
    public static readonly (double X, double Y)[] Examples = [(0.7, 2.4), (1.3, 3.6), (-0.9, -0.8)];
}
