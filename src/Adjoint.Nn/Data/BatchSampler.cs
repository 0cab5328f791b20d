using System.Collections;
using Adjoint.Nn;

namespace Adjoint.Data;

/// <summary>
/// Groups the indices of a sampler into batches. Derive from it for batches of another kind: of like lengths, of equal classes.
/// </summary>
public class BatchSampler : IEnumerable<int[]>
{
    private readonly Sampler? _sampler;
    private readonly int _batchSize;
    private readonly bool _dropLast;

    /// <summary>Batches of <paramref name="batchSize"/> indices of <paramref name="sampler"/>.</summary>
    /// <param name="sampler">The indices.</param>
    /// <param name="batchSize">Indices in a batch; at least 1.</param>
    /// <param name="dropLast">Whether a last batch that is not full is left out.</param>
    public BatchSampler(Sampler sampler, int batchSize, bool dropLast = false)
    {
        sampler.Given();
        (_sampler, _batchSize, _dropLast) = (sampler, batchSize.AtLeast(1), dropLast);
    }

    /// <summary>For batches of one's own: override <see cref="Count"/> and <see cref="GetEnumerator"/>.</summary>
    protected BatchSampler()
    {
    }

    /// <summary>How many batches an epoch has.</summary>
    public virtual int Count => (int)((Indices.Count + (_dropLast ? 0L : _batchSize - 1)) / _batchSize);

    /// <inheritdoc cref="Sampler.GetEnumerator"/>
    public virtual IEnumerator<int[]> GetEnumerator() => new BatchPass(Indices, _batchSize, _dropLast);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The generator that was given to draw from.</summary>
    internal Generator? Source => _sampler?.Source;

    private Sampler Indices =>
        _sampler ?? throw new NotSupportedException($"{TypeText.Of(GetType())}: a batch sampler of one's own overrides Count and GetEnumerator.");
}
