using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Numbers at equal distances: float or double, each computed in double by itself, or whole.</summary>
internal static unsafe class Progression
{
    /// <summary>y[i] = start + i·step for i &lt; half, and end − (n − 1 − i)·step from there on: both ends are met.</summary>
    public static void Fill<T>(Span<T> y, double start, double step, double end, int half) where T : unmanaged
    {
        fixed (T* p = y)
        {
            Part(p, 0, Math.Min(half, y.Length), start, step, 0);
            Part(p, Math.Min(half, y.Length), y.Length, end, -step, y.Length - 1);
        }
    }

    /// <summary>The same, cut to whole numbers.</summary>
    public static void FillWhole<T>(Span<T> y, double start, double step, double end, int half) where T : unmanaged
    {
        for (int i = 0; i < y.Length; i++) y[i] = Numbers.Convert<T>(At(i, y.Length, start, step, end, half));
    }

    /// <summary>The same as truth values: 1 where they are not zero.</summary>
    public static void FillTruth<T>(Span<T> y, double start, double step, double end, int half) where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < y.Length; i++) y[i] = At(i, y.Length, start, step, end, half) != 0 ? T.One : T.Zero;
    }

    private static double At(int i, int count, double start, double step, double end, int half) =>
        i < half ? start + i * step : end - (count - 1 - i) * step;

    /// <summary>y[i] = start + i·step, whatever is lost above the highest bit.</summary>
    public static void FillExact<T>(Span<T> y, long start, long step) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(long))
        {
            Fill(MemoryMarshal.Cast<T, long>(y), start, step);
            return;
        }
        for (int i = 0; i < y.Length; i++) y[i] = T.CreateTruncating(start + i * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(Span<long> y, long start, long step)
    {
        fixed (long* p = y)
        {
            int i = 0;
            Vector256<long> next = unchecked(Vector256.Create(start, start + step, start + 2 * step, start + 3 * step)),
                further = Vector256.Create(unchecked(4 * step));
            for (; i <= y.Length - 4; i += 4, next += further) next.Store(p + i);
            for (; i < y.Length; i++) p[i] = unchecked(start + i * step);
        }
    }

    /// <summary>y[i] = origin + |i − from|·step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part<T>(T* y, int first, int last, double origin, double step, int from) where T : unmanaged
    {
        Vector256<double> lanes = Vector256.Create(0.0, 1, 2, 3), o = Vector256.Create(origin), s = Vector256.Create(step);
        int i = first;
        for (; i <= last - 8; i += 8)
        {
            Vector256<double> low = o + Vector256.Abs(Vector256.Create((double)(i - from)) + lanes) * s;
            Vector256<double> high = o + Vector256.Abs(Vector256.Create((double)(i + 4 - from)) + lanes) * s;
            if (typeof(T) == typeof(float))
            {
                Vector256.Narrow(low, high).Store((float*)y + i);
            }
            else
            {
                low.Store((double*)y + i);
                high.Store((double*)y + i + 4);
            }
        }
        for (; i < last; i++) y[i] = Numbers.Convert<T>(origin + Math.Abs(i - from) * step);
    }
}
