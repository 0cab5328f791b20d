namespace Adjoint.Data;

/// <summary>The given indices in a random order.</summary>
/// <param name="indices">The indices.</param>
/// <param name="generator">Where to draw; by default <see cref="Rng.Default"/>.</param>
public sealed class SubsetRandomSampler(IReadOnlyList<int> indices, Generator? generator = null) : Sampler
{
    /// <inheritdoc/>
    public override int Count => indices.Count;

    /// <inheritdoc/>
    public override IEnumerator<int> GetEnumerator() =>
        RandomSampler.Permutation(indices.Count, generator ?? Rng.Default).Select(place => indices[place]).GetEnumerator();
}
