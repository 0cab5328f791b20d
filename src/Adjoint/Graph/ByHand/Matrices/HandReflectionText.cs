namespace Adjoint;

/// <summary>Householder's reflections as text; lines that begin with ## are for so many that the kernel takes blocks of them.</summary>
internal static class HandReflectionText
{
    internal const string Make = """
        // The reflection I − τ·v·vᵀ that leaves of x nothing but its first number, which becomes that: the others become those of v,
        // whose first is 1. Returns τ, 0 where there is nothing to reflect.
        static real Reflection(real[] x, int at, int n)
        {
            real rest = n > 1 ? DotOfRows(x, at + 1, x, at + 1, n - 1) : 0;
            if (rest == 0) return 0;
            real alpha = x[at], square = MathR.FusedMultiplyAdd(alpha, alpha, rest);
            if (square < MathR.ScaleB(1, sizeof(real) == 4 ? -96 : -900))
            {
                // Squares that nearly vanish have lost their last places.
                int exponent = -MathR.ILogB(Largest(x, at, n)), most = sizeof(real) == 4 ? 120 : 1000;
                real factor = MathR.ScaleB(1, Math.Min(exponent, most));
                for (int k = 0; k < n; k++)
                    x[at + k] *= factor;
                real ofLarger = Reflection(x, at, n);
                x[at] /= factor;
                return ofLarger;
            }
            real length = MathR.Sqrt(square), beta = alpha >= 0 ? -length : length;
            for (int k = 1; k < n; k++)
                x[at + k] /= alpha - beta;
            x[at] = beta;
            return (beta - alpha) / beta;
        }
        """;

    internal const string Reflect = """
        // c = (I − τ·v·vᵀ)·c.
        static void Reflect(real[] v, int atV, real tau, int rows, real[] c, int atC, int ldc, int columns)
        {
            if (tau == 0 || columns <= 0) return;
            real[] products = new real[columns];
            for (int i = 0; i < rows; i++)
                AddScaled(products, 0, v[atV + i], c, atC + i * ldc, columns);
            for (int i = 0; i < rows; i++)
                AddScaled(c, atC + i * ldc, -tau * v[atV + i], products, 0, columns);
        }
        """;

    internal const string ReflectAll = """
        // q = (I − V·T·Vᵀ)·q of k reflections at once, or with Tᵀ: their vectors are the columns of v.
        static void ReflectAll(bool turns, real[] v, int rows, int k, real[] tau, int atTau, real[] q, int atQ, int ldq, int columns)
        {
            if (columns <= 0) return;
            real[] g = new real[k * k], t = new real[k * k], w = new real[k * columns], tw = new real[k * columns];
            Product(true, false, k, k, rows, v, 0, k, v, 0, k, g, 0, k, false);
            for (int i = 0; i < k; i++)
            {
                t[i * k + i] = tau[atTau + i];
                for (int j = 0; j < i; j++)
                {
                    real sum = 0;
                    for (int l = j; l < i; l++)
                        sum = MathR.FusedMultiplyAdd(t[j * k + l], g[l * k + i], sum);
                    t[j * k + i] = -tau[atTau + i] * sum;
                }
            }
            Product(true, false, k, columns, rows, v, 0, k, q, atQ, ldq, w, 0, columns, false);
            Product(turns, false, k, columns, k, t, 0, k, w, 0, columns, tw, 0, columns, false);
            for (int i = 0; i < k * columns; i++)
                tw[i] = -tw[i];
            Product(false, false, rows, columns, k, v, 0, k, tw, 0, columns, q, atQ, ldq, true);
        }
        """;

    internal const string Form = """
        // Q = H₁·H₂·…·Hₖ of reflections whose vectors are rows; that of row i has its 1 in column i + shift.
        static void Reflections(
            real[] vectors, int length, int k, int shift, real[] tau, real[] q, int atQ, int ldq, int rows, int columns)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                    q[atQ + i * ldq + j] = i == j ? 1 : 0;
            }
        ##     if (k > 16)
        ##     {
        ##         // The kernel takes 32 at once; its order of adding up is kept here.
        ##         for (int start = (k - 1) / 32 * 32; start >= 0; start -= 32)
        ##         {
        ##             int count = Math.Min(32, k - start), from = start + shift, height = rows - from;
        ##             real[] v = new real[height * count];
        ##             Transpose(vectors, start * length + from, length, count, height, v, 0, count);
        ##             ReflectAll(false, v, height, count, tau, start, q, atQ + from * ldq + from, ldq, columns - from);
        ##         }
        ##         return;
        ##     }
            for (int i = k - 1; i >= 0; i--)
            {
                int first = i + shift;
                Reflect(vectors, i * length + first, tau[i], rows - first, q, atQ + first * ldq + first, ldq, columns - first);
            }
        }
        """;

    internal const string Qr = """
        // The reflections that make a triangle of a, as rows, and that triangle on and above the diagonal of a.
        static void QrInPlace(real[] a, int at, int m, int n, real[] vectors, real[] tau)
        {
            int k = Math.Min(m, n), width = Math.Min(k, 32);
            for (int start = 0; start < k; start += width)
            {
                int count = Math.Min(width, k - start), end = start + count;
                for (int j = start; j < end; j++)
                {
                    for (int i = 0; i < m; i++)
                        vectors[j * m + i] = i < j ? 0 : a[at + i * n + j];
                    tau[j] = Reflection(vectors, j * m + j, m - j);
                    a[at + j * n + j] = vectors[j * m + j];
                    vectors[j * m + j] = 1;
                    Reflect(vectors, j * m + j, tau[j], m - j, a, at + j * n + j + 1, n, (k <= 32 ? n : end) - j - 1);
                }
        ##         // The kernel takes 32 columns at once to the others; its order of adding up is kept here.
        ##         if (k <= 32 || end == n) continue;
        ##         int height = m - start;
        ##         real[] v = new real[height * count];
        ##         Transpose(vectors, start * m + start, m, count, height, v, 0, count);
        ##         ReflectAll(true, v, height, count, tau, start, a, at + start * n + end, n, n - end);
            }
        }
        """;

    internal const string QrOf = """
        // a = q·r by Householder's reflections: q has m rows, and r as many rows as q has columns. Signs are those of LAPACK.
        static void Qr(real[] a, int m, int n, real[] q, int atQ, int columns, real[] r, int atR)
        {
            int k = Math.Min(m, n);
            real[] vectors = new real[k * m], tau = new real[k];
            real scale = ScaleOf(Largest(a, 0, m * n));
            for (int i = 0; i < m * n && scale != 1; i++)
                a[i] *= scale;
            QrInPlace(a, 0, m, n, vectors, tau);
            for (int i = 0; i < columns; i++)
            {
                for (int j = 0; j < n; j++)
                    r[atR + i * n + j] = j < i ? 0 : scale == 1 ? a[i * n + j] : a[i * n + j] / scale;
            }
            if (columns > 0) Reflections(vectors, m, k, 0, tau, q, atQ, columns, m, columns);
        }
        """;
}
