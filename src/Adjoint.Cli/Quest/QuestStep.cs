using System.Numerics;

namespace Adjoint.Cli.Quest;

/// <summary>What is known in one step of the quest, before the update.</summary>
internal readonly record struct QuestStep<T>(T Loss, T W, T B, T GradW, T GradB) where T : IBinaryFloatingPointIeee754<T>
{
    public static readonly string[] Names = ["loss", "w", "b", "grad_w", "grad_b"];

    public T[] Values => [Loss, W, B, GradW, GradB];

    /// <summary>
    /// How many of the values are the same to the bit. Equality of numbers is not enough: 0 equals −0, and NaN not itself.
    /// </summary>
    public int SameBits(QuestStep<T> other) => Values.Zip(other.Values).Count(pair => Bits(pair.First) == Bits(pair.Second));

    // A double holds every float, each by bits of its own.
    private static long Bits(T value) => BitConverter.DoubleToInt64Bits(double.CreateChecked(value));
}
