using Adjoint.Kernels;

namespace Adjoint.Data;

/// <summary>Indices with given weights: index i is drawn in proportion to weight i.</summary>
/// <param name="weights">The weights; they need not have the sum 1.</param>
/// <param name="samples">How many indices an epoch has.</param>
/// <param name="replacement">Whether an index may come again.</param>
/// <param name="generator">Where to draw; by default <see cref="Rng.Default"/>.</param>
public sealed class WeightedRandomSampler(IReadOnlyList<double> weights, int samples, bool replacement = true, Generator? generator = null) : Sampler
{
    /// <inheritdoc/>
    public override int Count => samples;

    /// <inheritdoc/>
    public override IEnumerator<int> GetEnumerator()
    {
        long[] drawn = new long[samples];
        using ((generator ?? Rng.Default).Enter(out RandomStream stream))
        {
            if (replacement) stream.Multinomial<double>([.. weights], drawn);
            else stream.MultinomialWithoutReplacement<double>([.. weights], drawn);
        }
        return drawn.Select(index => (int)index).GetEnumerator();
    }
}
