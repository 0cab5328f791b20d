using Adjoint.Data;
using Adjoint.Vision;

namespace Adjoint.Cli.Training;

/// <summary>What is changed at random in images whenever they are learnt, so that none is seen twice alike.</summary>
internal static class Augmentation
{
    /// <summary>The kinds by name, in the order in which they are done.</summary>
    public static readonly string[] Names = ["crop", "flip", "erase"];

    /// <summary>By how many pixels a cropped image is moved at most.</summary>
    private const int Moved = 2;

    /// <summary>The kinds in <c>crop,flip</c>, or none in <c>none</c>.</summary>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static IReadOnlyList<string> Parse(string text)
    {
        if (text == "none") return [];
        string[] given = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (string name in given)
            if (!Names.Contains(name))
                throw new ArgumentException($"--augment {text}: '{name}' is none of {string.Join(", ", Names)}; write some, or none.");
        return [.. Names.Where(given.Contains)];
    }

    /// <summary>Examples to train with, changed as asked for.</summary>
    /// <exception cref="ArgumentException">They are no images.</exception>
    public static Dataset Of(Dataset train, TrainingSet set, IReadOnlyList<string> kinds)
    {
        if (kinds.Count == 0) return train;
        if (set.Input.Count != 3)
            throw new ArgumentException($"--augment {string.Join(",", kinds)}: images are changed, but {set.Name} has none.");
        (int rows, int columns) = (set.Input[1], set.Input[2]);
        return train.WithTransform(new Compose([.. kinds.Select(kind => (ImageTransform)(kind switch
        {
            "crop" => new RandomCrop(rows, columns, Moved),
            "flip" => new RandomHorizontalFlip(),
            _ => new RandomErasing(),
        }))]));
    }
}
