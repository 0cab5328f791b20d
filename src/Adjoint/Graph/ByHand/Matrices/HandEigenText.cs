namespace Adjoint;

/// <summary>Eigenvalues of symmetric matrices as text.</summary>
internal static class HandEigenText
{
    internal const string Length = """
        // √(x² + y²), where squares may leave the range as well.
        static real LengthOf(real x, real y)
        {
            real square = MathR.FusedMultiplyAdd(x, x, y * y);
            return square > (real)1e-28 && square < (real)1e28 ? MathR.Sqrt(square) : real.Hypot(x, y);
        }
        """;

    internal const string Rotate = """
        // Two rows are turned in their plane: x = c·x + s·y, y = c·y − s·x.
        static void Rotate(real[] a, int n, int i, int j, real c, real s)
        {
            for (int k = 0; k < n && a.Length > 0; k++)
            {
                real x = a[i * n + k], y = a[j * n + k];
                a[i * n + k] = MathR.FusedMultiplyAdd(s, y, c * x);
                a[j * n + k] = MathR.FusedMultiplyAdd(-s, x, c * y);
            }
        }
        """;

    internal const string Eigen = """
        // λ and V of a = V·diag(λ)·Vᵀ for a symmetric matrix: reflections make it tridiagonal, and QL steps with shifts diagonal
        // (Golub and Van Loan 2013, 8.3). λ is in order; vectors may be empty. Numbers that are not finite give NaN.
        static void Eigen(real[] a, int at, int n, bool lower, real[] values, int atValues, real[] vectors, int atVectors)
        {
            real[] w = new real[n * n], d = new real[n], e = new real[n], tau = new real[n];
            real largest = 0;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    w[i * n + j] = lower ? a[at + j * n + i] : a[at + i * n + j];
                largest = MathR.Max(largest, Largest(w, i * n + i, n - i));
            }
            if (!real.IsFinite(largest))
            {
                for (int i = 0; i < n; i++)
                {
                    values[atValues + i] = real.NaN;
                    for (int j = 0; j < n && vectors.Length > 0; j++)
                        vectors[atVectors + i * n + j] = real.NaN;
                }
                return;
            }
            real scale = ScaleOf(largest);
            for (int i = 0; i < n * n && scale != 1; i++)
                w[i] *= scale;
            Tridiagonal(w, n, d, e, tau);
            real[] z = new real[vectors.Length > 0 ? n * n : 0];
            if (z.Length > 0)
            {
                real[] q = new real[n * n];
                Reflections(w, n, Math.Max(0, n - 1), 1, tau, q, 0, n, n, n);
                Transpose(q, 0, n, n, n, z, 0, n);
            }
            if (!Diagonal(n, d, e, z)) throw new InvalidOperationException("The eigenvalues did not converge.");
            for (int i = 0; i < n && scale != 1; i++)
                d[i] /= scale;
            int[] places = new int[n];
            for (int i = 0; i < n; i++)
                places[i] = i;
            Array.Sort(d, places);
            for (int j = 0; j < n; j++)
            {
                values[atValues + j] = d[j];
                for (int i = 0; i < n && vectors.Length > 0; i++)
                    vectors[atVectors + i * n + j] = z[places[j] * n + i];
            }
        }

        // d on the diagonal and e beside it; the reflections that lead there as the rows of w.
        static void Tridiagonal(real[] w, int n, real[] d, real[] e, real[] tau)
        {
            for (int k = 0; k < n - 1; k++)
            {
                int v = k * n + k + 1, rest = (k + 1) * n + k + 1, m = n - 1 - k;
                d[k] = w[k * n + k];
                tau[k] = Reflection(w, v, m);
                e[k] = w[v];
                w[v] = 1;
                for (int i = 0; i <= k; i++)
                    w[k * n + i] = 0;
                if (tau[k] == 0) continue;
                real[] p = new real[m];
                for (int i = 0; i < m; i++)
                {
                    int row = rest + i * n + i;
                    p[i] += DotOfRows(w, row, w, v + i, m - i);
                    AddScaled(p, i + 1, w[v + i], w, row + 1, m - i - 1);
                }
                for (int i = 0; i < m; i++)
                    p[i] *= tau[k];
                AddScaled(p, 0, -tau[k] * DotOfRows(p, 0, w, v, m) / 2, w, v, m);
                for (int i = 0; i < m; i++)
                {
                    int row = rest + i * n + i;
                    AddScaled(w, row, -w[v + i], p, i, m - i);
                    AddScaled(w, row, -p[i], w, v + i, m - i);
                }
            }
            d[n - 1] = w[n * n - 1];
        }

        // QL steps with shifts, until nothing is beside the diagonal; what is turned on the way is turned in z.
        static bool Diagonal(int n, real[] d, real[] e, real[] z)
        {
            real eps = (MathR.BitIncrement(1) - 1) / 2;
            for (int l = 0; l < n; l++)
            {
                for (int step = 0; ; step++)
                {
                    int m = l;
                    while (m < n - 1 && !(MathR.Abs(e[m]) <= eps * (MathR.Abs(d[m]) + MathR.Abs(d[m + 1]))))
                        m++;
                    if (m == l) break;
                    if (step == 80) return false;
                    real g = (d[l + 1] - d[l]) / (2 * e[l]), r = real.Hypot(g, 1);
                    g = d[m] - d[l] + e[l] / (g + MathR.CopySign(r, g));
                    real s = 1, c = 1, p = 0;
                    int i = m - 1;
                    for (; i >= l; i--)
                    {
                        real f = s * e[i], b = c * e[i];
                        r = LengthOf(f, g);
                        e[i + 1] = r;
                        if (r == 0)
                        {
                            d[i + 1] -= p;
                            e[m] = 0;
                            break;
                        }
                        s = f / r;
                        c = g / r;
                        g = d[i + 1] - p;
                        r = (d[i] - g) * s + 2 * c * b;
                        p = s * r;
                        d[i + 1] = g + p;
                        g = c * r - b;
                        Rotate(z, n, i + 1, i, c, s);
                    }
                    if (r == 0 && i >= l) continue;
                    d[l] -= p;
                    e[l] = g;
                    e[m] = 0;
                }
            }
            return true;
        }
        """;
}
