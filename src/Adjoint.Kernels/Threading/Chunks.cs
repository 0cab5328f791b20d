using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// How <see cref="Length"/> elements are cut into chunks for <see cref="Threads"/>. The cut depends on the length and the
/// grain alone, never on the number of threads; inner boundaries are multiples of <see cref="Alignment"/> elements.
/// </summary>
internal readonly struct Chunks
{
    /// <summary>Grain for operations of about a cycle an element: add, multiply, relu, copy.</summary>
    public const int Cheap = 16384;

    /// <summary>Grain for operations of several cycles an element: exp, tanh, log, divide by rows.</summary>
    public const int Costly = 4096;

    /// <summary>Chunks start at multiples of this many elements: a whole number of cache lines for every dtype.</summary>
    public const int Alignment = 64;

    /// <summary>The number of elements in all.</summary>
    public readonly long Length;

    /// <summary>The number of elements of every chunk but the last.</summary>
    public readonly long Size;

    /// <summary>The number of chunks: 0 for no elements, 1 when a second thread would not pay.</summary>
    public readonly int Count;

    /// <summary>Cuts <paramref name="length"/> elements into chunks of at most about <paramref name="grain"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Chunks(long length, int grain = Cheap)
    {
        Length = length;
        if (length <= 2L * grain)
        {
            Size = length;
            Count = length > 0 ? 1 : 0;
            return;
        }
        // An even number of equal chunks: two threads finish together.
        long pairs = (length + 2L * grain - 1) / (2L * grain);
        long size = (length + 2 * pairs - 1) / (2 * pairs);
        Size = (size + Alignment - 1) & -Alignment;
        Count = checked((int)((length + Size - 1) / Size));
    }

    /// <summary>The first element of a chunk.</summary>
    public long Start(int chunk) => chunk * Size;

    /// <summary>One past the last element of a chunk.</summary>
    public long End(int chunk) => Math.Min((chunk + 1) * Size, Length);
}
