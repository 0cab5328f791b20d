namespace Adjoint;

/// <summary>Systems of triangles, LU and Cholesky as text; lines that begin with ## are for matrices that the kernel halves.</summary>
internal static class HandTriangularText
{
    internal const string Lower = """
        // b = a⁻¹·b for the lower triangle a: from row to row, the solved ones are subtracted.
        ## // The kernel halves large ones, so that most is a product of matrices; its order of adding up is kept here.
        static void SolveLower(bool unit, int n, int columns, real[] a, int at, int lda, real[] b, int atB, int ldb)
        {
            if (columns == 1 && ldb == 1)
            {
                for (int i = 0; i < n; i++)
                {
                    real rest = b[atB + i] - DotOfRows(a, at + i * lda, b, atB, i);
                    b[atB + i] = unit ? rest : rest / a[at + i * lda + i];
                }
                return;
            }
        ##     if (n > 16)
        ##     {
        ##         int half = Half(n), below = atB + half * ldb;
        ##         SolveLower(unit, half, columns, a, at, lda, b, atB, ldb);
        ##         SubtractProduct(false, n - half, columns, half, a, at + half * lda, lda, b, atB, ldb, b, below, ldb);
        ##         SolveLower(unit, n - half, columns, a, at + half * lda + half, lda, b, below, ldb);
        ##         return;
        ##     }
            for (int i = 0; i < n; i++)
            {
                for (int k = 0; k < i; k++)
                    AddScaled(b, atB + i * ldb, -a[at + i * lda + k], b, atB + k * ldb, columns);
                for (int j = 0; j < columns && !unit; j++)
                    b[atB + i * ldb + j] /= a[at + i * lda + i];
            }
        }
        """;

    internal const string Upper = """
        // b = a⁻¹·b for the upper triangle a: from the last row to the first.
        static void SolveUpper(bool unit, int n, int columns, real[] a, int at, int lda, real[] b, int atB, int ldb)
        {
            if (columns == 1 && ldb == 1)
            {
                for (int i = n - 1; i >= 0; i--)
                {
                    real rest = b[atB + i] - DotOfRows(a, at + i * lda + i + 1, b, atB + i + 1, n - 1 - i);
                    b[atB + i] = unit ? rest : rest / a[at + i * lda + i];
                }
                return;
            }
        ##     if (n > 16)
        ##     {
        ##         int half = Half(n), below = atB + half * ldb;
        ##         SolveUpper(unit, n - half, columns, a, at + half * lda + half, lda, b, below, ldb);
        ##         SubtractProduct(false, half, columns, n - half, a, at + half, lda, b, below, ldb, b, atB, ldb);
        ##         SolveUpper(unit, half, columns, a, at, lda, b, atB, ldb);
        ##         return;
        ##     }
            for (int i = n - 1; i >= 0; i--)
            {
                for (int k = i + 1; k < n; k++)
                    AddScaled(b, atB + i * ldb, -a[at + i * lda + k], b, atB + k * ldb, columns);
                for (int j = 0; j < columns && !unit; j++)
                    b[atB + i * ldb + j] /= a[at + i * lda + i];
            }
        }
        """;

    internal const string Lu = """
        // P·a = L·U in place: in each column the largest number divides, and for that its row changes places with that of the diagonal.
        // Pivots are counted from 0.
        static void Lu(real[] a, int at, int lda, int m, int n, int[] pivots, int first)
        {
            int count = Math.Min(m, n);
        ##     if (count > 8)
        ##     {
        ##         // The kernel halves the columns, so that most is a product of matrices; its order of adding up is kept here.
        ##         int left = Half(count), right = n - left, below = at + left * lda;
        ##         Lu(a, at, lda, m, left, pivots, first);
        ##         for (int i = 0; i < left; i++)
        ##             ExchangeRows(a, at + left, lda, right, i, pivots[first + i]);
        ##         SolveLower(true, left, right, a, at, lda, a, at + left, lda);
        ##         SubtractProduct(false, m - left, right, left, a, below, lda, a, at + left, lda, a, below + left, lda);
        ##         Lu(a, below + left, lda, m - left, right, pivots, first + left);
        ##         for (int i = left; i < count; i++)
        ##         {
        ##             pivots[first + i] += left;
        ##             ExchangeRows(a, at, lda, left, i, pivots[first + i]);
        ##         }
        ##         return;
        ##     }
            for (int j = 0; j < count; j++)
            {
                int pivot = j;
                for (int i = j + 1; i < m; i++)
                    if (MathR.Abs(a[at + i * lda + j]) > MathR.Abs(a[at + pivot * lda + j])) pivot = i;
                pivots[first + j] = pivot;
                ExchangeRows(a, at, lda, n, j, pivot);
                real divisor = a[at + j * lda + j];
                // A column of zeros stays as it is: the 0 on the diagonal says that the matrix is singular.
                if (divisor == 0) continue;
                for (int i = j + 1; i < m; i++)
                {
                    real factor = a[at + i * lda + j] / divisor;
                    a[at + i * lda + j] = factor;
                    AddScaled(a, at + i * lda + j + 1, -factor, a, at + j * lda + j + 1, n - j - 1);
                }
            }
        }
        """;

    internal const string SolveByLu = """
        // x = a⁻¹·x from the decomposition of a: the exchanges, then one triangle after the other.
        static void SolveByLu(real[] lu, int at, int n, int[] pivots, int first, real[] x, int atX, int columns)
        {
            for (int i = 0; i < n; i++)
                ExchangeRows(x, atX, columns, columns, i, pivots[first + i]);
            SolveLower(true, n, columns, lu, at, n, x, atX, columns);
            SolveUpper(false, n, columns, lu, at, n, x, atX, columns);
        }
        """;

    internal const string Cholesky = """
        // L of L·Lᵀ = a in place, from its lower triangle; 0, or the first leading minor that is not above 0.
        static int Cholesky(real[] a, int at, int lda, int n)
        {
        ##     if (n > 128)
        ##     {
        ##         // The kernel halves large ones, so that most is a product of matrices; its order of adding up is kept here.
        ##         int half = Half(n), below = at + half * lda, failed = Cholesky(a, at, lda, half);
        ##         if (failed != 0) return failed;
        ##         SolveLowerFromTheRight(n - half, half, a, at, lda, below);
        ##         SubtractSquare(n - half, half, a, below, lda, below + half);
        ##         failed = Cholesky(a, below + half, lda, n - half);
        ##         return failed == 0 ? 0 : half + failed;
        ##     }
            for (int i = 0; i < n; i++)
            {
                int row = at + i * lda;
                for (int j = 0; j <= i; j++)
                {
                    int other = at + j * lda;
                    real rest = a[row + j];
                    for (int k = 0; k < j; k++) rest = MathR.FusedMultiplyAdd(-a[other + k], a[row + k], rest);
                    if (j == i && !(rest > 0)) return i + 1;
                    a[row + j] = j < i ? rest / a[other + j] : MathR.Sqrt(rest);
                }
            }
            return 0;
        }
        """;

    internal const string CholeskyOfHalves = """
        // b = b·L⁻ᵀ, where b lies below L in one matrix.
        static void SolveLowerFromTheRight(int rows, int n, real[] a, int at, int lda, int b)
        {
            if (n > 16)
            {
                int half = Half(n), corner = at + half * lda + half;
                SolveLowerFromTheRight(rows, half, a, at, lda, b);
                SubtractProduct(true, rows, n - half, half, a, b, lda, a, at + half * lda, lda, a, b + half, lda);
                SolveLowerFromTheRight(rows, n - half, a, corner, lda, b + half);
                return;
            }
            for (int i = 0; i < rows; i++)
            {
                int x = b + i * lda;
                for (int j = 0; j < n; j++)
                    a[x + j] = (a[x + j] - DotOfRows(a, x, a, at + j * lda, j)) / a[at + j * lda + j];
            }
        }

        // c −= x·xᵀ, as far as the lower triangle goes and a little further, in one matrix.
        static void SubtractSquare(int n, int k, real[] a, int x, int lda, int c)
        {
            if (n <= 64)
            {
                SubtractProduct(true, n, n, k, a, x, lda, a, x, lda, a, c, lda);
                return;
            }
            int half = Half(n), below = c + half * lda, other = x + half * lda;
            SubtractSquare(half, k, a, x, lda, c);
            SubtractProduct(true, n - half, half, k, a, other, lda, a, x, lda, a, below, lda);
            SubtractSquare(n - half, k, a, other, lda, below + half);
        }
        """;
}
