using System.Globalization;
using System.Numerics;

namespace Adjoint.Cli.Quest;

/// <summary>Both rituals in one precision, step by step.</summary>
/// <param name="Precision">float32 or float64.</param>
/// <param name="Loss">Which loss.</param>
/// <param name="Steps">How many steps were taken.</param>
/// <param name="Same">How many numbers were the same to the bit.</param>
/// <param name="All">How many were compared.</param>
/// <param name="Largest">The largest relative difference of two numbers.</param>
/// <param name="Shown">The first steps and the last ones.</param>
/// <param name="W">The learnt weight.</param>
/// <param name="B">The learnt bias.</param>
internal sealed record QuestComparison(
    string Precision, QuestLoss Loss, int Steps, int Same, int All, double Largest, IReadOnlyList<QuestPair> Shown, string W, string B)
{
    public bool Identical => Same == All;

    /// <summary>A batch of more is not added up one number after the other, but in several sums at once.</summary>
    public const int AddedInOrder = 3;

    public static QuestComparison Of<T>(QuestSettings settings, int steps, int shown) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int same = 0, done = 0;
        double largest = 0;
        var kept = new List<QuestPair>();
        foreach ((QuestStep<T> automatic, QuestStep<T> manual) in AutomaticRitual.Train<T>(settings).Zip(ManualRitual.Train<T>(settings)).Take(steps + 1))
        {
            // The last one is not counted: it is there for the weights after the last step.
            if (done == steps)
                return new(Name<T>(), settings.Loss, steps, same, steps * QuestStep<T>.Names.Length, largest, kept, Text(automatic.W), Text(automatic.B));
            same += automatic.SameBits(manual);
            done++;
            foreach ((T a, T m) in automatic.Values.Zip(manual.Values)) largest = Math.Max(largest, Apart(double.CreateChecked(a), double.CreateChecked(m)));
            if (done <= shown || done > steps - shown)
                kept.Add(new(done, [.. automatic.Values.Select(Text)], [.. manual.Values.Select(Text)]));
        }
        throw new InvalidOperationException("A ritual ended, though it has no end.");
    }

    private static double Apart(double a, double m) => a == m || double.IsNaN(a) && double.IsNaN(m) ? 0 : Math.Abs(a - m) / Math.Max(Math.Abs(a), Math.Abs(m));

    private static string Name<T>() => typeof(T) == typeof(float) ? "float32" : "float64";

    private static string Text<T>(T number) where T : IFormattable => number.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>One step, both ways: the shortest texts that read back as the same numbers.</summary>
internal sealed record QuestPair(int Step, IReadOnlyList<string> Automatic, IReadOnlyList<string> Manual);
