using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Copies of blocks of a matrix, as they are or transposed.</summary>
internal static unsafe class Blocks
{
    /// <summary>target[r, c] = source[r, c]; rows are <paramref name="sourceRow"/> and <paramref name="targetRow"/> elements apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<T>(T* source, nint sourceRow, T* target, nint targetRow, nint rows, int columns) where T : unmanaged
    {
        int bytes = columns * sizeof(T);
        for (nint r = 0; r < rows; r++)
        {
            byte* s = (byte*)(source + r * sourceRow), t = (byte*)(target + r * targetRow);
            int b = 0;
            for (; b <= bytes - 32; b += 32) Vector256.Store(Vector256.Load(s + b), t + b);
            if (b <= bytes - 16)
            {
                Vector128.Store(Vector128.Load(s + b), t + b);
                b += 16;
            }
            for (; b < bytes; b += sizeof(T)) *(T*)(t + b) = *(T*)(s + b);
        }
    }

    /// <summary>target[c, r] = source[r, c].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose<T>(T* source, nint sourceRow, T* target, nint targetRow, nint rows, nint columns) where T : unmanaged
    {
        nint r = 0;
        if (Sse2.IsSupported)
        {
            for (; r <= rows - 4; r += 4)
            {
                if (typeof(T) == typeof(float))
                    TransposeFourRows((float*)(source + r * sourceRow), sourceRow, (float*)(target + r), targetRow, columns);
                else
                    TransposeFourRows((double*)(source + r * sourceRow), sourceRow, (double*)(target + r), targetRow, columns);
            }
        }
        for (; r < rows; r++)
        {
            T* s = source + r * sourceRow, t = target + r;
            for (nint c = 0; c < columns; c++) t[c * targetRow] = s[c];
        }
    }

    // Four by four: pairs of rows are interleaved, then pairs of pairs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeFourRows(float* s, nint row, float* t, nint targetRow, nint columns)
    {
        nint c = 0;
        for (; c <= columns - 4; c += 4)
        {
            Vector128<float> r0 = Vector128.Load(s + c), r1 = Vector128.Load(s + row + c);
            Vector128<float> r2 = Vector128.Load(s + 2 * row + c), r3 = Vector128.Load(s + 3 * row + c);
            Vector128<float> low01 = Sse.UnpackLow(r0, r1), high01 = Sse.UnpackHigh(r0, r1);
            Vector128<float> low23 = Sse.UnpackLow(r2, r3), high23 = Sse.UnpackHigh(r2, r3);
            Sse.MoveLowToHigh(low01, low23).Store(t + c * targetRow);
            Sse.MoveHighToLow(low23, low01).Store(t + (c + 1) * targetRow);
            Sse.MoveLowToHigh(high01, high23).Store(t + (c + 2) * targetRow);
            Sse.MoveHighToLow(high23, high01).Store(t + (c + 3) * targetRow);
        }
        for (; c < columns; c++)
            Vector128.Create(s[c], s[row + c], s[2 * row + c], s[3 * row + c]).Store(t + c * targetRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeFourRows(double* s, nint row, double* t, nint targetRow, nint columns)
    {
        nint c = 0;
        for (; c <= columns - 2; c += 2)
        {
            Vector128<double> r0 = Vector128.Load(s + c), r1 = Vector128.Load(s + row + c);
            Vector128<double> r2 = Vector128.Load(s + 2 * row + c), r3 = Vector128.Load(s + 3 * row + c);
            double* t0 = t + c * targetRow, t1 = t0 + targetRow;
            Sse2.UnpackLow(r0, r1).Store(t0);
            Sse2.UnpackLow(r2, r3).Store(t0 + 2);
            Sse2.UnpackHigh(r0, r1).Store(t1);
            Sse2.UnpackHigh(r2, r3).Store(t1 + 2);
        }
        for (; c < columns; c++)
        {
            double* last = t + c * targetRow;
            last[0] = s[c];
            last[1] = s[row + c];
            last[2] = s[2 * row + c];
            last[3] = s[3 * row + c];
        }
    }
}
