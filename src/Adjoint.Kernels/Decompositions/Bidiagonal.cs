using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>Singular values of bidiagonal matrices, and how matrices become bidiagonal (Golub and Kahan 1965; Golub and Reinsch 1970).</summary>
internal static unsafe class Bidiagonal<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostSteps = 80; // for one singular value; two are usual

    /// <summary>B = Uᵀ·A·V of a square matrix, with d on the diagonal and e right of it.</summary>
    /// <param name="a">The matrix; overwritten.</param>
    /// <param name="n">Its size.</param>
    /// <param name="d">The diagonal.</param>
    /// <param name="e">What is right of it; its last element is 0.</param>
    /// <param name="left">The reflections of U as rows, with zeros before their ones.</param>
    /// <param name="right">Those of V.</param>
    /// <param name="tauLeft">τ of U.</param>
    /// <param name="tauRight">τ of V.</param>
    /// <param name="w">Room for n numbers.</param>
    internal static void Reduce(T* a, int n, T* d, T* e, T* left, T* right, T* tauLeft, T* tauRight, T* w)
    {
        for (int k = 0; k < n; k++)
        {
            int m = n - k, rest = m - 1;
            T* v = left + (long)k * n + k, u = right + (long)k * n + k + 1, corner = a + (long)k * n + k + 1;
            new Span<T>(v - k, k).Clear();
            for (int i = 0; i < m; i++) v[i] = a[(long)(k + i) * n + k];
            T tau = tauLeft[k] = Reflectors<T>.Make(v, m);
            d[k] = v[0];
            v[0] = T.One;
            new Span<T>(right + (long)k * n, Math.Min(k + 1, n)).Clear();
            e[k] = tauRight[k] = T.Zero;
            if (rest == 0) continue;
            new Span<T>(w, rest).Clear();
            if (tau != T.Zero)
                for (int i = 0; i < m; i++) Line<T>.AddScaled(w, v[i], corner + (long)i * n, rest);
            // The row of the next reflection first: then every other row is gone through once for both.
            Line<T>.AddScaled(corner, -tau, w, rest);
            new Span<T>(corner, rest).CopyTo(new Span<T>(u, rest));
            T other = tauRight[k] = Reflectors<T>.Make(u, rest);
            e[k] = u[0];
            u[0] = T.One;
            for (int i = 1; i < m; i++)
            {
                T* row = corner + (long)i * n;
                if (tau != T.Zero) Line<T>.AddScaled(row, -tau * v[i], w, rest);
                if (other != T.Zero) Line<T>.AddScaled(row, -other * Line<T>.Dot(row, u, rest), u, rest);
            }
        }
    }

    /// <summary>Makes d the singular values, not in order.</summary>
    /// <param name="n">How many.</param>
    /// <param name="d">The diagonal.</param>
    /// <param name="e">What is right of it.</param>
    /// <param name="u">What happens to the columns of U, which are rows.</param>
    /// <param name="v">What happens to those of V.</param>
    /// <param name="negative">Which columns of V change their sign.</param>
    /// <returns>Whether it converged.</returns>
    internal static bool Iterate(int n, T* d, T* e, ref Rotations<T> u, ref Rotations<T> v, Span<bool> negative)
    {
        T eps = Line<T>.Epsilon, tiny = T.ScaleB(T.One, sizeof(T) == 4 ? -110 : -966);
        int end = n, steps = 0;
        while (end > 0)
        {
            int start = end - 2;
            for (; start >= 0; start--)
            {
                if (!(T.Abs(e[start]) <= tiny + eps * (T.Abs(d[start]) + T.Abs(d[start + 1])))) continue;
                e[start] = T.Zero;
                break;
            }
            if (start == end - 2)
            {
                if (d[end - 1] < T.Zero || T.IsNegative(d[end - 1]))
                {
                    d[end - 1] = -d[end - 1];
                    negative[end - 1] = true;
                }
                end--;
                steps = 0;
                continue;
            }
            int zero = end - 1;
            for (; zero > start; zero--)
            {
                T beside = (zero != end - 1 ? T.Abs(e[zero]) : T.Zero) + (zero != start + 1 ? T.Abs(e[zero - 1]) : T.Zero);
                if (!(T.Abs(d[zero]) <= tiny + eps * beside)) continue;
                d[zero] = T.Zero;
                break;
            }
            start++;
            if (steps++ == MostSteps) return false;
            if (zero == start - 1) Step(start, end, d, e, ref u, ref v);
            else if (zero == end - 1) ChaseUp(start, end, d, e, ref v);
            else ChaseDown(zero + 1, end, d, e, ref u);
        }
        return true;
    }

    // The last of d is 0: what is above it in its column goes to the rows above.
    private static void ChaseUp(int start, int end, T* d, T* e, ref Rotations<T> v)
    {
        T f = e[end - 2];
        e[end - 2] = T.Zero;
        for (int j = end - 2; j >= start; j--)
        {
            T length = Turn(d[j], f, out T c, out T s);
            d[j] = length;
            if (j != start)
            {
                f = -s * e[j - 1];
                e[j - 1] = c * e[j - 1];
            }
            v.Add(j, end - 1, c, s);
        }
    }

    // One of d is 0: what is right of it goes to the rows below, and the matrix falls into two.
    private static void ChaseDown(int start, int end, T* d, T* e, ref Rotations<T> u)
    {
        T f = e[start - 1];
        e[start - 1] = T.Zero;
        for (int j = start; j < end; j++)
        {
            T length = Turn(d[j], f, out T c, out T s);
            d[j] = length;
            f = -s * e[j];
            e[j] = c * e[j];
            u.Add(j, start - 1, c, s);
        }
    }

    // One QR step with the shift of the last two rows.
    private static void Step(int start, int end, T* d, T* e, ref Rotations<T> u, ref Rotations<T> v)
    {
        T scale = T.Max(T.Max(T.Abs(d[end - 1]), T.Abs(d[end - 2])), T.Max(T.Abs(e[end - 2]), T.Max(T.Abs(d[start]), T.Abs(e[start]))));
        T last = d[end - 1] / scale, before = d[end - 2] / scale, beside = e[end - 2] / scale, first = d[start] / scale;
        T b = ((before + last) * (before - last) + beside * beside) / T.CreateChecked(2), c = last * beside * (last * beside);
        T shift = T.Zero;
        if (b != T.Zero || c != T.Zero)
        {
            shift = T.Sqrt(b * b + c);
            shift = c / (b + (b < T.Zero ? -shift : shift));
        }
        T f = (first + last) * (first - last) + shift, g = first * (e[start] / scale);
        for (int j = start; j < end - 1; j++)
        {
            T length = Turn(f, g, out T cs, out T sn);
            if (j != start) e[j - 1] = length;
            f = cs * d[j] + sn * e[j];
            e[j] = cs * e[j] - sn * d[j];
            g = sn * d[j + 1];
            d[j + 1] = cs * d[j + 1];
            v.Add(j, j + 1, cs, sn);
            d[j] = Turn(f, g, out cs, out sn);
            f = cs * e[j] + sn * d[j + 1];
            d[j + 1] = -sn * e[j] + cs * d[j + 1];
            g = sn * e[j + 1];
            e[j + 1] = cs * e[j + 1];
            u.Add(j, j + 1, cs, sn);
        }
        e[end - 2] = f;
    }

    private static T Turn(T x, T y, out T c, out T s)
    {
        T square = T.FusedMultiplyAdd(x, x, y * y);
        T length = square > T.CreateChecked(1e-28) && square < T.CreateChecked(1e28) ? T.Sqrt(square) : T.Hypot(x, y);
        (c, s) = length == T.Zero ? (T.One, T.Zero) : (x / length, y / length);
        return length;
    }
}
