namespace Adjoint;

/// <summary>Singular values as text.</summary>
internal static class HandSingularText
{
    internal const string Svd = """
        // U, σ and Vᵀ of a = U·diag(σ)·Vᵀ: a tall matrix becomes a square one by QR, that one bidiagonal, and that one
        // diagonal (Golub and Reinsch 1970). σ is in order from the largest on;
        // u and v may be empty.
        static void Svd(real[] a, int at, int m, int n, bool full, real[] u, int atU, real[] values, int atValues, real[] v, int atV)
        {
            bool isWide = m < n;
            int rows = Math.Max(m, n), k = Math.Min(m, n), columns = full ? rows : k;
            real largest = Largest(a, at, m * n);
            if (!real.IsFinite(largest)) throw new InvalidOperationException("A matrix has numbers that are not finite.");
            real scale = ScaleOf(largest);
            real[] tall = new real[rows * k], reflections = new real[rows * k], tau = new real[k], q = new real[rows * columns];
            if (isWide) Transpose(a, at, n, m, n, tall, 0, k);
            else Array.Copy(a, at, tall, 0, m * n);
            for (int i = 0; i < rows * k && scale != 1; i++)
                tall[i] *= scale;
            if (rows > k)
            {
                QrInPlace(tall, 0, rows, k, reflections, tau);
                for (int i = 1; i < k; i++)
                    Array.Clear(tall, i * k, i);
                if (u.Length > 0) Reflections(reflections, rows, k, 0, tau, q, 0, columns, rows, columns);
            }

            real[] ut = new real[k * k], vt = new real[k * k], sigma = new real[k];
            if (!SvdOfSquare(tall, k, sigma, ut, vt, u.Length > 0))
                throw new InvalidOperationException("The singular values did not converge.");
            for (int i = 0; i < k; i++)
                values[atValues + i] = scale == 1 ? sigma[i] : sigma[i] / scale;
            if (u.Length == 0) return;

            // U of the tall matrix is Q·U of the square one, and what else is orthogonal to it.
            real[] left = new real[rows * columns];
            if (rows == k) Transpose(ut, 0, k, k, k, left, 0, k);
            else
            {
                real[] product = new real[rows * k];
                Product(false, true, rows, k, k, q, 0, columns, ut, 0, k, product, 0, k, false);
                for (int i = 0; i < rows; i++)
                {
                    for (int j = 0; j < columns; j++)
                        left[i * columns + j] = j < k ? product[i * k + j] : q[i * columns + j];
                }
            }
            if (isWide)
            {
                Transpose(vt, 0, k, k, k, u, atU, k);
                Transpose(left, 0, columns, rows, columns, v, atV, rows);
            }
            else
            {
                Array.Copy(left, 0, u, atU, rows * columns);
                Array.Copy(vt, 0, v, atV, k * k);
            }
        }

        // σ in order, Uᵀ and Vᵀ of a square matrix, which is overwritten.
        static bool SvdOfSquare(real[] a, int n, real[] sigma, real[] ut, real[] vt, bool wantsVectors)
        {
            real[] d = new real[n], e = new real[n], tauLeft = new real[n], tauRight = new real[n];
            real[] left = new real[n * n], right = new real[n * n];
            Bidiagonal(a, n, d, e, left, right, tauLeft, tauRight);
            if (wantsVectors)
            {
                Reflections(left, n, n, 0, tauLeft, a, 0, n, n, n);
                Transpose(a, 0, n, n, n, left, 0, n);
                Reflections(right, n, n - 1, 1, tauRight, a, 0, n, n, n);
                Transpose(a, 0, n, n, n, right, 0, n);
            }
            bool[] isNegative = new bool[n];
            if (!DiagonalOf(n, d, e, wantsVectors ? left : [], wantsVectors ? right : [], isNegative)) return false;
            int[] places = new int[n];
            for (int i = 0; i < n; i++)
                (places[i], d[i]) = (i, -d[i]);
            Array.Sort(d, places);
            for (int i = 0; i < n; i++)
            {
                sigma[i] = -d[i];
                for (int j = 0; j < n && wantsVectors; j++)
                {
                    ut[i * n + j] = left[places[i] * n + j];
                    vt[i * n + j] = isNegative[places[i]] ? -right[places[i] * n + j] : right[places[i] * n + j];
                }
            }
            return true;
        }

        // d on the diagonal and e right of it, by reflections from the left and from the right, which are the rows of left and right.
        static void Bidiagonal(real[] a, int n, real[] d, real[] e, real[] left, real[] right, real[] tauLeft, real[] tauRight)
        {
            for (int k = 0; k < n; k++)
            {
                int m = n - k, rest = m - 1, v = k * n + k, u = k * n + k + 1, corner = k * n + k + 1;
                Array.Clear(left, k * n, k);
                for (int i = 0; i < m; i++)
                    left[v + i] = a[(k + i) * n + k];
                real tau = tauLeft[k] = Reflection(left, v, m);
                d[k] = left[v];
                left[v] = 1;
                Array.Clear(right, k * n, Math.Min(k + 1, n));
                e[k] = tauRight[k] = 0;
                if (rest == 0) continue;
                real[] w = new real[rest];
                for (int i = 0; i < m && tau != 0; i++)
                    AddScaled(w, 0, left[v + i], a, corner + i * n, rest);
                AddScaled(a, corner, -tau, w, 0, rest);
                Array.Copy(a, corner, right, u, rest);
                real other = tauRight[k] = Reflection(right, u, rest);
                e[k] = right[u];
                right[u] = 1;
                for (int i = 1; i < m; i++)
                {
                    int row = corner + i * n;
                    if (tau != 0) AddScaled(a, row, -tau * left[v + i], w, 0, rest);
                    if (other != 0) AddScaled(a, row, -other * DotOfRows(a, row, right, u, rest), right, u, rest);
                }
            }
        }
        """;

    internal const string Diagonal = """
        // QR steps with shifts, until nothing is right of the diagonal; what is turned on the way is turned in u and v.
        static bool DiagonalOf(int n, real[] d, real[] e, real[] u, real[] v, bool[] isNegative)
        {
            real eps = MathR.BitIncrement(1) - 1, tiny = MathR.ScaleB(1, sizeof(real) == 4 ? -110 : -966);
            int end = n, steps = 0;
            while (end > 0)
            {
                int start = end - 2;
                for (; start >= 0; start--)
                {
                    if (!(MathR.Abs(e[start]) <= tiny + eps * (MathR.Abs(d[start]) + MathR.Abs(d[start + 1])))) continue;
                    e[start] = 0;
                    break;
                }
                if (start == end - 2)
                {
                    if (real.IsNegative(d[end - 1]))
                    {
                        d[end - 1] = -d[end - 1];
                        isNegative[end - 1] = true;
                    }
                    end--;
                    steps = 0;
                    continue;
                }
                int zero = end - 1;
                for (; zero > start; zero--)
                {
                    real beside = (zero != end - 1 ? MathR.Abs(e[zero]) : 0) + (zero != start + 1 ? MathR.Abs(e[zero - 1]) : 0);
                    if (!(MathR.Abs(d[zero]) <= tiny + eps * beside)) continue;
                    d[zero] = 0;
                    break;
                }
                start++;
                if (steps++ == 80) return false;
                if (zero == start - 1) QrStep(n, start, end, d, e, u, v);
                else if (zero == end - 1)
                {
                    // The last of d is 0: what is above it in its column goes to the rows above.
                    real f = e[end - 2];
                    e[end - 2] = 0;
                    for (int j = end - 2; j >= start; j--)
                    {
                        d[j] = Turn(d[j], f, out real c, out real s);
                        if (j != start)
                        {
                            f = -s * e[j - 1];
                            e[j - 1] = c * e[j - 1];
                        }
                        Rotate(v, n, j, end - 1, c, s);
                    }
                }
                else
                {
                    // One of d is 0: what is right of it goes to the rows below, and the matrix falls into two.
                    real f = e[zero];
                    e[zero] = 0;
                    for (int j = zero + 1; j < end; j++)
                    {
                        d[j] = Turn(d[j], f, out real c, out real s);
                        f = -s * e[j];
                        e[j] = c * e[j];
                        Rotate(u, n, j, zero, c, s);
                    }
                }
            }
            return true;
        }

        // One QR step with the shift of the last two rows.
        static void QrStep(int n, int start, int end, real[] d, real[] e, real[] u, real[] v)
        {
            real size = MathR.Max(MathR.Abs(d[end - 1]), MathR.Abs(d[end - 2]));
            size = MathR.Max(size, MathR.Max(MathR.Abs(e[end - 2]), MathR.Max(MathR.Abs(d[start]), MathR.Abs(e[start]))));
            real last = d[end - 1] / size, before = d[end - 2] / size, beside = e[end - 2] / size, first = d[start] / size;
            real b = ((before + last) * (before - last) + beside * beside) / 2, c = last * beside * (last * beside), shift = 0;
            if (b != 0 || c != 0)
            {
                shift = MathR.Sqrt(b * b + c);
                shift = c / (b + (b < 0 ? -shift : shift));
            }
            real f = (first + last) * (first - last) + shift, g = first * (e[start] / size);
            for (int j = start; j < end - 1; j++)
            {
                real length = Turn(f, g, out real cos, out real sin);
                if (j != start) e[j - 1] = length;
                f = cos * d[j] + sin * e[j];
                e[j] = cos * e[j] - sin * d[j];
                g = sin * d[j + 1];
                d[j + 1] = cos * d[j + 1];
                Rotate(v, n, j, j + 1, cos, sin);
                d[j] = Turn(f, g, out cos, out sin);
                f = cos * e[j] + sin * d[j + 1];
                d[j + 1] = -sin * e[j] + cos * d[j + 1];
                g = sin * e[j + 1];
                e[j + 1] = cos * e[j + 1];
                Rotate(u, n, j, j + 1, cos, sin);
            }
            e[end - 2] = f;
        }

        // The turn that brings (x, y) to the first axis, and their length.
        static real Turn(real x, real y, out real cos, out real sin)
        {
            real length = LengthOf(x, y);
            (cos, sin) = length == 0 ? (1, 0) : (x / length, y / length);
            return length;
        }
        """;
}
