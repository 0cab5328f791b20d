using Adjoint.Kernels;

namespace Adjoint.Data;

/// <summary>Indices with given weights: index i is drawn in proportion to weight i.</summary>
/// <param name="weights">The weights; they need not have the sum 1.</param>
/// <param name="samples">How many indices an epoch has; at least 1.</param>
/// <param name="replacement">Whether an index may come again.</param>
/// <param name="generator">Where to draw; by default <see cref="Rng.Default"/>.</param>
public sealed class WeightedRandomSampler(IReadOnlyList<double> weights, int samples, bool replacement = true,
    Generator? generator = null) : Sampler
{
    private readonly double[] _weights = Checked(weights, samples, replacement);
    private readonly int _samples = samples.AtLeast(1);

    /// <inheritdoc/>
    public override int Count => _samples;

    /// <inheritdoc/>
    public override IEnumerator<int> GetEnumerator() => new SamplerPass(generator ?? Rng.Default, false, _samples, Draw);

    internal override Generator? Source => generator;

    private SamplerPass.Piece? Draw(Generator from, int left)
    {
        if (left <= 0) return null;
        long[] drawn = new long[_samples];
        using (from.Enter(out RandomStream stream))
        {
            if (replacement) stream.Multinomial<double>(_weights, drawn);
            else stream.MultinomialWithoutReplacement<double>(_weights, drawn);
        }
        return new(Array.ConvertAll(drawn, index => (int)index), drawn.Length, 0);
    }

    private static double[] Checked(IReadOnlyList<double> weights, int samples, bool replacement)
    {
        double[] all = [.. weights.Given()];
        for (int i = 0; i < all.Length; i++)
            if (!Interval.NotNegative.Contains(all[i]))
                throw new ArgumentOutOfRangeException(
                    nameof(weights), all[i], $"WeightedRandomSampler: weight {i} must be {Interval.NotNegative}, but is {all[i]}.");
        int possible = all.Count(weight => weight > 0);
        if (possible == 0)
            throw new ArgumentException(
                $"WeightedRandomSampler: none of the {all.Length} weights is above 0, so nothing can be drawn.", nameof(weights));
        if (!replacement && samples > possible)
            throw new ArgumentOutOfRangeException(
                nameof(samples), samples,
                $"WeightedRandomSampler: {samples} indices cannot be drawn without replacement; {possible} weights are above 0.");
        return all;
    }
}
