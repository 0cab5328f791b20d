using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>Systems with a triangular matrix, solved in place: by halves, so that most of it is a product of matrices.</summary>
internal static unsafe class Triangular
{
    private const int Small = 16; // below it rows are subtracted one by one

    /// <summary>B = A⁻¹·B for each matrix of a batch.</summary>
    /// <param name="lower">Whether A is its lower triangle, else its upper one.</param>
    /// <param name="unit">Whether its diagonal counts as ones.</param>
    /// <param name="batch">How many.</param>
    /// <param name="n">Rows of A and of B.</param>
    /// <param name="columns">Columns of B.</param>
    /// <param name="a">The matrices A, one after the other.</param>
    /// <param name="b">The matrices B, one after the other.</param>
    public static void Solve<T>(bool lower, bool unit, int batch, int n, int columns, ReadOnlySpan<T> a, Span<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (batch == 0 || n == 0 || columns == 0) return;
        fixed (T* pa = a, pb = b)
        {
            var body = new Body<T> { Lower = lower, Unit = unit, N = n, Columns = columns, A = pa, B = pb };
            Batches.Run(batch, (double)n * n * columns, ref body);
        }
    }

    private struct Body<T> : IBatchBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public bool Lower, Unit;
        public int N, Columns;
        public T* A, B;

        public readonly void One(int item)
        {
            T* a = A + (long)item * N * N, b = B + (long)item * N * Columns;
            if (Lower) LowerLeft(Unit, N, Columns, a, N, b, Columns);
            else UpperLeft(Unit, N, Columns, a, N, b, Columns);
        }
    }

    /// <summary>B = L⁻¹·B.</summary>
    internal static void LowerLeft<T>(bool unit, int n, int columns, T* a, int lda, T* b, int ldb)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 1 && ldb == 1)
        {
            for (int i = 0; i < n; i++)
            {
                T* row = a + (long)i * lda;
                T rest = b[i] - Line<T>.Dot(row, b, i);
                b[i] = unit ? rest : rest / row[i];
            }
            return;
        }
        if (n > Small)
        {
            int half = Half(n);
            LowerLeft(unit, half, columns, a, lda, b, ldb);
            T* below = b + (long)half * ldb;
            Line<T>.SubtractProduct(Trans.No, Trans.No, n - half, columns, half, a + (long)half * lda, lda, b, ldb, below, ldb);
            LowerLeft(unit, n - half, columns, a + (long)half * lda + half, lda, below, ldb);
            return;
        }
        for (int i = 0; i < n; i++)
        {
            T* row = a + (long)i * lda, x = b + (long)i * ldb;
            for (int k = 0; k < i; k++) Line<T>.AddScaled(x, -row[k], b + (long)k * ldb, columns);
            if (!unit) Line<T>.Divide(x, row[i], columns);
        }
    }

    /// <summary>B = U⁻¹·B.</summary>
    internal static void UpperLeft<T>(bool unit, int n, int columns, T* a, int lda, T* b, int ldb)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 1 && ldb == 1)
        {
            for (int i = n - 1; i >= 0; i--)
            {
                T* row = a + (long)i * lda;
                T rest = b[i] - Line<T>.Dot(row + i + 1, b + i + 1, n - 1 - i);
                b[i] = unit ? rest : rest / row[i];
            }
            return;
        }
        if (n > Small)
        {
            int half = Half(n);
            T* below = b + (long)half * ldb;
            UpperLeft(unit, n - half, columns, a + (long)half * lda + half, lda, below, ldb);
            Line<T>.SubtractProduct(Trans.No, Trans.No, half, columns, n - half, a + half, lda, below, ldb, b, ldb);
            UpperLeft(unit, half, columns, a, lda, b, ldb);
            return;
        }
        for (int i = n - 1; i >= 0; i--)
        {
            T* row = a + (long)i * lda, x = b + (long)i * ldb;
            for (int k = i + 1; k < n; k++) Line<T>.AddScaled(x, -row[k], b + (long)k * ldb, columns);
            if (!unit) Line<T>.Divide(x, row[i], columns);
        }
    }

    /// <summary>B = B·L⁻ᵀ, for B of <paramref name="rows"/> rows.</summary>
    internal static void LowerTransposedRight<T>(int rows, int n, T* a, int lda, T* b, int ldb)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n > Small)
        {
            int half = Half(n);
            LowerTransposedRight(rows, half, a, lda, b, ldb);
            Line<T>.SubtractProduct(Trans.No, Trans.Yes, rows, n - half, half, b, ldb, a + (long)half * lda, lda, b + half, ldb);
            LowerTransposedRight(rows, n - half, a + (long)half * lda + half, lda, b + half, ldb);
            return;
        }
        for (int i = 0; i < rows; i++)
        {
            T* x = b + (long)i * ldb;
            for (int j = 0; j < n; j++)
            {
                T* row = a + (long)j * lda;
                x[j] = (x[j] - Line<T>.Dot(x, row, j)) / row[j];
            }
        }
    }

    /// <summary>About a half, a whole number of registers.</summary>
    internal static int Half(int n) => n / 2 + 7 & ~7;
}
