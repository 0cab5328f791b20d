using System.Security.Cryptography;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// A source of random numbers: MT19937, with the streams of PyTorch's CPU generator. The same seed gives the same numbers
/// as PyTorch, to the bit. Safe to use from several threads, one call at a time getting its numbers; for numbers that do
/// not depend on which thread comes first, give each thread a generator of its own.
/// </summary>
public sealed class Generator
{
    private readonly Lock _gate = new();
    private readonly RandomStream _stream;

    /// <summary>A generator with PyTorch's default seed, 67280421310721.</summary>
    public Generator() => _stream = new RandomStream();

    /// <summary>A generator seeded with <paramref name="seed"/>; see <see cref="ManualSeed(long)"/>.</summary>
    public Generator(long seed) => _stream = new RandomStream((ulong)seed);

    /// <summary>A generator seeded with <paramref name="seed"/>; see <see cref="ManualSeed(long)"/>.</summary>
    public Generator(ulong seed) => _stream = new RandomStream(seed);

    /// <summary>What the generator was last seeded with.</summary>
    public ulong InitialSeed { get { lock (_gate) return _stream.InitialSeed; } }

    /// <summary>
    /// Starts the sequence that belongs to <paramref name="seed"/>, whatever has been drawn before. As in PyTorch only the
    /// low 32 bits of the seed decide the sequence, and a negative seed is its two's complement.
    /// </summary>
    /// <returns>This generator.</returns>
    public Generator ManualSeed(long seed) => ManualSeed((ulong)seed);

    /// <inheritdoc cref="ManualSeed(long)"/>
    public Generator ManualSeed(ulong seed)
    {
        HostAccess.Draw("ManualSeed");
        RandomRecord.Note(this);
        lock (_gate) _stream.Seed(seed);
        return this;
    }

    /// <summary>Seeds the generator with a number nobody can foresee, and returns it.</summary>
    public ulong Seed()
    {
        ulong seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        ManualSeed(seed);
        return seed;
    }

    /// <summary>A uniform number in [0, 1) with 53 random bits: the next element of a float64 <c>rand</c>.</summary>
    public double NextDouble()
    {
        HostAccess.Draw("NextDouble");
        RandomRecord.Note(this);
        lock (_gate) return _stream.NextDouble();
    }

    /// <summary>A uniform number in [0, 2⁶³): the next element of an int64 <c>random_()</c>, and how samplers draw their seeds.</summary>
    public long NextInt64()
    {
        HostAccess.Draw("NextInt64");
        RandomRecord.Note(this);
        lock (_gate) return _stream.NextInt64();
    }

    /// <summary>A snapshot: 5056 bytes, those of PyTorch's <c>get_rng_state()</c> at the same point of the same stream.</summary>
    public byte[] GetState() { lock (_gate) return _stream.GetState(); }

    /// <summary>Where it is now, kept in a stream that is there; without being noted.</summary>
    internal void CopyTo(RandomStream kept) { lock (_gate) kept.CopyFrom(_stream); }

    /// <summary>Continues from where it was. See <see cref="CopyTo"/>.</summary>
    internal void Restore(RandomStream kept) { lock (_gate) _stream.CopyFrom(kept); }

    /// <summary>Continues from a snapshot taken by <see cref="GetState"/> or by PyTorch's <c>get_rng_state()</c>.</summary>
    /// <exception cref="ArgumentException">The bytes are not such a snapshot; the generator is as it was.</exception>
    public void SetState(ReadOnlySpan<byte> state)
    {
        HostAccess.Draw("SetState");
        RandomRecord.Note(this);
        Restore(state);
    }

    /// <summary>
    /// What is drawn until the result is disposed leaves no trace: the state is then set back to what it is now.
    /// <code>using (generator.Fork()) { … }</code>
    /// </summary>
    public GeneratorFork Fork() => new(this);

    /// <summary>As <see cref="SetState"/>, without being noted.</summary>
    internal void Restore(ReadOnlySpan<byte> state) { lock (_gate) _stream.SetState(state); }

    /// <summary>This generator at a state.</summary>
    /// <exception cref="ArgumentException">The bytes are no state.</exception>
    internal Generator With(ReadOnlySpan<byte> state)
    {
        Restore(state);
        return this;
    }

    /// <summary>The words of the state, how many of them were drawn, and the normal that waits to be the next one.</summary>
    internal (uint[] Words, int Position, double? Waiting) Now { get { lock (_gate) return _stream.Now; } }

    /// <summary>
    /// Holds the generator for several draws that belong together: <c>using (generator.Enter(out RandomStream stream)) …</c>.
    /// </summary>
    internal Lock.Scope Enter(out RandomStream stream)
    {
        RandomRecord.Note(this);
        stream = _stream;
        return _gate.EnterScope();
    }
}
