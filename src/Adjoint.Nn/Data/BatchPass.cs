using System.Collections;
using Adjoint.Training;

namespace Adjoint.Data;

/// <summary>One pass of a <see cref="BatchSampler"/>: indices of a sampler, so many at a time.</summary>
internal sealed class BatchPass(Sampler sampler, int batchSize, bool dropLast) : IEnumerator<int[]>
{
    private IEnumerator<int>? _indices;
    private int[]? _current;
    private bool _isOver;

    /// <inheritdoc/>
    public int[] Current => _current
        ?? throw new InvalidOperationException("There is no batch before the first MoveNext, and none after it has returned false.");

    object IEnumerator.Current => Current;

    /// <summary>What knows where the pass is, once it has begun; null where the sampler's own enumerator does not tell.</summary>
    internal IStateful? Place => _indices as IStateful;

    /// <summary>Asks the sampler for a pass.</summary>
    internal BatchPass Begin()
    {
        UserCode.CheckStack();
        _indices ??= sampler.GetEnumerator();
        return this;
    }

    /// <inheritdoc/>
    public bool MoveNext()
    {
        _current = null;
        if (_isOver) return false;
        Begin();
        var batch = new List<int>(Math.Min(batchSize, sampler.Count));
        while (batch.Count < batchSize && _indices!.MoveNext()) batch.Add(_indices.Current);
        _isOver = batch.Count < batchSize;
        if (batch.Count == 0 || (_isOver && dropLast)) return false;
        _current = [.. batch];
        return true;
    }

    /// <inheritdoc/>
    public void Reset() => throw new NotSupportedException("A pass of a batch sampler cannot be begun again; ask the sampler for another.");

    /// <inheritdoc/>
    public void Dispose() => _indices?.Dispose();
}
