using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Eight numbers of one type made eight of another in registers, with the bits of <see cref="Cast.Of{TFrom,TTo}"/>.</summary>
internal static unsafe class CastRegisters
{
    /// <summary>Whether there is code for the two types on this machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Have<TFrom, TTo>() where TFrom : unmanaged where TTo : unmanaged
    {
        if (!Avx2.IsSupported) return false;
        if (typeof(TFrom) == typeof(byte))
            return typeof(TTo) == typeof(int) || typeof(TTo) == typeof(long) || typeof(TTo) == typeof(float)
                || typeof(TTo) == typeof(double);
        if (typeof(TFrom) == typeof(int))
            return typeof(TTo) == typeof(float) || typeof(TTo) == typeof(double) || typeof(TTo) == typeof(long);
        if (typeof(TFrom) == typeof(float))
            return typeof(TTo) == typeof(bool) || typeof(TTo) == typeof(double) || typeof(TTo) == typeof(int)
            || typeof(TTo) == typeof(long) && Avx512DQ.IsSupported;
        if (typeof(TFrom) == typeof(double)) return typeof(TTo) == typeof(float) || typeof(TTo) == typeof(long) && Avx512DQ.IsSupported;
        if (typeof(TFrom) == typeof(long)) return typeof(TTo) == typeof(int) || typeof(TTo) == typeof(double) && Avx512DQ.IsSupported;
        return false;
    }

    /// <summary>target[i] = (TTo)source[i] for eight i. All are read before any is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Eight<TFrom, TTo>(TFrom* source, TTo* target) where TFrom : unmanaged where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(byte)) OfIntegers(Avx2.ConvertToVector256Int32((byte*)source), target);
        else if (typeof(TFrom) == typeof(int)) OfIntegers(Vector256.Load((int*)source), target);
        else if (typeof(TFrom) == typeof(float) && typeof(TTo) == typeof(int))
            Vector256.ConvertToInt32(Vector256.Load((float*)source)).Store((int*)target);
        else if (typeof(TFrom) == typeof(float) && typeof(TTo) == typeof(bool))
        {
            // NaN is not 0, so it is true.
            Vector256<int> truth = ~Vector256.Equals(Vector256.Load((float*)source), Vector256<float>.Zero).AsInt32();
            Vector128<short> halves = Vector128.Narrow(truth.GetLower(), truth.GetUpper());
            *(ulong*)target = Vector128.Narrow(halves, halves).AsUInt64().ToScalar() & 0x0101010101010101;
        }
        else if (typeof(TFrom) == typeof(float))
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load((float*)source));
            OfDoubles(low, high, target);
        }
        else if (typeof(TFrom) == typeof(double)) OfDoubles(Vector256.Load((double*)source), Vector256.Load((double*)source + 4), target);
        else
        {
            Vector256<long> low = Vector256.Load((long*)source), high = Vector256.Load((long*)source + 4);
            if (typeof(TTo) == typeof(int)) Vector256.Narrow(low, high).Store((int*)target);
            else Pair(Vector256.ConvertToDouble(low), Vector256.ConvertToDouble(high), (double*)target);
        }
    }

    /// <summary>Whether there is code for sixteen at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HaveSixteen<TFrom, TTo>() where TFrom : unmanaged where TTo : unmanaged =>
        Avx512F.IsSupported && typeof(TFrom) == typeof(byte) && (typeof(TTo) == typeof(float) || typeof(TTo) == typeof(int));

    /// <summary>target[i] = (TTo)source[i] for sixteen i: a whole cache line is written at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sixteen<TFrom, TTo>(TFrom* source, TTo* target) where TFrom : unmanaged where TTo : unmanaged
    {
        Vector512<int> x = Avx512F.ConvertToVector512Int32(Vector128.Load((byte*)source));
        if (typeof(TTo) == typeof(int)) x.Store((int*)target);
        else Vector512.ConvertToSingle(x).Store((float*)target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OfIntegers<TTo>(Vector256<int> x, TTo* target) where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(int)) x.Store((int*)target);
        else if (typeof(TTo) == typeof(float)) Vector256.ConvertToSingle(x).Store((float*)target);
        else if (typeof(TTo) == typeof(double))
            Pair(Avx.ConvertToVector256Double(x.GetLower()), Avx.ConvertToVector256Double(x.GetUpper()), (double*)target);
        else
        {
            (Vector256<long> low, Vector256<long> high) = Vector256.Widen(x);
            Pair(low, high, (long*)target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OfDoubles<TTo>(Vector256<double> low, Vector256<double> high, TTo* target) where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(float)) Vector256.Narrow(low, high).Store((float*)target);
        else if (typeof(TTo) == typeof(double)) Pair(low, high, (double*)target);
        else Pair(Vector256.ConvertToInt64(low), Vector256.ConvertToInt64(high), (long*)target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<T>(Vector256<T> low, Vector256<T> high, T* target) where T : unmanaged
    {
        low.Store(target);
        high.Store(target + 4);
    }
}
