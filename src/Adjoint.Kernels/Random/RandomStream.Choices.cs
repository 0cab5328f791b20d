using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

internal sealed partial class RandomStream
{
    /// <summary>1 with probability <paramref name="p"/>, else 0: a uniform double is less than p. Two words per element.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not in [0, 1].</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Bernoulli<T>(Span<T> target, double p) where T : unmanaged, INumberBase<T>
    {
        if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "Bernoulli: a probability is between 0 and 1.");
        // k·2⁻⁵³ < p exactly when k < ⌈p·2⁵³⌉: the comparison needs no floating point.
        long threshold = (long)Math.Ceiling(p * (1L << 53));
        Span<uint> words = stackalloc uint[Chunk];
        for (; !target.IsEmpty; target = target[Math.Min(Chunk / 2, target.Length)..])
        {
            Span<T> part = target[..Math.Min(Chunk / 2, target.Length)];
            _engine.Fill(words[..(2 * part.Length)]);
            for (int i = 0; i < part.Length; i++)
            {
                long k = Bits53((ulong)words[2 * i] << 32 | words[2 * i + 1]);
                part[i] = T.CreateTruncating(Unsafe.BitCast<bool, byte>(k < threshold));
            }
        }
    }

    /// <summary>1 with the probability at the same place, else 0: a uniform float is less than it. One word per element.</summary>
    /// <exception cref="ArgumentException">A probability is not in [0, 1]. Nothing has been drawn.</exception>
    public void Bernoulli(ReadOnlySpan<float> probabilities, Span<float> target)
    {
        CheckProbabilities(probabilities);
        for (int i = 0; i < target.Length; i++) target[i] = NextSingle() < probabilities[i] ? 1 : 0;
    }

    /// <summary>1 with the probability at the same place, else 0: a uniform double is less than it. Two words per element.</summary>
    /// <inheritdoc cref="Bernoulli(ReadOnlySpan{float}, Span{float})"/>
    public void Bernoulli(ReadOnlySpan<double> probabilities, Span<double> target)
    {
        CheckProbabilities(probabilities);
        for (int i = 0; i < target.Length; i++) target[i] = NextDouble() < probabilities[i] ? 1 : 0;
    }

    /// <summary>Exponential with rate <paramref name="rate"/>: −ln(1 − u)/rate of a uniform double u. Two words per element.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not positive.</exception>
    public void Exponential<T>(Span<T> target, double rate = 1) where T : unmanaged, INumberBase<T>
    {
        if (!(rate > 0)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "Exponential: the rate must be positive.");
        foreach (ref T x in target) x = T.CreateTruncating(-1 / rate * Math.Log(1 - NextDouble()));
    }

    /// <summary>Trials to the first success: ⌈ln u / ln(1 − p)⌉ of a uniform double u. Two words per element.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not in (0, 1).</exception>
    public void Geometric<T>(Span<T> target, double p) where T : unmanaged, INumberBase<T>
    {
        if (!(p > 0 && p < 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "Geometric: the probability must be between 0 and 1.");
        foreach (ref T x in target) x = T.CreateTruncating(Math.Ceiling(Math.Log(NextDouble()) / Math.Log(1 - p)));
    }

    /// <summary>Cauchy: median + sigma·tan(π(u − ½)) of a uniform double u. Two words per element.</summary>
    public void Cauchy<T>(Span<T> target, double median = 0, double sigma = 1) where T : unmanaged, INumberBase<T>
    {
        foreach (ref T x in target) x = T.CreateTruncating(median + sigma * Math.Tan(Math.PI * (NextDouble() - 0.5)));
    }

    /// <summary>
    /// Categories drawn with replacement: the first category whose cumulated weight, in the weights' own precision, reaches
    /// a uniform double. Two words per sample.
    /// </summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or all are zero. Nothing has been drawn.</exception>
    public void Multinomial<T>(ReadOnlySpan<T> weights, Span<long> samples) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckWeights(weights);
        T[] cumulated = new T[weights.Length];
        T sum = T.Zero;
        for (int i = 0; i < weights.Length; i++) cumulated[i] = sum += weights[i];
        for (int i = 0; i < weights.Length; i++) cumulated[i] /= sum;
        cumulated[^1] = T.One;
        foreach (ref long sample in samples)
        {
            double u = NextDouble();
            int from = 0, to = weights.Length;
            while (from < to)
            {
                int middle = from + (to - from) / 2;
                if (double.CreateTruncating(cumulated[middle]) < u) from = middle + 1;
                else to = middle;
            }
            sample = from;
        }
    }

    /// <summary>
    /// Categories drawn without replacement: those with the largest weight / exponential, largest first. Two words per
    /// category, however many are taken.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A weight is negative or not finite, all are zero, or there are fewer categories with a weight than samples asked for. Nothing has
    /// been drawn.
    /// </exception>
    public void MultinomialWithoutReplacement<T>(ReadOnlySpan<T> weights, Span<long> samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckWeights(weights);
        int possible = 0;
        foreach (T weight in weights) if (weight > T.Zero) possible++;
        if (samples.Length > possible)
            throw new ArgumentException(
                $"Multinomial: {samples.Length} samples without replacement, but only {possible} of {weights.Length} weights are above "
                + "zero.");
        T[] keys = new T[weights.Length];
        Exponential<T>(keys);
        for (int i = 0; i < keys.Length; i++) keys[i] = -(weights[i] / keys[i]);
        if (samples.Length <= Few)
        {
            Smallest(keys, samples);
            return;
        }
        int[] order = new int[keys.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        MemoryExtensions.Sort(order.AsSpan(), (a, b) => keys[a].CompareTo(keys[b]) is not 0 and int c ? c : a.CompareTo(b));
        for (int i = 0; i < samples.Length; i++) samples[i] = order[i];
    }

    // So few samples are kept in order while the other categories pass by.
    private const int Few = 64;

    /// <summary>The places of the smallest keys, the smallest first; of equal ones the first.</summary>
    private static void Smallest<T>(ReadOnlySpan<T> keys, Span<long> places) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int kept = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            T key = keys[i];
            if (kept == places.Length && !(key < keys[(int)places[^1]])) continue;
            int at = kept == places.Length ? kept - 1 : kept++;
            for (; at > 0 && key < keys[(int)places[at - 1]]; at--) places[at] = places[at - 1];
            places[at] = i;
        }
    }

    private static void CheckProbabilities<T>(ReadOnlySpan<T> probabilities) where T : IFloatingPoint<T>
    {
        for (int i = 0; i < probabilities.Length; i++)
            if (!(probabilities[i] >= T.Zero && probabilities[i] <= T.One))
                throw new ArgumentException($"Bernoulli: a probability is between 0 and 1, but element {i} is {probabilities[i]}.");
    }

    private static void CheckWeights<T>(ReadOnlySpan<T> weights) where T : IFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= T.Zero && T.IsFinite(weights[i])))
                throw new ArgumentException($"Multinomial: weights are finite and not negative, but weight {i} is {weights[i]}.");
            sum += weights[i];
        }
        if (!(sum > T.Zero)) throw new ArgumentException($"Multinomial: at least one of the {weights.Length} weights must be above zero.");
    }
}
