using System.Collections;
using Adjoint.Nn;

namespace Adjoint.Data;

/// <summary>
/// Goes through a dataset in batches, once for each enumeration:
/// <code>foreach ((Tensor x, Tensor y) in new DataLoader(dataset, batchSize: 64, shuffle: true)) …</code>
/// </summary>
/// <remarks>
/// After the same seed the batches come in PyTorch's order. To begin an epoch takes two words of the generator (PyTorch draws
/// the seed of its workers there, even if it has none), and shuffling takes two more, or the permutation itself if a generator was given.
/// Loaders ask a dataset for one batch at a time, also several loaders, and those of its <see cref="Subset"/>s and
/// <see cref="ConcatDataset"/>s, whatever they prepare in the background: it need not be safe for several threads. (Only it must not wait
/// for another batch of itself.) An error of the dataset arrives when its batch is asked for, and ends the epoch.
/// </remarks>
public sealed class DataLoader : IEnumerable<Batch>
{
    private readonly IEnumerable<int[]> _batches;
    private readonly bool _stack;
    private readonly Generator? _generator;
    private readonly int _prefetch;
    private readonly Func<IReadOnlyList<Tensor[]>, Batch>? _collate;

    /// <summary>Batches of <paramref name="dataset"/>.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="batchSize">Examples in a batch; at least 1. Null: they come one by one, as they are, without a new first
    /// dimension.</param>
    /// <param name="shuffle">Whether each epoch has a new random order.</param>
    /// <param name="sampler">The order, in place of <paramref name="shuffle"/>.</param>
    /// <param name="batchSampler">The batches themselves, in place of the parameters before and <paramref name="dropLast"/>.</param>
    /// <param name="dropLast">Whether a last batch that is not full is left out.</param>
    /// <param name="generator">Where to draw; by default <see cref="Rng.Default"/>.</param>
    /// <param name="prefetch">How many batches are prepared ahead in the background; at least 0. The batches and their order do not depend
    /// on it.</param>
    /// <param name="collate">
    /// Makes a batch of its examples, where they are not stacked: sequences that are padded to the longest, for one. With prefetch it is
    /// called in the background.
    /// </param>
    /// <exception cref="ArgumentException">Two parameters contradict each other.</exception>
    public DataLoader(Dataset dataset, int? batchSize = 1, bool shuffle = false, Sampler? sampler = null, BatchSampler? batchSampler = null,
        bool dropLast = false, Generator? generator = null, int prefetch = 0,
        Func<IReadOnlyList<Tensor[]>, Batch>? collate = null)
    {
        dataset.Given();
        prefetch.AtLeast(0);
        batchSize?.AtLeast(1, nameof(batchSize));
        if (sampler is not null && shuffle)
            throw new ArgumentException("DataLoader: a sampler decides the order; leave out either it or shuffle.", nameof(shuffle));
        if (batchSampler is not null && (batchSize != 1 || shuffle || sampler is not null || dropLast))
            throw new ArgumentException(
                "DataLoader: a batchSampler decides everything about batches; leave out batchSize, shuffle, sampler and dropLast, or it.",
                nameof(batchSampler));
        if (batchSize is null && dropLast)
            throw new ArgumentException(
                "DataLoader: with batchSize null there are no batches, so there is no last one to drop.", nameof(dropLast));

        if (collate is not null && batchSize is null)
            throw new ArgumentException(
                "DataLoader: with batchSize null there are no batches to collate; leave out collate, or give a size.", nameof(collate));
        _collate = collate;
        (Dataset, _generator, _prefetch, _stack) = (dataset, generator, prefetch, batchSize is not null);
        sampler ??= shuffle ? new RandomSampler(dataset.Count, generator: generator) : new SequentialSampler(dataset.Count);
        batchSampler ??= new BatchSampler(sampler, batchSize ?? 1, dropLast);
        string sampled = TypeText.Of(batchSampler.GetType());
        _batches =
            batchSampler.Select(batch => batch ?? throw new InvalidOperationException($"DataLoader: {sampled} gave null for a batch."));
        Count = batchSampler.Count;
    }

    /// <summary>The examples.</summary>
    public Dataset Dataset { get; }

    /// <summary>How many batches an epoch has.</summary>
    public int Count { get; }

    /// <summary>
    /// Begins an epoch. Its <c>Dispose</c>, which <c>foreach</c> calls however it is left, ends what is going on in the background and
    /// waits for it.
    /// </summary>
    public IEnumerator<Batch> GetEnumerator()
    {
        (_generator ?? Rng.Default).NextInt64();        // what PyTorch draws here; see the remarks
        return new Epoch(_batches, Load, _prefetch);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Batch Load(int[] indices) => Dataset.Alone(dataset => _collate is not null ? Collated(dataset, indices)
        : _stack ? dataset.GetBatch(indices) : new Batch(Example(dataset, indices[0])));

    private Batch Collated(Dataset dataset, int[] indices)
    {
        Batch batch = _collate!(Array.ConvertAll(indices, index => Example(dataset, index)));
        return batch.Tensors.Count > 0 ? batch : throw new InvalidOperationException("DataLoader: collate gave a batch without tensors.");
    }

    private static Tensor[] Example(Dataset dataset, int index) =>
        dataset[index] ?? throw new InvalidOperationException($"DataLoader: the dataset gave null for example {index}.");
}
