namespace Adjoint.Data;

/// <summary>Several datasets one after the other.</summary>
/// <param name="datasets">The datasets.</param>
public sealed class ConcatDataset(params Dataset[] datasets) : Dataset
{
    private readonly Dataset[] _datasets = [.. datasets.AllGiven()];

    /// <summary>The datasets.</summary>
    public IReadOnlyList<Dataset> Datasets => _datasets;

    /// <inheritdoc/>
    public override int Count
    {
        get
        {
            UserCode.CheckStack();
            return _datasets.Sum(dataset => dataset.Count);
        }
    }

    /// <summary>Whether all of them are.</summary>
    public override bool IsThreadSafe
    {
        get
        {
            UserCode.CheckStack();
            return _datasets.All(dataset => dataset.IsThreadSafe);
        }
    }

    /// <summary>The tensors of one example; a negative index counts from the end.</summary>
    public override Tensor[] this[int index]
    {
        get
        {
            int rest = index < 0 ? index + Count : index;
            if (rest >= 0)
            {
                foreach (Dataset dataset in _datasets)
                {
                    if (rest < dataset.Count) return dataset.Alone(part => part[rest]);
                    rest -= dataset.Count;
                }
            }
            throw new ArgumentOutOfRangeException(
                nameof(index), index, $"ConcatDataset: there is no example {index}; the datasets have {Count} together.");
        }
    }
}
