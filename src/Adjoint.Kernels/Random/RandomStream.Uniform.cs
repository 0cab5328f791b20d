using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

internal sealed partial class RandomStream
{
    /// <summary>
    /// Uniform on [<paramref name="low"/>, <paramref name="high"/>): one word per element; x·(high − low) + low rounded once.
    /// </summary>
    public void Uniform(Span<float> target, double low = 0, double high = 1)
    {
        float from = (float)low, width = (float)high - from;
        // The words become the numbers, in place, while they are in the cache.
        for (; target.Length > InCache; target = target[InCache..]) Numbers(target[..InCache], from, width);
        Numbers(target, from, width);
    }

    private const int InCache = 4096;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Numbers(Span<float> target, float from, float width)
    {
        _engine.Fill(MemoryMarshal.Cast<float, uint>(target));
        ref float first = ref MemoryMarshal.GetReference(target);
        int i = 0;
        for (; i <= target.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<int> word = Vector256.LoadUnsafe(ref first, (nuint)i).AsInt32() & Vector256.Create(0xffffff);
            Vector256<float> x = Vector256.ConvertToSingle(word) * Ulp24;
            Vector256.FusedMultiplyAdd(x, Vector256.Create(width), Vector256.Create(from)).StoreUnsafe(ref first, (nuint)i);
        }
        for (; i < target.Length; i++)
        {
            float x = (BitConverter.SingleToInt32Bits(target[i]) & 0xffffff) * Ulp24;
            target[i] = MathF.FusedMultiplyAdd(x, width, from);
        }
    }

    /// <summary>
    /// Uniform on [<paramref name="low"/>, <paramref name="high"/>): two words per element; x·(high − low) + low rounded once.
    /// </summary>
    public void Uniform(Span<double> target, double low = 0, double high = 1)
    {
        double width = high - low;
        for (; target.Length > InCache; target = target[InCache..]) Numbers(target[..InCache], low, width);
        Numbers(target, low, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Numbers(Span<double> target, double from, double width)
    {
        _engine.Fill(MemoryMarshal.Cast<double, uint>(target));              // two words are one double: in place again
        ref double first = ref MemoryMarshal.GetReference(target);
        int i = 0;
        for (; i <= target.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            // The first word of each two is the high half.
            Vector256<ulong> words = Vector256.LoadUnsafe(ref first, (nuint)i).AsUInt64();
            Vector256<ulong> bits = (words & Vector256.Create(0x1ffffful)) << 32 | words >>> 32;
            Vector256<double> x = Vector256.ConvertToDouble(bits.AsInt64()) * Ulp53;
            Vector256.FusedMultiplyAdd(x, Vector256.Create(width), Vector256.Create(from)).StoreUnsafe(ref first, (nuint)i);
        }
        for (; i < target.Length; i++)
        {
            ulong word = BitOperations.RotateLeft(BitConverter.DoubleToUInt64Bits(target[i]), 32);
            target[i] = Math.FusedMultiplyAdd(Bits53(word) * Ulp53, width, from);
        }
    }
}
