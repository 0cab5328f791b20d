using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>Determinants of matrices that were decomposed.</summary>
internal static class Determinant
{
    /// <summary>The product of the diagonal of U, with the sign of the exchanges.</summary>
    /// <param name="n">Size of the matrices.</param>
    /// <param name="lu">Their decompositions.</param>
    /// <param name="pivots">Their pivots, counted from 1.</param>
    /// <param name="y">A determinant for each.</param>
    public static void Of<T>(int n, ReadOnlySpan<T> lu, ReadOnlySpan<int> pivots, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int item = 0; item < y.Length; item++)
        {
            T product = T.One;
            for (int i = 0; i < n; i++)
            {
                T factor = lu[(item * n + i) * n + i];
                product *= pivots[item * n + i] == i + 1 ? factor : -factor;
            }
            y[item] = product;
        }
    }

    /// <summary>The same as its sign (0 for 0) and the logarithm of its size.</summary>
    public static void OfLogarithm<T>(int n, ReadOnlySpan<T> lu, ReadOnlySpan<int> pivots, Span<T> signs, Span<T> logarithms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int item = 0; item < signs.Length; item++)
        {
            T sign = T.One, sum = T.Zero;
            for (int i = 0; i < n; i++)
            {
                T factor = lu[(item * n + i) * n + i];
                if (pivots[item * n + i] != i + 1) sign = -sign;
                sign *= factor == T.Zero ? T.Zero : T.IsNaN(factor) ? factor : T.CopySign(T.One, factor);
                sum += T.Log(T.Abs(factor));
            }
            (signs[item], logarithms[item]) = (sign, sum);
        }
    }

    /// <summary>Ones on the diagonal of each matrix, zeros elsewhere.</summary>
    public static void Identity<T>(Span<T> y, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y.Clear();
        for (int start = 0; n > 0 && start < y.Length; start += n * n)
            for (int i = 0; i < n; i++) y[start + i * n + i] = T.One;
    }
}
