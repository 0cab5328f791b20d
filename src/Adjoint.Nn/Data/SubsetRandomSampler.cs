namespace Adjoint.Data;

/// <summary>The given indices in a random order.</summary>
/// <param name="indices">The indices.</param>
/// <param name="generator">Where to draw; by default <see cref="Rng.Default"/>.</param>
public sealed class SubsetRandomSampler(IReadOnlyList<int> indices, Generator? generator = null) : Sampler
{
    private readonly int[] _indices = [.. indices.Given()];

    /// <inheritdoc/>
    public override int Count => _indices.Length;

    /// <inheritdoc/>
    public override IEnumerator<int> GetEnumerator() =>
        RandomSampler.Permutation(_indices.Length, generator ?? Rng.Default).Select(place => _indices[place]).GetEnumerator();
}
