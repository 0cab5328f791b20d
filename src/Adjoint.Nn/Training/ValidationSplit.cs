using Adjoint.Data;

namespace Adjoint.Training;

/// <summary>Holds a random part of the training examples back.</summary>
internal static class ValidationSplit
{
    /// <summary>The examples to train with, and those held back, each in the order of the whole.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="share">Which part is held back, above 0 and below 1.</param>
    /// <param name="generator">Draws them; not <see cref="Rng.Default"/>, so that weights and batches are as without a split.</param>
    /// <exception cref="ArgumentException">One of the parts would be empty.</exception>
    public static (Dataset Train, Dataset Validation) Of(Dataset dataset, double share, Generator generator)
    {
        int held = (int)Math.Round(share * dataset.Count);
        if (held < 1 || held >= dataset.Count)
            throw new ArgumentException(
                $"Of {dataset.Count} examples a share of {share} leaves {dataset.Count - held} to train with and {held} to validate; "
                + "both must be at least 1.");
        int[] order = Array.ConvertAll(Tensor.RandPerm(dataset.Count, generator: generator).ToArray<long>(), i => (int)i);
        return (new Subset(dataset, [.. order[held..].Order()]), new Subset(dataset, [.. order[..held].Order()]));
    }
}
