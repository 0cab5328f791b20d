namespace Adjoint.Data;

/// <summary>Examples that can be reached by their index. An example is one or more tensors, usually an input and its target.</summary>
public abstract class Dataset : IReadOnlyList<Tensor[]>
{
    private readonly Lock _asking = new();

    /// <summary>How many examples.</summary>
    public abstract int Count { get; }

    /// <summary>The tensors of one example.</summary>
    public abstract Tensor[] this[int index] { get; }

    /// <summary>The examples, one after the other.</summary>
    public IEnumerator<Tensor[]> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The examples at <paramref name="indices"/>, each part stacked along a new first dimension.</summary>
    /// <exception cref="ShapeException">The examples differ in their number of tensors, or in shape or dtype of one of them.</exception>
    public virtual Batch GetBatch(ReadOnlySpan<int> indices)
    {
        UserCode.CheckStack();
        var examples = new Tensor[indices.Length][];
        for (int i = 0; i < examples.Length; i++) examples[i] = this[indices[i]];
        return Collate.Stack(examples);
    }

    /// <summary>
    /// Whether several threads may ask for examples at once, which a <see cref="DataLoader"/> with several workers does. By default not:
    /// a dataset of one's own that keeps nothing between two questions, or locks what it keeps, overrides this.
    /// </summary>
    public virtual bool IsThreadSafe => false;

    /// <summary>Asks this dataset for something while no loader asks it, in whatever thread, unless it can stand that.</summary>
    internal T Alone<T>(Func<Dataset, T> ask)
    {
        UserCode.CheckStack();
        if (IsThreadSafe) return ask(this);
        lock (_asking) return ask(this);
    }

    /// <summary>The examples with a function of their input, and perhaps one of their target; see <see cref="TransformedDataset"/>.</summary>
    /// <param name="transform">Is given the first tensor of an example, and gives what stands there instead.</param>
    /// <param name="targetTransform">The same for the second; null leaves it.</param>
    public TransformedDataset WithTransform(Func<Tensor, Tensor> transform, Func<Tensor, Tensor>? targetTransform = null) =>
        new(this, transform, targetTransform);

    /// <summary>All examples as one batch.</summary>
    public Batch All() => GetBatch([.. Enumerable.Range(0, Count)]);

    /// <summary>The examples of <paramref name="first"/>, then those of <paramref name="second"/>.</summary>
    public static ConcatDataset operator +(Dataset first, Dataset second) => new(first.Given(), second.Given());

    /// <summary>Cuts the dataset into parts of the given sizes, at random; as PyTorch's <c>random_split</c>.</summary>
    /// <param name="lengths">The sizes; their sum must be <see cref="Count"/>.</param>
    /// <param name="generator">Where the permutation is drawn; by default <see cref="Rng.Default"/>.</param>
    public Subset[] RandomSplit(ReadOnlySpan<int> lengths, Generator? generator = null)
    {
        int sum = 0;
        foreach (int length in lengths)
            sum = checked(
                sum + (length >= 0
                    ? length : throw new ArgumentException($"RandomSplit: a part cannot have {length} examples.", nameof(lengths))));
        if (sum != Count)
            throw new ArgumentException(
                $"RandomSplit: the parts have {sum} examples together, but the dataset has {Count}.", nameof(lengths));
        int[] order = RandomSampler.Permutation(Count, generator ?? Rng.Default);
        var parts = new Subset[lengths.Length];
        int start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = new Subset(this, order[start..(start + lengths[i])]);
            start += lengths[i];
        }
        return parts;
    }

    /// <summary>
    /// Cuts the dataset into parts of the given fractions, at random. Each part gets the whole number below its share; what is left over is
    /// handed out one by one from the first part on.
    /// </summary>
    /// <param name="fractions">The fractions; their sum must be 1.</param>
    /// <param name="generator">Where the permutation is drawn; by default <see cref="Rng.Default"/>.</param>
    public Subset[] RandomSplit(ReadOnlySpan<double> fractions, Generator? generator = null)
    {
        double sum = 0;
        int[] lengths = new int[fractions.Length];
        for (int i = 0; i < lengths.Length; i++)
        {
            if (!(fractions[i] >= 0 && fractions[i] <= 1))
                throw new ArgumentException(
                    $"RandomSplit: a fraction is between 0 and 1, but number {i} is {fractions[i]}.", nameof(fractions));
            sum += fractions[i];
            lengths[i] = (int)Math.Floor(Count * fractions[i]);
        }
        if (Math.Abs(sum - 1) > 1e-9)
            throw new ArgumentException($"RandomSplit: the fractions have the sum {sum}; it must be 1.", nameof(fractions));
        int left = Count - lengths.Sum();
        for (int i = 0; i < left; i++) lengths[i % lengths.Length]++;
        return RandomSplit(lengths, generator);
    }
}
