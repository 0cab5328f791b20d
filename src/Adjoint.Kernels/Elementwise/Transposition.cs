using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>
/// Squares of elements turned in registers, and rows from behind: what copies of transposed and flipped arrays consist of.
/// </summary>
internal static unsafe class Transposition
{
    /// <summary>The side of a square: 8 for elements of four bytes, 4 of eight, 0 where there are no registers for it.</summary>
    public static int Sides<T>() where T : unmanaged => !Avx2.IsSupported ? 0 : sizeof(T) == 4 ? 8 : sizeof(T) == 8 ? 4 : 0;

    /// <summary>target[i, j] = source[j, i] for a square, with so many elements from row to row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square<T>(T* source, long sourceStride, T* target, long targetStride) where T : unmanaged
    {
        if (sizeof(T) == 4) Eight((float*)source, sourceStride, (float*)target, targetStride);
        else Four((double*)source, sourceStride, (double*)target, targetStride);
    }

    /// <summary>
    /// target[i·targetStride + j] = source[i + j·sourceStride] for so many rows and columns, as squares that overlap at the edges.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel<T>(T* source, long sourceStride, T* target, long targetStride, int rows, int columns) where T : unmanaged
    {
        int side = Sides<T>();
        if (side == 0 || rows < side || columns < side)
        {
            for (long i = 0; i < rows; i++)
                for (long j = 0; j < columns; j++) target[i * targetStride + j] = source[i + j * sourceStride];
            return;
        }
        for (long left = 0; left < columns; left += side)
        {
            long j = Math.Min(left, columns - side);
            for (long top = 0; top < rows; top += side)
            {
                long i = Math.Min(top, rows - side);
                Square(source + i + j * sourceStride, sourceStride, target + i * targetStride + j, targetStride);
            }
        }
    }

    /// <summary>target[i] = source[−i] for as many i from 0 on as fill registers; gives how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Reverse<T>(T* source, T* target, int count) where T : unmanaged
    {
        int done = 0, lanes = Vector256<T>.Count;
        if (!Vector256.IsHardwareAccelerated) return 0;
        for (; done <= count - lanes; done += lanes)
        {
            T* from = source - done - (lanes - 1);
            if (sizeof(T) == 4)
                Vector256.Store(
                    Vector256.Shuffle(Vector256.Load((int*)from), Vector256.Create(7, 6, 5, 4, 3, 2, 1, 0)), (int*)(target + done));
            else if (sizeof(T) == 8)
                Vector256.Store(Vector256.Shuffle(Vector256.Load((long*)from), Vector256.Create(3L, 2, 1, 0)), (long*)(target + done));
            else return 0;
        }
        return done;
    }

    // Pairs of rows are interleaved, then pairs of pairs, then halves are exchanged.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* s, long n, float* t, long m)
    {
        Vector256<float> a = Avx.LoadVector256(s), b = Avx.LoadVector256(s + n), c = Avx.LoadVector256(s + 2 * n),
            d = Avx.LoadVector256(s + 3 * n);
        Vector256<float> e = Avx.LoadVector256(s + 4 * n), f = Avx.LoadVector256(s + 5 * n), g = Avx.LoadVector256(s + 6 * n),
            h = Avx.LoadVector256(s + 7 * n);
        Vector256<double> ab = Avx.UnpackLow(a, b).AsDouble(), cd = Avx.UnpackLow(c, d).AsDouble(), ef = Avx.UnpackLow(e, f).AsDouble(),
            gh = Avx.UnpackLow(g, h).AsDouble();
        Vector256<double> ab2 = Avx.UnpackHigh(a, b).AsDouble(), cd2 = Avx.UnpackHigh(c, d).AsDouble();
        Vector256<double> ef2 = Avx.UnpackHigh(e, f).AsDouble(), gh2 = Avx.UnpackHigh(g, h).AsDouble();
        Halves(Avx.UnpackLow(ab, cd), Avx.UnpackLow(ef, gh), t, t + 4 * m);
        Halves(Avx.UnpackHigh(ab, cd), Avx.UnpackHigh(ef, gh), t + m, t + 5 * m);
        Halves(Avx.UnpackLow(ab2, cd2), Avx.UnpackLow(ef2, gh2), t + 2 * m, t + 6 * m);
        Halves(Avx.UnpackHigh(ab2, cd2), Avx.UnpackHigh(ef2, gh2), t + 3 * m, t + 7 * m);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(double* s, long n, double* t, long m)
    {
        Vector256<double> a = Avx.LoadVector256(s), b = Avx.LoadVector256(s + n), c = Avx.LoadVector256(s + 2 * n),
            d = Avx.LoadVector256(s + 3 * n);
        Halves(Avx.UnpackLow(a, b), Avx.UnpackLow(c, d), (float*)t, (float*)(t + 2 * m));
        Halves(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), (float*)(t + m), (float*)(t + 3 * m));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(Vector256<double> x, Vector256<double> y, float* low, float* high)
    {
        Avx.Store(low, Avx.Permute2x128(x, y, 0x20).AsSingle());
        Avx.Store(high, Avx.Permute2x128(x, y, 0x31).AsSingle());
    }
}
