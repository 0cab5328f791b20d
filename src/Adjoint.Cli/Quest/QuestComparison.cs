using System.Globalization;
using System.Numerics;

namespace Adjoint.Cli.Quest;

/// <summary>Both rituals in one precision, step by step.</summary>
/// <param name="Precision">float32 or float64.</param>
/// <param name="Loss">Which loss.</param>
/// <param name="Steps">How many steps were taken.</param>
/// <param name="Same">How many numbers were the same to the bit.</param>
/// <param name="All">How many were compared.</param>
/// <param name="Largest">The largest difference of two numbers, as a part of the largest number in their place.</param>
/// <param name="Shown">The first steps and the last ones.</param>
/// <param name="W">The learnt weight.</param>
/// <param name="B">The learnt bias.</param>
/// <param name="Apart">How many numbers differed before any was infinite or none.</param>
/// <param name="Diverged">The first step in which something was infinite or no number, or null.</param>
internal sealed record QuestComparison(
    string Precision, QuestLoss Loss, int Steps, int Same, int All, double Largest, IReadOnlyList<QuestPair> Shown, string W, string B,
    int Apart, int? Diverged)
{
    public bool Identical => Same == All;

    /// <summary>A batch of more is not added up one number after the other, but in several sums at once.</summary>
    public const int AddedInOrder = 3;

    public static QuestComparison Of<T>(QuestSettings settings, int steps, int shown) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int same = 0, done = 0, differ = 0;
        int? diverged = null;
        double[] apart = new double[QuestStep<T>.Names.Length], size = new double[apart.Length];
        var kept = new List<QuestPair>();
        var both = AutomaticRitual.Train<T>(settings).Zip(ManualRitual.Train<T>(settings));
        foreach ((QuestStep<T> automatic, QuestStep<T> manual) in both.Take(steps + 1))
        {
            // The last one is not counted: it is there for the weights after the last step.
            if (done == steps)
            {
                double largest = apart.Zip(size, (a, s) => a == 0 ? 0 : a / s).Max();
                return new(Name<T>(), settings.Loss, steps, same, steps * apart.Length, largest, kept, Text(automatic.W), Text(automatic.B),
                    differ, diverged ?? (T.IsFinite(automatic.W) && T.IsFinite(automatic.B) ? null : steps + 1));
            }
            same += automatic.SameBits(manual);
            done++;
            for (int k = 0; k < apart.Length; k++)
            {
                double a = double.CreateChecked(automatic.Values[k]), m = double.CreateChecked(manual.Values[k]);
                if (!double.IsFinite(a) || !double.IsFinite(m)) diverged ??= done;
                // Once numbers overflow, which of the two does so first says nothing about the formulas.
                if (diverged is not null) continue;
                if (!a.Equals(m) || double.IsNegative(a) != double.IsNegative(m)) differ++;
                apart[k] = Math.Max(apart[k], Math.Abs(a - m));
                size[k] = Math.Max(size[k], Math.Max(Math.Abs(a), Math.Abs(m)));
            }
            if (done <= shown || done > steps - shown)
                kept.Add(new(done, [.. automatic.Values.Select(Text)], [.. manual.Values.Select(Text)]));
        }
        throw new InvalidOperationException("A ritual ended, though it has no end.");
    }

    private static string Name<T>() where T : unmanaged => DTypes.Of<T>().TorchName;

    private static string Text<T>(T number) where T : IFormattable => number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
}

/// <summary>One step, both ways: the shortest texts that read back as the same numbers.</summary>
internal sealed record QuestPair(int Step, IReadOnlyList<string> Automatic, IReadOnlyList<string> Manual);
