using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// The Mersenne Twister of Matsumoto and Nishimura (1998), MT19937, seeded by their <c>init_genrand</c>: the engine
/// behind PyTorch's random numbers on a CPU.
/// </summary>
internal sealed class Mt19937
{
    /// <summary>Words of state.</summary>
    public const int Length = 624;

    private const int Middle = 397;
    private const uint UpperMask = 0x80000000, LowerMask = 0x7fffffff, Matrix = 0x9908b0df;

    private readonly uint[] _state = new uint[Length];

    // Note [Tempered words]: all 624 outputs of a generation are tempered at once, in registers, when the generation
    // is made. Drawing is then a copy. Loops like these are compiled with full optimization at once: most of what is ever drawn,
    // initial weights and the first permutation, is drawn in the first moments of a program.
    private readonly uint[] _words = new uint[Length];

    /// <summary>Words already drawn from the current generation.</summary>
    public int Position { get; private set; } = Length;

    /// <summary>True from seeding to the first draw: the state is then the seed's and no generation has been made of it.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>The untempered state.</summary>
    public ReadOnlySpan<uint> State => _state;

    /// <summary>Starts the sequence that belongs to <paramref name="seed"/>.</summary>
    public void Seed(uint seed)
    {
        _state[0] = seed;
        for (int j = 1; j < Length; j++)
            _state[j] = 1812433253 * (_state[j - 1] ^ (_state[j - 1] >> 30)) + (uint)j;
        Position = Length;
        IsFresh = true;
    }

    /// <summary>Continues from a state taken earlier.</summary>
    public void Restore(ReadOnlySpan<uint> state, int position, bool isFresh)
    {
        state.CopyTo(_state);
        Position = isFresh ? Length : position;
        IsFresh = isFresh;
        Temper();
    }

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        if (Position == Length) Twist();
        return _words[Position++];
    }

    /// <summary>The next 64 bits: of two words the first is the high half.</summary>
    public ulong NextLong()
    {
        ulong high = Next();
        return high << 32 | Next();
    }

    /// <summary>Fills <paramref name="words"/> with the next words.</summary>
    public void Fill(Span<uint> words)
    {
        while (!words.IsEmpty)
        {
            if (Position == Length) Twist();
            int count = Math.Min(words.Length, Length - Position);
            _words.AsSpan(Position, count).CopyTo(words);
            words = words[count..];
            Position += count;
        }
    }

    /// <summary>Makes the next generation in place.</summary>
    private void Twist()
    {
        uint[] s = _state;
        Twist(0, Length - Middle, Middle);
        Twist(Length - Middle, Length - 1, Middle - Length);
        s[Length - 1] = s[Middle - 1] ^ Mix(s[Length - 1], s[0]);
        Temper();
        Position = 0;
        IsFresh = false;
    }

    /// <summary>
    /// s[k] = s[k + offset] ^ mix(s[k], s[k + 1]) for k in [from, to); eight at a time, since no k reads what its next seven write.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Twist(int from, int to, int offset)
    {
        ref uint s = ref MemoryMarshal.GetArrayDataReference(_state);
        int k = from;
        for (; k <= to - Vector256<uint>.Count; k += Vector256<uint>.Count)
        {
            Vector256<uint> current = Vector256.LoadUnsafe(ref s, (nuint)k), next = Vector256.LoadUnsafe(ref s, (nuint)(k + 1));
            Vector256<uint> y = (current & Vector256.Create(UpperMask)) | (next & Vector256.Create(LowerMask));
            Vector256<uint> odd = Vector256<uint>.Zero - (y & Vector256<uint>.One);
            Vector256<uint> far = Vector256.LoadUnsafe(ref s, (nuint)(k + offset));
            (far ^ (y >>> 1) ^ (odd & Vector256.Create(Matrix))).StoreUnsafe(ref s, (nuint)k);
        }
        for (; k < to; k++)
            _state[k] = _state[k + offset] ^ Mix(_state[k], _state[k + 1]);
    }

    private static uint Mix(uint current, uint next)
    {
        uint y = (current & UpperMask) | (next & LowerMask);
        return (y >> 1) ^ ((0 - (y & 1)) & Matrix);
    }

    /// <summary>Note [Tempered words].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Temper()
    {
        ref uint s = ref MemoryMarshal.GetArrayDataReference(_state);
        ref uint words = ref MemoryMarshal.GetArrayDataReference(_words);
        for (nuint k = 0; k < Length; k += (nuint)Vector256<uint>.Count)     // 624 is a multiple of 8
        {
            Vector256<uint> y = Vector256.LoadUnsafe(ref s, k);
            y ^= y >>> 11;
            y ^= (y << 7) & Vector256.Create(0x9d2c5680u);
            y ^= (y << 15) & Vector256.Create(0xefc60000u);
            y ^= y >>> 18;
            y.StoreUnsafe(ref words, k);
        }
    }
}
