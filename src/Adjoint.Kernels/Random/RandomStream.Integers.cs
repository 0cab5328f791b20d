using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

internal sealed partial class RandomStream
{
    /// <summary>
    /// Whole numbers in [<paramref name="low"/>, <paramref name="high"/>): word mod (high − low) + low, with PyTorch's
    /// slight bias to small numbers. One word per element; two for a range of 2³² or more in the types int64, float32
    /// and float64.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="low"/> is not less than <paramref name="high"/>.</exception>
    public void RandInt<T>(Span<T> target, long low, long high) where T : unmanaged, INumberBase<T>
    {
        if (low >= high) throw new ArgumentException($"RandInt: low must be less than high, but low is {low} and high is {high}.");
        (low, ulong range, bool isWide) = Range<T>(low, high);
        if (isWide)
        {
            foreach (ref T x in target) x = T.CreateTruncating((long)(_engine.NextLong() % range) + low);
            return;
        }
        Span<uint> words = stackalloc uint[Chunk];
        for (; !target.IsEmpty; target = target[Math.Min(Chunk, target.Length)..])
        {
            Span<T> part = target[..Math.Min(Chunk, target.Length)];
            _engine.Fill(words[..part.Length]);
            for (int i = 0; i < part.Length; i++)
            {
                uint remainder = range > uint.MaxValue ? words[i] : words[i] % (uint)range;
                part[i] = T.CreateTruncating(remainder + low);
            }
        }
    }

    /// <summary>From which number on, out of how many, and whether each takes two words.</summary>
    public static (long Low, ulong Range, bool IsWide) Range<T>(long low, long high) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) (low, high) = WithinPrecision<float>(low, high, 24);
        if (typeof(T) == typeof(double)) (low, high) = WithinPrecision<double>(low, high, 53);
        ulong range = (ulong)high - (ulong)low;
        bool mayBeWide = typeof(T) == typeof(long) || typeof(T) == typeof(float) || typeof(T) == typeof(double);
        return (low, range, range > uint.MaxValue && mayBeWide);
    }

    /// <summary>Moves limits inwards where a floating-point type of <paramref name="digits"/> bits would round past them.</summary>
    private static (long Low, long High) WithinPrecision<T>(long low, long high, int digits) where T : IFloatingPoint<T>
    {
        long first = long.CreateSaturating(T.CreateTruncating(low + 1)), last = long.CreateSaturating(T.CreateTruncating(high - 1));
        return (first < low ? first + Spacing(low + 1) : low, last >= high ? last - Spacing(high - 1) : high);

        long Spacing(long at) => 1L << (BitOperations.Log2((ulong)Math.Abs(at)) - digits + 1);
    }

    /// <summary>
    /// Whole numbers over all of the type, as <c>Tensor.random_()</c> draws them: two words mod 2⁶³ for int64; one word mod
    /// 2³¹ for int32, mod 2⁸ for uint8, mod 2²⁴ + 1 for float32; two words mod 2⁵³ + 1 for float64.
    /// </summary>
    /// <exception cref="NotSupportedException">Another type.</exception>
    public void Random<T>(Span<T> target) where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(long) || typeof(T) == typeof(double))
        {
            ulong modulus = typeof(T) == typeof(long) ? 1UL << 63 : (1UL << 53) + 1;
            foreach (ref T x in target) x = T.CreateTruncating(_engine.NextLong() % modulus);
            return;
        }
        uint range = typeof(T) == typeof(int) ? 1u << 31
            : typeof(T) == typeof(byte) ? 1u << 8
            : typeof(T) == typeof(float) ? (1u << 24) + 1
            : throw new NotSupportedException(
                $"Random: no stream over all of {typeof(T).Name}; there is one for Int64, Int32, Byte, Single and Double.");
        foreach (ref T x in target) x = T.CreateTruncating(_engine.Next() % range);
    }

    /// <summary>A permutation of 0 … n − 1: place i is exchanged with place i + word mod (n − i). n − 1 words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void RandPerm<T>(Span<T> target) where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < target.Length; i++) target[i] = T.CreateTruncating(i);
        Span<uint> words = stackalloc uint[Chunk];
        for (long done = 0; done < target.Length - 1; done += Chunk)
        {
            int count = (int)Math.Min(Chunk, target.Length - 1 - done);
            _engine.Fill(words[..count]);
            for (int i = 0; i < count; i++)
            {
                int place = (int)done + i, other = place + (int)(words[i] % (uint)(target.Length - place));
                (target[place], target[other]) = (target[other], target[place]);
            }
        }
    }
}
