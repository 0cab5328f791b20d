using System.Collections;
using Adjoint.Nn;

namespace Adjoint.Data;

/// <summary>
/// Goes through a dataset in batches, once for each enumeration:
/// <code>foreach ((Tensor x, Tensor y) in new DataLoader(dataset, batchSize: 64, shuffle: true)) …</code>
/// </summary>
/// <remarks>
/// <para>
/// After the same seed the batches come in PyTorch's order. To begin an epoch takes two words of the generator (PyTorch draws
/// the seed of its workers there, even if it has none), and shuffling takes two more, or the permutation itself if a generator was given.
/// </para>
/// <para>
/// Loaders ask a dataset for one batch at a time, also several loaders, and those of its <see cref="Subset"/>s and
/// <see cref="ConcatDataset"/>s, whatever they prepare in the background: it need not be safe for several threads, unless it says that it
/// is (<see cref="Dataset.IsThreadSafe"/>), as several workers ask of it. (Only it must not wait for another batch of itself.) An error of
/// the dataset arrives as it was thrown when its batch is asked for, and ends the epoch.
/// </para>
/// <para>
/// What a dataset draws from <see cref="Rng.Default"/>, for random crops say, are the program's numbers as in PyTorch, if nothing is
/// prepared in the background. What is, has a default generator of its own for each batch, seeded with the epoch's seed plus the batch's
/// number: so the numbers are the same for any number of workers and of batches ahead (they are those of PyTorch with a worker for each
/// batch), and the program's own draws go on undisturbed.
/// </para>
/// </remarks>
public sealed class DataLoader : IEnumerable<Batch>
{
    /// <summary>How many batches are prepared ahead for each worker, where nothing else was said; PyTorch's number.</summary>
    private const int AheadOfAWorker = 2;

    private readonly Dataset? _dataset;
    private readonly IterableDataset? _stream;
    private readonly IEnumerable<int[]> _batches;
    private readonly int _count, _streamed = 1, _prefetch, _workers;
    private readonly bool _stack, _dropLast;
    private readonly Generator? _generator;
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
    /// <param name="prefetch">How many batches are prepared ahead in the background; at least 0, where 0 is none, or two for each of the
    /// <paramref name="workers"/>. The batches and their order do not depend on it.</param>
    /// <param name="collate">
    /// Makes a batch of its examples, where they are not stacked: sequences that are padded to the longest, for one. With prefetch it is
    /// called in the background, with several workers by several threads.
    /// </param>
    /// <param name="workers">How many batches are prepared at once in the background; at least 0, where 0 is one if there is a
    /// <paramref name="prefetch"/>. The batches do not depend on the number. Several need a dataset that is safe for several
    /// threads.</param>
    /// <exception cref="ArgumentException">Two parameters contradict each other, or the dataset is not safe for several workers.</exception>
    public DataLoader(Dataset dataset, int? batchSize = 1, bool shuffle = false, Sampler? sampler = null, BatchSampler? batchSampler = null,
        bool dropLast = false, Generator? generator = null, int prefetch = 0,
        Func<IReadOnlyList<Tensor[]>, Batch>? collate = null, int workers = 0)
    {
        _dataset = dataset.Given();
        prefetch.AtLeast(0);
        workers.AtLeast(0);
        batchSize?.AtLeast(1, nameof(batchSize));
        if (sampler is not null && shuffle)
            throw new ArgumentException("DataLoader: a sampler decides the order; leave out either it or shuffle.", nameof(shuffle));
        if (batchSampler is not null && (batchSize != 1 || shuffle || sampler is not null || dropLast))
            throw new ArgumentException(
                "DataLoader: a batchSampler decides everything about batches; leave out batchSize, shuffle, sampler and dropLast, or it.",
                nameof(batchSampler));
        CheckSingle(batchSize, dropLast, collate);
        if (workers > 1 && !dataset.IsThreadSafe)
            throw new ArgumentException(
                $"DataLoader: {workers} workers ask the dataset from several threads at once, but {TypeText.Of(dataset.GetType())} does not "
                + "say that it can stand that; override IsThreadSafe if it can, or take workers: 1.", nameof(workers));
        (_collate, _generator, _stack, _workers) = (collate, generator, batchSize is not null, Math.Max(1, workers));
        _prefetch = Ahead(prefetch, workers);
        sampler ??= shuffle ? new RandomSampler(dataset.Count, generator: generator) : new SequentialSampler(dataset.Count);
        batchSampler ??= new BatchSampler(sampler, batchSize ?? 1, dropLast);
        string sampled = TypeText.Of(batchSampler.GetType());
        _batches =
            batchSampler.Select(batch => batch ?? throw new InvalidOperationException($"DataLoader: {sampled} gave null for a batch."));
        _count = batchSampler.Count;
    }

    /// <summary>Batches of a stream, in its order.</summary>
    /// <param name="dataset">The stream. One thread at a time goes through it.</param>
    /// <param name="batchSize">Examples in a batch; at least 1. Null: they come one by one, as they are, without a new first
    /// dimension.</param>
    /// <param name="dropLast">Whether a last batch that is not full is left out.</param>
    /// <param name="generator">Where the epoch's seed is drawn; by default <see cref="Rng.Default"/>.</param>
    /// <param name="prefetch">How many batches are prepared ahead in the background; at least 0.</param>
    /// <param name="collate">Makes a batch of its examples, where they are not stacked. With prefetch it is called in the
    /// background.</param>
    /// <exception cref="ArgumentException">Two parameters contradict each other.</exception>
    public DataLoader(IterableDataset dataset, int? batchSize = 1, bool dropLast = false, Generator? generator = null, int prefetch = 0,
        Func<IReadOnlyList<Tensor[]>, Batch>? collate = null)
    {
        _stream = dataset.Given();
        batchSize?.AtLeast(1, nameof(batchSize));
        CheckSingle(batchSize, dropLast, collate);
        (_prefetch, _streamed, _dropLast, _stack) = (prefetch.AtLeast(0), batchSize ?? 1, dropLast, batchSize is not null);
        (_collate, _generator, _workers, _batches) = (collate, generator, 1, Endless());
    }

    /// <summary>The examples.</summary>
    /// <exception cref="NotSupportedException">They come from an <see cref="IterableDataset"/>.</exception>
    public Dataset Dataset => _dataset
        ?? throw new NotSupportedException("DataLoader: the examples come from an IterableDataset, which has no dataset of indices.");

    /// <summary>How many batches an epoch has.</summary>
    /// <exception cref="NotSupportedException">Nobody knows: the examples come from an <see cref="IterableDataset"/>.</exception>
    public int Count => _stream is null ? _count
        : throw new NotSupportedException("DataLoader: an IterableDataset does not say how many examples it has, so batches cannot be counted.");

    /// <summary>
    /// Begins an epoch. Its <c>Dispose</c>, which <c>foreach</c> calls however it is left, ends what is going on in the background and
    /// waits for it.
    /// </summary>
    public IEnumerator<Batch> GetEnumerator() => Begin(CancellationToken.None);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// The batches, until somebody wishes to stop: then the next one that is asked for is an <see cref="OperationCanceledException"/>, and
    /// what is going on in the background ends.
    /// </summary>
    /// <param name="cancellationToken">The wish.</param>
    public IEnumerable<Batch> WithCancellation(CancellationToken cancellationToken)
    {
        using IEnumerator<Batch> epoch = Begin(cancellationToken);
        while (epoch.MoveNext()) yield return epoch.Current;
    }

    private static void CheckSingle(int? batchSize, bool dropLast, Func<IReadOnlyList<Tensor[]>, Batch>? collate)
    {
        if (batchSize is null && dropLast)
            throw new ArgumentException(
                "DataLoader: with batchSize null there are no batches, so there is no last one to drop.", nameof(dropLast));
        if (batchSize is null && collate is not null)
            throw new ArgumentException(
                "DataLoader: with batchSize null there are no batches to collate; leave out collate, or give a size.", nameof(collate));
    }

    private static int Ahead(int prefetch, int workers) =>
        prefetch > 0 ? prefetch : (int)Math.Min(int.MaxValue, (long)workers * AheadOfAWorker);

    private static IEnumerable<int[]> Endless()
    {
        while (true) yield return [];
    }

    private Epoch Begin(CancellationToken cancellation)
    {
        long seed = (_generator ?? Rng.Default).NextInt64();        // what PyTorch draws here; see the remarks
        if (_stream is null)
        {
            Batch? LoadOne(int[] indices, long number) => Seeded(seed + number, () => Load(indices));
            return new Epoch(new EpochPlan(_batches, LoadOne, _prefetch, _workers, null, cancellation));
        }
        IEnumerator<Tensor[]>? pass = null;
        return new Epoch(new EpochPlan(_batches, (_, number) => Seeded(seed + number, () => Next(pass ??= Opened())), _prefetch, 1,
            () => pass?.Dispose(), cancellation));
    }

    private IEnumerator<Tensor[]> Opened() =>
        _stream!.GetEnumerator()
            ?? throw new InvalidOperationException($"DataLoader: {TypeText.Of(_stream.GetType())} gave null for a pass.");

    /// <summary>Loads with a default generator of its own, if that is done in the background.</summary>
    private Batch? Seeded(long seed, Func<Batch?> load)
    {
        if (_prefetch == 0) return load();
        using OwnRandomNumbers _ = Rng.Own(seed);
        return load();
    }

    private Batch Load(int[] indices) => _dataset!.Alone(dataset => _collate is not null ? Collated(Examples(dataset, indices))
        : _stack ? dataset.GetBatch(indices) : new Batch(Example(dataset, indices[0])));

    private Batch? Next(IEnumerator<Tensor[]> pass)
    {
        var examples = new List<Tensor[]>(Math.Min(_streamed, 1024));
        while (examples.Count < _streamed && pass.MoveNext())
            examples.Add(pass.Current ?? throw new InvalidOperationException("DataLoader: the dataset gave null for an example."));
        if (examples.Count == 0 || (_dropLast && examples.Count < _streamed)) return null;
        return _collate is not null ? Collated([.. examples]) : _stack ? Collate.Stack([.. examples]) : new Batch(examples[0]);
    }

    private Batch Collated(Tensor[][] examples)
    {
        Batch batch = _collate!(examples);
        return batch.Tensors.Count > 0 ? batch : throw new InvalidOperationException("DataLoader: collate gave a batch without tensors.");
    }

    private static Tensor[][] Examples(Dataset dataset, int[] indices) => Array.ConvertAll(indices, index => Example(dataset, index));

    private static Tensor[] Example(Dataset dataset, int index) =>
        dataset[index] ?? throw new InvalidOperationException($"DataLoader: the dataset gave null for example {index}.");
}
