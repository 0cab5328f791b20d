namespace Adjoint.Kernels;

/// <summary>
/// The random streams of PyTorch on a CPU, bit for bit: MT19937 and the ways to make numbers of its words. Which words a
/// number takes, and in which order, is part of the meaning, so every method says it. Not thread-safe.
/// </summary>
/// <remarks>
/// The streams follow PyTorch 1.13 with its AVX2 kernels, in which a multiply and an add are one fused operation. Float32
/// streams are the same bits on every machine. Float64 streams, and normals of fewer than 16 elements before rounding,
/// use the platform's log, sin and cos, as PyTorch does.
/// </remarks>
internal sealed partial class RandomStream
{
    /// <summary>The seed of a generator that was given none, as in PyTorch.</summary>
    public const ulong DefaultSeed = 67280421310721;

    /// <summary>2⁻⁵³: the distance of the doubles a uniform double is drawn from.</summary>
    private const double Ulp53 = 1.0 / (1L << 53);

    /// <summary>2⁻²⁴: the distance of the floats a uniform float is drawn from.</summary>
    private const float Ulp24 = 1f / (1 << 24);

    /// <summary>Words drawn at a time into a buffer on the stack.</summary>
    private const int Chunk = 1024;

    private readonly Mt19937 _engine = new();

    /// <summary>The second of the last pair of scalar normals, waiting to be the next one.</summary>
    private double? _nextNormal;

    /// <summary>A stream seeded with <paramref name="seed"/>.</summary>
    public RandomStream(ulong seed = DefaultSeed) => Seed(seed);

    /// <summary>What the stream was last seeded with. Only its low 32 bits decide the sequence.</summary>
    public ulong InitialSeed { get; private set; }

    /// <summary>Starts the sequence of <paramref name="seed"/> and forgets a waiting normal.</summary>
    public void Seed(ulong seed)
    {
        InitialSeed = seed;
        _engine.Seed((uint)seed);
        _nextNormal = null;
    }

    /// <summary>One word.</summary>
    public uint NextUInt32() => _engine.Next();

    /// <summary>Two words, the first being the high half.</summary>
    public ulong NextUInt64() => _engine.NextLong();

    /// <summary>Two words mod 2⁶³: a new seed, as PyTorch's samplers draw it.</summary>
    public long NextInt64() => (long)(_engine.NextLong() & long.MaxValue);

    /// <summary>Two words: a multiple of 2⁻⁵³ in [0, 1).</summary>
    public double NextDouble() => Bits53(_engine.NextLong()) * Ulp53;

    /// <summary>One word: a multiple of 2⁻²⁴ in [0, 1).</summary>
    public float NextSingle() => (_engine.Next() & 0xffffff) * Ulp24;

    private static long Bits53(ulong word) => (long)(word & ((1UL << 53) - 1));
}
