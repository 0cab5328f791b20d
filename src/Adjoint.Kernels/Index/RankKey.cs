using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Numbers as unsigned integers in the same order, so that sorting looks at bits instead of comparing: −0 equals 0, and NaN, whatever its
/// bits, is the largest.
/// </summary>
/// <remarks>
/// Negative floating-point numbers grow with their bits where they should fall: all their bits are turned, and the sign of the others.
/// </remarks>
internal static class RankKey
{
    /// <summary>
    /// The key of <paramref name="value"/>, in the lowest 32 bits for types of up to four bytes; turned when the order is descending.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of<T>(T value, bool descending) where T : unmanaged
    {
        if (typeof(T) == typeof(double) || typeof(T) == typeof(long))
        {
            ulong key = typeof(T) == typeof(double) ? Of(Unsafe.BitCast<T, double>(value)) : Unsafe.BitCast<T, ulong>(value) ^ 1ul << 63;
            return descending ? ~key : key;
        }
        uint narrow = typeof(T) == typeof(float) ? Of(Unsafe.BitCast<T, float>(value))
            : typeof(T) == typeof(int) ? Unsafe.BitCast<T, uint>(value) ^ 1u << 31
            : typeof(T) == typeof(byte) ? Unsafe.BitCast<T, byte>(value)
            : throw new NotSupportedException($"{typeof(T)} has no order; element types are float, double, int, long and byte.");
        return descending ? ~narrow : narrow;
    }

    // Adding 0 makes 0 of −0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Of(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return float.IsNaN(value) ? uint.MaxValue : bits ^ ((uint)((int)bits >> 31) | 1u << 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Of(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value + 0d);
        return double.IsNaN(value) ? ulong.MaxValue : bits ^ ((ulong)((long)bits >> 63) | 1ul << 63);
    }
}
