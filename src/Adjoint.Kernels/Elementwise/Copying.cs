using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
        if (bytes is < Least or > Most) Buffer.MemoryCopy(source, target, bytes, bytes);
        else if (Vector512.IsHardwareAccelerated) Registers<Lanes512<byte>>((byte*)source, (byte*)target, (nuint)bytes);
        else if (Vector256.IsHardwareAccelerated) Registers<Lanes256<byte>>((byte*)source, (byte*)target, (nuint)bytes);
        else Registers<Lanes128<byte>>((byte*)source, (byte*)target, (nuint)bytes);
    }

    // Stores across two cache lines take twice as long, loads hardly longer: all but the first and the last register are stored where
    // lines begin.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Registers<R>(byte* source, byte* target, nuint bytes) where R : struct, IRegister<R, byte>
    {
        nuint register = (nuint)R.Count, last = bytes - register;
        R.Store(R.Load(in *source, 0), ref *target, 0);
        for (nuint i = register - (nuint)target % register; i < last; i += register) R.Store(R.Load(in *source, i), ref *target, i);
        R.Store(R.Load(in *source, last), ref *target, last);
    }

    /// <summary>Copies all elements, many of them on several threads.</summary>
    public static void Run<T>(ReadOnlySpan<T> source, Span<T> target) where T : unmanaged
    {
        if (source.Length <= 2 * Chunks.Cheap || source.Length != target.Length || source.Overlaps(target))
        {
            source.CopyTo(target);
            return;
        }
        fixed (T* from = source, to = target)
        {
            var body = new Body<T>(from, to, new Chunks(source.Length, 4 * Chunks.Cheap));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct Body<T>(T* source, T* target, Chunks chunks) : IChunkBody where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk)
        {
            long start = Chunks.Start(chunk), bytes = (Chunks.End(chunk) - start) * sizeof(T);
            Buffer.MemoryCopy(source + start, target + start, bytes, bytes);
        }
    }
}
