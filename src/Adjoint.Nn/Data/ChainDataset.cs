namespace Adjoint.Data;

/// <summary>Several streams of examples one after the other; as PyTorch's <c>ChainDataset</c>.</summary>
/// <param name="datasets">The streams; each is begun when the one before has ended.</param>
public sealed class ChainDataset(params IterableDataset[] datasets) : IterableDataset
{
    private readonly IterableDataset[] _datasets = [.. datasets.AllGiven()];

    /// <summary>The streams.</summary>
    public IReadOnlyList<IterableDataset> Datasets => _datasets;

    /// <inheritdoc/>
    public override IEnumerator<Tensor[]> GetEnumerator()
    {
        UserCode.CheckStack();
        return Examples();
    }

    private IEnumerator<Tensor[]> Examples()
    {
        foreach (IterableDataset dataset in _datasets)
            foreach (Tensor[] example in dataset) yield return example;
    }
}
