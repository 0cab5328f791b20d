using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>Running sums and products along the middle dimension of [outer, n, inner].</summary>
internal static class Scan
{
    /// <summary>y[o, k, i] = Σ x[o, j, i] for j ≤ k.</summary>
    public static void Sums<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged, INumber<T>
    {
        x.CopyTo(y);
        for (int o = 0; o < outer; o++)
            for (int p = o * n * inner + inner; p < (o + 1) * n * inner; p++) y[p] += y[p - inner];
    }

    /// <summary>index[o, k, i] = where among x[o, 0…k, i] the extreme stands, the last of equal ones; a NaN beats any number.</summary>
    public static void Extremes<T>(ReadOnlySpan<T> x, int outer, int n, int inner, bool largest, Span<long> index) where T : unmanaged, INumber<T>
    {
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                int start = o * n * inner + i, best = 0;
                for (int k = 0; k < n; k++)
                {
                    T next = x[start + k * inner], held = x[start + best * inner];
                    if (T.IsNaN(next) || (!T.IsNaN(held) && (largest ? next >= held : next <= held))) best = k;
                    index[start + k * inner] = best;
                }
            }
    }

    /// <summary>y[o, k, i] = Π x[o, j, i] for j ≤ k.</summary>
    public static void Products<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged, INumber<T>
    {
        x.CopyTo(y);
        for (int o = 0; o < outer; o++)
            for (int p = o * n * inner + inner; p < (o + 1) * n * inner; p++) y[p] *= y[p - inner];
    }
}
