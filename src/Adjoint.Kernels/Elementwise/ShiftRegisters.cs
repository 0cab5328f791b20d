using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>
/// Bits moved in registers: there each number has its own count, and one that is too large, or below 0, moves all of them out.
/// </summary>
internal static class ShiftRegisters
{
    internal static bool Are<T>() where T : unmanaged =>
        Avx2.IsSupported && Vector<byte>.Count == Vector256<byte>.Count && (typeof(T) == typeof(long) || typeof(T) == typeof(int));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Left<T>(Vector<T> x, Vector<T> y) where T : unmanaged
    {
        Vector256<T> bits = x.AsVector256(), counts = y.AsVector256();
        return typeof(T) == typeof(long)
            ? Avx2.ShiftLeftLogicalVariable(bits.AsInt64(), counts.AsUInt64()).As<long, T>().AsVector()
            : Avx2.ShiftLeftLogicalVariable(bits.AsInt32(), counts.AsUInt32()).As<int, T>().AsVector();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Right<T>(Vector<T> x, Vector<T> y) where T : unmanaged
    {
        Vector256<T> bits = x.AsVector256(), counts = y.AsVector256();
        if (typeof(T) != typeof(long))
            return Avx2.ShiftRightArithmeticVariable(bits.AsInt32(), counts.AsUInt32()).As<int, T>().AsVector();
        // AVX2 has none of longs that keeps the sign: of those below 0 the inverse moves, and is inverted again.
        Vector256<long> signs = Vector256.LessThan(bits.AsInt64(), Vector256<long>.Zero);
        return (Avx2.ShiftRightLogicalVariable(bits.AsInt64() ^ signs, counts.AsUInt64()) ^ signs).As<long, T>().AsVector();
    }
}
