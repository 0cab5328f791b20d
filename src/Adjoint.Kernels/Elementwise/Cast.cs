using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>Conversion of element types.</summary>
internal static unsafe class Cast
{
    /// <summary>
    /// target[i] = (TTo)source[i]: floating-point numbers are rounded to float, cut to whole numbers for integers; bool is ≠ 0,
    /// and true is 1; integers keep their low bits. The arrays may be one when the types have one size.
    /// </summary>
    public static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> target) where TFrom : unmanaged where TTo : unmanaged
    {
        if (source.Length != target.Length)
            throw new ArgumentException($"The source has {source.Length} elements, the target {target.Length}.");
        if (typeof(TFrom) == typeof(TTo))
        {
            MemoryMarshal.Cast<TFrom, TTo>(source).CopyTo(target);
            return;
        }
        fixed (TFrom* from = source)
        fixed (TTo* to = target)
        {
            var body = new Body<TFrom, TTo>(from, to, new Chunks(target.Length, Chunks.Cheap));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct Body<TFrom, TTo>(TFrom* source, TTo* target, Chunks chunks) : IChunkBody where TFrom : unmanaged
        where TTo : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            long i = Chunks.Start(chunk), end = Chunks.End(chunk);
            if (CastRegisters.HaveSixteen<TFrom, TTo>())
            {
                for (; i + 16 <= end; i += 16) CastRegisters.Sixteen(source + i, target + i);
            }
            if (CastRegisters.Have<TFrom, TTo>())
            {
                // The arrays may be one: what is read is always written before anything beyond is read.
                for (; i + 8 <= end; i += 8) CastRegisters.Eight(source + i, target + i);
            }
            for (; i < end; i++) target[i] = Of<TFrom, TTo>(source[i]);
        }
    }

    /// <summary>One number of another type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TTo Of<TFrom, TTo>(TFrom value) where TFrom : unmanaged where TTo : unmanaged
    {
        bool whole = typeof(TFrom) == typeof(long) || typeof(TFrom) == typeof(int) || typeof(TFrom) == typeof(byte)
            || typeof(TFrom) == typeof(bool);
        if (!whole || typeof(TTo) == typeof(float) && typeof(TFrom) != typeof(long)) return Numbers.Convert<TTo>(Numbers.ToDouble(value));
        long number = typeof(TFrom) == typeof(long) ? Unsafe.BitCast<TFrom, long>(value)
            : typeof(TFrom) == typeof(int) ? Unsafe.BitCast<TFrom, int>(value)
            : Unsafe.BitCast<TFrom, byte>(value);
        if (typeof(TTo) == typeof(float)) return Unsafe.BitCast<float, TTo>(number);
        if (typeof(TTo) == typeof(double)) return Unsafe.BitCast<double, TTo>(number);
        if (typeof(TTo) == typeof(long)) return Unsafe.BitCast<long, TTo>(number);
        if (typeof(TTo) == typeof(int)) return Unsafe.BitCast<int, TTo>((int)number);
        if (typeof(TTo) == typeof(byte)) return Unsafe.BitCast<byte, TTo>((byte)number);
        return Unsafe.BitCast<bool, TTo>(number != 0);
    }
}
