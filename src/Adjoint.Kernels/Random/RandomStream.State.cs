using System.Buffers.Binary;

namespace Adjoint.Kernels;

internal sealed partial class RandomStream
{
    /// <summary>The size of a state in bytes.</summary>
    public const int StateSize = NextFloatIsValidAt + 4;

    // The layout of torch.get_rng_state(), little-endian: the seed, the engine (each of its words in eight bytes), the
    // waiting normal, and a float normal that the CPU streams never use.
    private const int SeedAt = 0, LeftAt = 8, SeededAt = 12, NextAt = 16, WordsAt = 24;
    private const int NormalAt = WordsAt + 8 * Mt19937.Length + 8, NormalIsValidAt = NormalAt + 16,
        NextFloatIsValidAt = NormalIsValidAt + 12;

    /// <summary>The words of the engine, how many of them were drawn, and the normal that waits to be the next one.</summary>
    public (uint[] Words, int Position, double? Waiting) Now => (_engine.State.ToArray(), _engine.Position, _nextNormal);

    /// <summary>The state of the stream, in the bytes of <c>torch.get_rng_state()</c>.</summary>
    public byte[] GetState()
    {
        byte[] bytes = new byte[StateSize];
        Span<byte> state = bytes;
        BinaryPrimitives.WriteUInt64LittleEndian(state[SeedAt..], InitialSeed);
        // "left" counts the draws up to and including the one that makes a new generation.
        BinaryPrimitives.WriteInt32LittleEndian(state[LeftAt..], _engine.IsFresh ? 1 : Mt19937.Length + 1 - _engine.Position);
        BinaryPrimitives.WriteInt32LittleEndian(state[SeededAt..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(state[NextAt..], _engine.IsFresh ? 0 : _engine.Position);
        for (int i = 0; i < Mt19937.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(state[(WordsAt + 8 * i)..], _engine.State[i]);
        if (_nextNormal is double waiting)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(state[NormalAt..], waiting);
            BinaryPrimitives.WriteInt32LittleEndian(state[NormalIsValidAt..], 1);
        }
        return bytes;
    }

    /// <summary>Continues from where another stream is.</summary>
    public void CopyFrom(RandomStream other)
    {
        (InitialSeed, _nextNormal) = (other.InitialSeed, other._nextNormal);
        _engine.Restore(other._engine.State, other._engine.Position, other._engine.IsFresh);
    }

    /// <summary>Continues from a state taken by <see cref="GetState"/> or by <c>torch.get_rng_state()</c>.</summary>
    /// <exception cref="ArgumentException">The bytes are not such a state. Nothing has been changed.</exception>
    public void SetState(ReadOnlySpan<byte> state)
    {
        if (state.Length != StateSize)
            throw new ArgumentException($"SetState: a state has {StateSize} bytes, but {state.Length} were given.", nameof(state));
        int left = BinaryPrimitives.ReadInt32LittleEndian(state[LeftAt..]);
        long next = BinaryPrimitives.ReadInt64LittleEndian(state[NextAt..]);
        bool isFresh = left == 1 && next == 0;
        if (BinaryPrimitives.ReadInt32LittleEndian(state[SeededAt..]) != 1 || left is < 1 or > Mt19937.Length
            || !(isFresh || next == Mt19937.Length + 1 - left))
            throw new ArgumentException($"SetState: not the state of an MT19937 generator (left {left}, next {next}).", nameof(state));
        Span<uint> words = stackalloc uint[Mt19937.Length];
        for (int i = 0; i < words.Length; i++) words[i] = (uint)BinaryPrimitives.ReadUInt64LittleEndian(state[(WordsAt + 8 * i)..]);

        InitialSeed = BinaryPrimitives.ReadUInt64LittleEndian(state[SeedAt..]);
        _engine.Restore(words, (int)next, isFresh);
        _nextNormal = BinaryPrimitives.ReadInt32LittleEndian(state[NormalIsValidAt..]) != 0
            ? BinaryPrimitives.ReadDoubleLittleEndian(state[NormalAt..]) : null;
    }
}
