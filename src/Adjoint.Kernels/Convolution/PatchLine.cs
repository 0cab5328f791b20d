using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Copies of what neighbours in a row read with one tap.</summary>
internal static unsafe class PatchLine<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>target[i] = row[start + i·step], and 0 where the row does not go.</summary>
    /// <param name="row">The row.</param>
    /// <param name="size">Its elements.</param>
    /// <param name="start">Where the first reads.</param>
    /// <param name="step">How far apart neighbours read.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="length">How many there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(T* row, int size, nint start, int step, T* target, int length)
    {
        if (step == 1 && start >= 0 && start <= size - length) Copy(row + start, target, length);
        else CopyPart(row, size, start, step, target, length);
    }

    /// <summary>Zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear(T* target, int length)
    {
        int i = 0;
        for (; i <= length - S.Lanes; i += S.Lanes) S.Store(target + i, default);
        if (i < length) S.Store(target + i, S.Mask(length - i), default);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* from, T* to, int length)
    {
        int i = 0;
        for (; i <= length - S.Lanes; i += S.Lanes) S.Store(to + i, S.Load(from + i));
        if (i == length) return;
        V mask = S.Mask(length - i);
        S.Store(to + i, mask, S.Load(from + i, mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPart(T* row, int size, nint start, int step, T* target, int length)
    {
        nint first = start >= 0 ? 0 : (-start + step - 1) / step;
        nint end = start >= size ? 0 : Math.Min(length, (size - 1 - start) / step + 1);
        if (first >= end)
        {
            Clear(target, length);
            return;
        }
        for (nint i = 0; i < first; i++) target[i] = default;
        if (step == 1)
        {
            Copy(row + start + first, target + first, (int)(end - first));
        }
        else
        {
            T* from = row + start + first * step;
            for (nint i = first; i < end; i++, from += step) target[i] = *from;
        }
        for (nint i = end; i < length; i++) target[i] = default;
    }
}
