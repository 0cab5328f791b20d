namespace Adjoint.Data;

/// <summary>0, 1, 2, …</summary>
/// <param name="count">How many.</param>
public sealed class SequentialSampler(int count) : Sampler
{
    /// <inheritdoc/>
    public override int Count => count;

    /// <inheritdoc/>
    public override IEnumerator<int> GetEnumerator() => Enumerable.Range(0, count).GetEnumerator();
}
