using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Copies of pieces of memory.</summary>
internal static unsafe class Copying
{
    // The system's copy of a few thousand bytes takes longer to begin than to do; of little, and of much, it is as quick as any.
    private const long Least = 128, Most = 1 << 18;

    /// <summary>Copies <paramref name="count"/> elements between pieces of memory that do not overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(T* source, T* target, long count) where T : unmanaged
    {
        long bytes = count * sizeof(T);
        if (bytes is >= Least and <= Most) Sweep.Range(new Dense<byte>((byte*)source), (byte*)target, 0, (nuint)bytes, false);
        else Buffer.MemoryCopy(source, target, bytes, bytes);
    }
}
