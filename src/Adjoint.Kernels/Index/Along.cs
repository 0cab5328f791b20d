using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>
/// Elements chosen along the middle dimension, each by an index of its own between 0 and n − 1: arrays [outer, n, inner] and
/// [outer, k, inner], the index shaped as the latter.
/// </summary>
internal static unsafe class Along
{
    /// <summary>y[o, j, i] = x[o, index[o, j, i], i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather<T>(ReadOnlySpan<T> x, int outer, int n, int inner, ReadOnlySpan<long> index, int k, Span<T> y) where T : unmanaged
    {
        Check(x.Length, y.Length, index, outer, n, k, inner);
        fixed (T* px = x, py = y)
        fixed (long* pi = index)
        {
            T* block = px, to = py;
            long* place = pi;
            for (int o = 0; o < outer; o++, block += (long)n * inner)
            {
                if (inner == 1) for (int j = 0; j < k; j++) *to++ = block[*place++];
                else
                    for (int j = 0; j < k; j++)
                        for (int i = 0; i < inner; i++) *to++ = block[*place++ * inner + i];
            }
        }
    }

    /// <summary>y[o, index[o, j, i], i] = x[o, j, i]; of several for one place the last stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner) where T : unmanaged
    {
        Check(y.Length, x.Length, index, outer, n, k, inner);
        fixed (T* px = x, py = y)
        fixed (long* pi = index)
        {
            T* block = py, from = px;
            long* place = pi;
            for (int o = 0; o < outer; o++, block += (long)n * inner)
                for (int j = 0; j < k; j++)
                    for (int i = 0; i < inner; i++) block[*place++ * inner + i] = *from++;
        }
    }

    /// <summary>y[o, index[o, j, i], i] += x[o, j, i], in row-major order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScatterAdd<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner) where T : unmanaged, INumber<T>
    {
        Check(y.Length, x.Length, index, outer, n, k, inner);
        fixed (T* px = x, py = y)
        fixed (long* pi = index)
        {
            T* block = py, from = px;
            long* place = pi;
            for (int o = 0; o < outer; o++, block += (long)n * inner)
                for (int j = 0; j < k; j++)
                    for (int i = 0; i < inner; i++) block[*place++ * inner + i] += *from++;
        }
    }

    private static void Check(int whole, int chosen, ReadOnlySpan<long> index, int outer, int n, int k, int inner)
    {
        if (whole != (long)outer * n * inner || chosen != (long)outer * k * inner || index.Length != chosen)
            throw new ArgumentException($"Elements of [{outer}, {n}, {inner}] at {k} places along n: the arrays have {whole} and {chosen} elements, the index {index.Length}.");
        // As unsigned numbers negative places are large: one comparison a register.
        ReadOnlySpan<Vector<ulong>> registers = MemoryMarshal.Cast<long, Vector<ulong>>(index);
        var end = new Vector<ulong>((ulong)n);
        int bad = 0;
        while (bad < registers.Length && Vector.LessThanAll(registers[bad], end)) bad++;
        foreach (long place in index[(bad * Vector<ulong>.Count)..])
            if ((ulong)place >= (ulong)n) throw new ArgumentOutOfRangeException(nameof(index), place, $"There is no place {place} among {n}.");
    }
}
