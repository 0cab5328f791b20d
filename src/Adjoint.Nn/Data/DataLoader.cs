using System.Collections;
using Adjoint.Nn;
using Adjoint.Training;

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
/// <para>
/// A loader knows where it is: <see cref="StateDict"/> in the middle of an epoch, loaded by a loader of the same dataset and options, has its
/// next enumeration go on with the batch that follows. A <see cref="Checkpoint"/> does this.
/// </para>
/// </remarks>
public sealed class DataLoader : IEnumerable<Batch>, IStateful
{
    private readonly BatchSampler _batches;
    private readonly bool _stack;
    private readonly Generator? _generator;
    private readonly int _prefetch;
    private readonly Func<IReadOnlyList<Tensor[]>, Batch>? _collate;
    private WeakReference<Epoch>? _epoch;
    private EpochPlace? _goOn;

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
        _batches = batchSampler;
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
        EpochPlace? from = Interlocked.Exchange(ref _goOn, null);
        if (from is null) (_generator ?? Rng.Default).NextInt64();        // what PyTorch draws here; see the remarks
        var epoch = new Epoch(new BatchOrder(_batches, _generator, from), Load, _prefetch);
        _epoch = new(epoch);
        return epoch;
    }

    /// <summary>
    /// Where the loader is, for saving: between two epochs, or in the middle of the one that was begun last and is not over, after the batch
    /// that was given last. With it come the states of the generators that were given to the loader and its sampler.
    /// </summary>
    /// <remarks>
    /// <see cref="Rng.Default"/> is not in it; a <see cref="Checkpoint"/> keeps that. A sampler of one's own, whose enumerator is not
    /// <see cref="IStateful"/>, is asked again for the batches that were given; it must draw its order when an epoch begins.
    /// </remarks>
    public IReadOnlyDictionary<string, object?> StateDict()
    {
        var state = new OrderedDictionary<string, object?> { ["examples"] = Dataset.Count, ["batches"] = Count };
        if (_generator is { } own) state["generator"] = Tensor.From(own.GetState());
        if (_batches.Source is { } source) state["sampler_generator"] = Tensor.From(source.GetState());
        if ((_goOn ?? (_epoch is not null && _epoch.TryGetTarget(out Epoch? epoch) ? epoch.Place : null)) is { } place)
            state["epoch"] = place.ToState();
        return state;
    }

    /// <summary>
    /// Continues from a saved state: the next enumeration goes on with the epoch that was begun, if there was one, after the batch that was
    /// given last. (It gives no batch at all where that was the epoch's last.)
    /// </summary>
    /// <param name="state">What <see cref="StateDict"/> of a loader of the same dataset and options gave.</param>
    /// <exception cref="ArgumentException">It is of a loader of another dataset or other batches; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        state.Given();
        int examples = States.Whole(state, "examples", nameof(DataLoader)), batches = States.Whole(state, "batches", nameof(DataLoader));
        if (examples != Dataset.Count || batches != Count)
            throw new ArgumentException(
                $"DataLoader: the state is of a loader of {examples} examples in {batches} batches, but this one has {Dataset.Count} in {Count}.",
                nameof(state));
        EpochPlace? place = state.TryGetValue("epoch", out object? epoch) ? EpochPlace.Of(epoch, examples) : null;
        foreach ((string name, Generator? generator) in (ReadOnlySpan<(string, Generator?)>)[("generator", _generator),
            ("sampler_generator", _batches.Source)])
        {
            if (generator is null && state.ContainsKey(name))
                throw new ArgumentException($"DataLoader: the state has a \"{name}\", but this loader was given none.", nameof(state));
            if (generator is not null) _ = new Generator(0).With(States.Bytes(state, name, nameof(DataLoader)));
        }
        _generator?.SetState(States.Bytes(state, "generator", nameof(DataLoader)));
        _batches.Source?.SetState(States.Bytes(state, "sampler_generator", nameof(DataLoader)));
        _goOn = place;
        _epoch = null;
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
