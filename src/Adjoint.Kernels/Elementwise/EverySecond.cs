using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Every second element, two registers at a time.</summary>
internal static unsafe class EverySecond
{
    /// <summary>
    /// target[i] = source[2·i], as far as whole registers of elements are read of which the last is wanted or has one behind it that is;
    /// returns how many were copied.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Copy<T>(T* source, T* target, int count) where T : unmanaged
    {
        int i = 0;
        if (sizeof(T) == 4 && Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            Vector512<int> even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            for (; i + 16 < count; i += 16)
            {
                Vector512<int> low = Vector512.Load((int*)(source + 2 * i)), high = Vector512.Load((int*)(source + 2 * i) + 16);
                Avx512F.PermuteVar16x32x2(low, even, high).Store((int*)(target + i));
            }
        }
        else if (sizeof(T) == 4 && Avx2.IsSupported)
        {
            for (; i + 8 < count; i += 8)
            {
                Vector256<float> low = Vector256.Load((float*)(source + 2 * i)), high = Vector256.Load((float*)(source + 2 * i) + 8);
                // Of each half of a register the two even ones: the halves stand 0, 2, 1, 3.
                Vector256<double> pairs = Avx.Shuffle(low, high, 0b10_00_10_00).AsDouble();
                Avx2.Permute4x64(pairs, 0b11_01_10_00).AsSingle().Store((float*)(target + i));
            }
        }
        else if (sizeof(T) == 8 && Avx2.IsSupported)
        {
            for (; i + 4 < count; i += 4)
            {
                Vector256<double> low = Vector256.Load((double*)(source + 2 * i)), high = Vector256.Load((double*)(source + 2 * i) + 4);
                Avx2.Permute4x64(Avx.UnpackLow(low, high), 0b11_01_10_00).Store((double*)(target + i));
            }
        }
        return i;
    }

    /// <summary>target[2·i] = source[i]; nothing is written between them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<T>(T* source, T* target, int count) where T : unmanaged
    {
        int i = 0;
        if (sizeof(T) == 4 && Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            Vector512<int> twice = Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
            Vector512<float> even = Vector512.Create(-1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0).AsSingle();
            for (; i <= count - 8; i += 8)
            {
                Vector512<int> elements = Avx512F.PermuteVar16x32(Vector256.Load((int*)(source + i)).ToVector512Unsafe(), twice);
                Avx512F.MaskStore((float*)(target + 2 * i), even, elements.AsSingle());
            }
        }
        for (; i < count; i++) target[2 * i] = source[i];
    }
}
