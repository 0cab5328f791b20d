using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>Householder's reflections H = I − τ·v·vᵀ, alone and as blocks I − V·T·Vᵀ (Schreiber and Van Loan 1989).</summary>
internal static unsafe class Reflectors<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The reflection that leaves of x nothing but its first element, as LAPACK chooses it: x becomes v without its first element, which is 1.
    /// </summary>
    /// <param name="x">The vector; its first element becomes what is left.</param>
    /// <param name="n">Its length.</param>
    /// <returns>τ; 0 where there is nothing to reflect.</returns>
    internal static T Make(T* x, int n)
    {
        T rest = n > 1 ? Line<T>.Dot(x + 1, x + 1, n - 1) : T.Zero;
        if (rest == T.Zero) return T.Zero;
        T alpha = x[0], length = T.Sqrt(T.FusedMultiplyAdd(alpha, alpha, rest)), beta = alpha >= T.Zero ? -length : length;
        Line<T>.Divide(x + 1, alpha - beta, n - 1);
        x[0] = beta;
        return (beta - alpha) / beta;
    }

    /// <summary>T of H₁·H₂·…·Hₖ = I − V·T·Vᵀ: an upper triangle.</summary>
    /// <param name="v">V, row by row: k columns, of which each has zeros above its 1.</param>
    /// <param name="rows">Rows of V.</param>
    /// <param name="k">How many reflections.</param>
    /// <param name="tau">Their τ.</param>
    /// <param name="t">k rows of k.</param>
    internal static void Block(T* v, int rows, int k, T* tau, T* t)
    {
        using var products = new Scratch<T>((long)k * k);
        T* g = products.Data;
        Line<T>.Product(Trans.Yes, Trans.No, k, k, rows, v, k, v, k, g, k);
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j < k; j++) t[j * k + i] = T.Zero;
            t[i * k + i] = tau[i];
            for (int j = 0; j < i; j++)
            {
                T sum = T.Zero;
                for (int l = j; l < i; l++) sum = T.FusedMultiplyAdd(t[j * k + l], g[l * k + i], sum);
                t[j * k + i] = -tau[i] * sum;
            }
        }
    }

    /// <summary>C = (I − V·T·Vᵀ)·C, or with Tᵀ: the block itself or its transpose.</summary>
    internal static void Apply(bool transposed, T* v, T* t, int rows, int k, T* c, int ldc, int columns)
    {
        if (columns <= 0) return;
        using var work = new Scratch<T>(2L * k * columns);
        T* w = work.Data, tw = w + (long)k * columns;
        Line<T>.Product(Trans.Yes, Trans.No, k, columns, rows, v, k, c, ldc, w, columns);
        Line<T>.Product(transposed ? Trans.Yes : Trans.No, Trans.No, k, columns, k, t, k, w, columns, tw, columns);
        Line<T>.Negate(tw, tw, k * columns);
        Line<T>.Product(Trans.No, Trans.No, rows, columns, k, v, k, tw, columns, c, ldc, accumulate: true);
    }

    /// <summary>C = H·C for one reflection, whose v stands in a row.</summary>
    internal static void ApplyOne(T* v, T tau, int rows, T* c, int ldc, int columns, T* w)
    {
        if (tau == T.Zero || columns <= 0) return;
        new Span<T>(w, columns).Clear();
        for (int i = 0; i < rows; i++) Line<T>.AddScaled(w, v[i], c + (long)i * ldc, columns);
        for (int i = 0; i < rows; i++) Line<T>.AddScaled(c + (long)i * ldc, -tau * v[i], w, columns);
    }

    /// <summary>
    /// Q = H₁·H₂·…·Hₖ of reflections that stand in rows, of which row i has zeros before its 1 in column i + <paramref name="shift"/>.
    /// </summary>
    /// <param name="vectors">The rows v.</param>
    /// <param name="ldv">How far apart they are.</param>
    /// <param name="k">How many.</param>
    /// <param name="shift">The column of the first 1.</param>
    /// <param name="tau">Their τ.</param>
    /// <param name="q">Q, of as many rows as v is long.</param>
    /// <param name="ldq">How far apart its rows are.</param>
    /// <param name="rows">How many rows it has.</param>
    /// <param name="columns">How many columns of it are wanted, at least k + shift of them, or all.</param>
    internal static void Form(T* vectors, int ldv, int k, int shift, T* tau, T* q, int ldq, int rows, int columns)
    {
        const int Together = 32, Few = 16;
        Line<T>.Identity(q, ldq, rows, columns);
        if (k <= Few)
        {
            using var row = new Scratch<T>(Math.Max(columns, 1));
            for (int i = k - 1; i >= 0; i--)
            {
                int first = i + shift;
                ApplyOne(vectors + (long)i * ldv + first, tau[i], rows - first, q + (long)first * ldq + first, ldq, columns - first, row.Data);
            }
            return;
        }
        using var work = new Scratch<T>((long)rows * Together + Together * Together);
        T* v = work.Data, t = v + (long)rows * Together;
        for (int start = (k - 1) / Together * Together; start >= 0; start -= Together)
        {
            int count = Math.Min(Together, k - start), first = start + shift, height = rows - first;
            Line<T>.Transpose(vectors + (long)start * ldv + first, ldv, count, height, v, count);
            Block(v, height, count, tau + start, t);
            Apply(false, v, t, height, count, q + (long)first * ldq + first, ldq, columns - first);
        }
    }
}
