using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Bits, the lowest first, as bytes that are 0 or 1.</summary>
internal static unsafe class BitsAsBytes
{
    /// <summary>64 bits to 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong bits, byte* target)
    {
        if (Avx512BW.IsSupported)
        {
            // Every byte of bits in all the bytes that it goes to, and of those one bit in each.
            Vector512<byte> eights = Avx512BW.Shuffle(Vector512.Create(bits).AsByte(), Vector512.Create(
                (byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3,
                4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7));
            Vector512<byte> places = Vector512.Create(0x8040201008040201).AsByte();
            (Vector512.Equals(eights & places, places) & Vector512<byte>.One).Store(target);
        }
        else if (Avx2.IsSupported)
        {
            Half((uint)bits).Store(target);
            Half((uint)(bits >> 32)).Store(target + 32);
        }
        else
        {
            for (long eight = 0; eight < 64; eight += 8, bits >>= 8) *(ulong*)(target + eight) = Eight(bits & 255);
        }
    }

    /// <summary>8 bits as 8 bytes of one number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Eight(ulong bits)
    {
        if (Bmi2.X64.IsSupported) return Bmi2.X64.ParallelBitDeposit(bits, 0x0101010101010101);
        return ((bits & 0x7f) * 0x0002040810204081 & 0x0101010101010101) | (bits & 0x80) << 49;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Half(uint bits)
    {
        Vector256<byte> eights = Avx2.Shuffle(Vector256.Create(bits).AsByte(), Vector256.Create(
            (byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3));
        Vector256<byte> places = Vector256.Create(0x8040201008040201).AsByte();
        return Vector256.Equals(eights & places, places) & Vector256<byte>.One;
    }
}
