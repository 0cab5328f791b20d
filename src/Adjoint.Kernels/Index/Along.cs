using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>
/// Elements chosen along the middle dimension, each by an index of its own between 0 and n − 1: arrays [outer, n, inner] and
/// [outer, k, inner], the index shaped as the latter.
/// </summary>
internal static class Along
{
    /// <summary>y[o, j, i] = x[o, index[o, j, i], i].</summary>
    public static void Gather<T>(ReadOnlySpan<T> x, int outer, int n, int inner, ReadOnlySpan<long> index, int k, Span<T> y) where T : unmanaged
    {
        Check(x.Length, y.Length, index, outer, n, k, inner);
        for (int o = 0, p = 0; o < outer; o++)
        {
            ReadOnlySpan<T> block = x.Slice(o * n * inner, n * inner);
            for (int j = 0; j < k; j++)
                for (int i = 0; i < inner; i++, p++) y[p] = block[(int)index[p] * inner + i];
        }
    }

    /// <summary>y[o, index[o, j, i], i] = x[o, j, i]; of several for one place the last stays.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner) where T : unmanaged
    {
        Check(y.Length, x.Length, index, outer, n, k, inner);
        for (int o = 0, p = 0; o < outer; o++)
        {
            Span<T> block = y.Slice(o * n * inner, n * inner);
            for (int j = 0; j < k; j++)
                for (int i = 0; i < inner; i++, p++) block[(int)index[p] * inner + i] = x[p];
        }
    }

    /// <summary>y[o, index[o, j, i], i] += x[o, j, i], in row-major order.</summary>
    public static void ScatterAdd<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner) where T : unmanaged, INumber<T>
    {
        Check(y.Length, x.Length, index, outer, n, k, inner);
        for (int o = 0, p = 0; o < outer; o++)
        {
            Span<T> block = y.Slice(o * n * inner, n * inner);
            for (int j = 0; j < k; j++)
                for (int i = 0; i < inner; i++, p++) block[(int)index[p] * inner + i] += x[p];
        }
    }

    private static void Check(int whole, int chosen, ReadOnlySpan<long> index, int outer, int n, int k, int inner)
    {
        if (whole != (long)outer * n * inner || chosen != (long)outer * k * inner || index.Length != chosen)
            throw new ArgumentException($"Elements of [{outer}, {n}, {inner}] at {k} places along n: the arrays have {whole} and {chosen} elements, the index {index.Length}.");
        foreach (long place in index)
            if ((ulong)place >= (ulong)n) throw new ArgumentOutOfRangeException(nameof(index), place, $"There is no place {place} among {n}.");
    }
}
