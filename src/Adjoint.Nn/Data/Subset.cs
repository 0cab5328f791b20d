namespace Adjoint.Data;

/// <summary>Some of the examples of a dataset.</summary>
public sealed class Subset : Dataset
{
    private readonly int[] _indices;

    /// <summary>The examples of <paramref name="dataset"/> at <paramref name="indices"/>, in that order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no example at an index.</exception>
    public Subset(Dataset dataset, ReadOnlySpan<int> indices)
    {
        dataset.Given();
        foreach (int index in indices)
            if ((uint)index >= (uint)dataset.Count)
                throw new ArgumentOutOfRangeException(
                    nameof(indices), index, $"Subset: there is no example {index}; the dataset has {dataset.Count}.");
        (Dataset, _indices) = (dataset, indices.ToArray());
    }

    /// <summary>The whole the examples are taken from.</summary>
    public Dataset Dataset { get; }

    /// <summary>Where in the whole they are.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    /// <inheritdoc/>
    public override int Count => _indices.Length;

    /// <summary>That of <see cref="Dataset"/>.</summary>
    public override bool IsThreadSafe
    {
        get
        {
            UserCode.CheckStack();
            return Dataset.IsThreadSafe;
        }
    }

    /// <inheritdoc/>
    public override Tensor[] this[int index] => Dataset.Alone(whole => whole[Place(index, nameof(index))]);

    /// <inheritdoc/>
    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        int[] inWhole = new int[indices.Length];
        for (int i = 0; i < inWhole.Length; i++) inWhole[i] = Place(indices[i], nameof(indices));
        return Dataset.Alone(whole => whole.GetBatch(inWhole));
    }

    private int Place(int index, string given) => (uint)index < (uint)_indices.Length ? _indices[index]
        : throw new ArgumentOutOfRangeException(given, index, $"Subset: there is no example {index}; the subset has {Count}.");
}
