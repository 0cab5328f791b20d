using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Sums of the lanes of four registers at a time, which takes half of the instructions of four sums.</summary>
internal static unsafe class LaneSums
{
    /// <summary>
    /// Writes the sums of the lanes of the first <paramref name="count"/> of a, b, c and d, neighbours added first:
    /// (x₀ + x₁) + (x₂ + x₃), as <see cref="Vector128.Sum"/> has it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(T* to, int count, Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> d) where T : unmanaged
    {
        if (Sse.IsSupported && typeof(T) == typeof(float) && count == 4)
        {
            Vector128<float> ab = Neighbours(a.AsSingle(), b.AsSingle()), cd = Neighbours(c.AsSingle(), d.AsSingle());
            Neighbours(ab, cd).Store((float*)to);
        }
        else if (Sse2.IsSupported && typeof(T) == typeof(double) && count == 4)
        {
            (Sse2.UnpackLow(a.AsDouble(), b.AsDouble()) + Sse2.UnpackHigh(a.AsDouble(), b.AsDouble())).Store((double*)to);
            (Sse2.UnpackLow(c.AsDouble(), d.AsDouble()) + Sse2.UnpackHigh(c.AsDouble(), d.AsDouble())).Store((double*)to + 2);
        }
        else
        {
            to[0] = Vector128.Sum(a);
            if (count > 1) to[1] = Vector128.Sum(b);
            if (count > 2) to[2] = Vector128.Sum(c);
            if (count > 3) to[3] = Vector128.Sum(d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Neighbours(Vector128<float> x, Vector128<float> y) =>
        Sse.Shuffle(x, y, 0b10_00_10_00) + Sse.Shuffle(x, y, 0b11_01_11_01);
}
