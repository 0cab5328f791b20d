namespace Adjoint.Data;

/// <summary>0, 1, 2, …</summary>
/// <param name="count">How many; at least 0.</param>
public sealed class SequentialSampler(int count) : Sampler
{
    private readonly int _count = count.AtLeast(0);

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override IEnumerator<int> GetEnumerator() => Enumerable.Range(0, _count).GetEnumerator();
}
