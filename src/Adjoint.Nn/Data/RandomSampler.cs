using Adjoint.Kernels;

namespace Adjoint.Data;

/// <summary>
/// Indices at random: a new permutation for each epoch, or draws with replacement. The draws are PyTorch's: without a generator,
/// two words of <see cref="Rng.Default"/> seed a new one for the epoch; a given generator is drawn from directly.
/// </summary>
public sealed class RandomSampler : Sampler
{
    private const int DrawsAtOnce = 32;

    private readonly int _count;
    private readonly int _samples;
    private readonly bool _replacement;
    private readonly Generator? _generator;

    /// <summary>Samples from 0 … <paramref name="count"/> − 1.</summary>
    /// <param name="count">The number of examples; at least 0.</param>
    /// <param name="replacement">Whether an index may come again before all have come.</param>
    /// <param name="samples">How many indices an epoch has, at least 1; by default <paramref name="count"/>. Without replacement more than
    /// that begin a further permutation.</param>
    /// <param name="generator">Where to draw.</param>
    public RandomSampler(int count, bool replacement = false, int? samples = null, Generator? generator = null)
    {
        count.AtLeast(replacement && samples is not null ? 1 : 0);
        samples?.AtLeast(1, nameof(samples));
        (_count, _samples, _replacement, _generator) = (count, samples ?? count, replacement, generator);
    }

    /// <inheritdoc/>
    public override int Count => _samples;

    /// <inheritdoc/>
    public override IEnumerator<int> GetEnumerator()
    {
        Generator generator = _generator ?? new Generator(Rng.Default.NextInt64());
        return new SamplerPass(generator, _generator is null, _samples, _replacement ? Draws : Permuted);
    }

    internal override Generator? Source => _generator;

    /// <summary>A random order of 0 … count − 1.</summary>
    internal static int[] Permutation(int count, Generator generator)
    {
        int[] order = new int[count];
        using (generator.Enter(out RandomStream stream)) stream.RandPerm<int>(order);
        return order;
    }

    // PyTorch begins a last permutation even when nothing of it is needed; a generator that is kept must feel that.
    private SamplerPass.Piece? Permuted(Generator generator, int left) =>
        left < 0 || _count == 0 ? null : new(Permutation(_count, generator), Math.Min(left, _count), left - _count);

    private SamplerPass.Piece? Draws(Generator generator, int left)
    {
        if (left <= 0) return null;
        int[] drawn = new int[Math.Min(left, DrawsAtOnce)];
        using (generator.Enter(out RandomStream stream)) stream.RandInt<int>(drawn, 0, _count);
        return new(drawn, drawn.Length, left - drawn.Length);
    }
}
