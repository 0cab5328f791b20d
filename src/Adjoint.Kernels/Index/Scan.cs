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

    /// <summary>y[o, k, i] = Π x[o, j, i] for j ≤ k.</summary>
    public static void Products<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged, INumber<T>
    {
        x.CopyTo(y);
        for (int o = 0; o < outer; o++)
            for (int p = o * n * inner + inner; p < (o + 1) * n * inner; p++) y[p] *= y[p - inner];
    }
}
