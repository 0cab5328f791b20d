using System.Collections;

namespace Adjoint.Data;

/// <summary>
/// Examples that come one after the other and are not reached by an index: lines of a file, what a generator makes, what arrives. As
/// PyTorch's <c>IterableDataset</c>.
/// <code>
/// IterableDataset squares = IterableDataset.Of(() => Enumerable.Range(0, 5).Select(i => new[] { Tensor.Scalar(i * i) }));
/// foreach (Batch batch in new DataLoader(squares, batchSize: 2)) Console.WriteLine(batch[0]);
/// </code>
/// </summary>
/// <remarks>Each enumeration begins anew. A loader enumerates in one thread at a time, whatever it prepares ahead.</remarks>
public abstract class IterableDataset : IEnumerable<Tensor[]>
{
    /// <summary>Begins a pass over the examples, each one or more tensors.</summary>
    public abstract IEnumerator<Tensor[]> GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The examples that a function gives, which is called for each pass.</summary>
    /// <param name="examples">Gives the examples of a pass.</param>
    public static IterableDataset Of(Func<IEnumerable<Tensor[]>> examples) => new Given(examples.Given());

    /// <summary>The examples of <paramref name="first"/>, then those of <paramref name="second"/>.</summary>
    public static ChainDataset operator +(IterableDataset first, IterableDataset second) => new(first.Given(), second.Given());

    private sealed class Given(Func<IEnumerable<Tensor[]>> examples) : IterableDataset
    {
        public override IEnumerator<Tensor[]> GetEnumerator() =>
            (examples() ?? throw new InvalidOperationException("IterableDataset: the function gave null for the examples."))
            .GetEnumerator();
    }
}
