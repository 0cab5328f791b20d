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
    public override IEnumerator<int> GetEnumerator() => new SamplerPass(generator ?? Rng.Default, false, Begun, Draw);

    internal override Generator? Source => generator;

    // One piece, also of no indices: the permutation of nothing is drawn, as in PyTorch.
    private const int Begun = 1;

    private SamplerPass.Piece? Draw(Generator from, int left) => left < Begun ? null
        : new(Array.ConvertAll(RandomSampler.Permutation(_indices.Length, from), place => _indices[place]), _indices.Length, 0);
}
