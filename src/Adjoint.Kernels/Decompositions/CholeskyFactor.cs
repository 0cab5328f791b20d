using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>A = L·Lᵀ of symmetric matrices that are positive definite, in place: by halves, so that most of it is a product.</summary>
internal static unsafe class CholeskyFactor
{
    private const int Small = 16;

    /// <summary>Factors each matrix of a batch; only the lower triangles are read, the upper ones become 0.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="n">Their size.</param>
    /// <param name="a">The matrices, one after the other.</param>
    /// <param name="minors">For each matrix 0, or the size of the first leading minor that is not positive.</param>
    public static void Run<T>(int batch, int n, Span<T> a, Span<int> minors) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        minors.Clear();
        if (batch == 0 || n == 0) return;
        fixed (T* pa = a)
        fixed (int* pm = minors)
        {
            var body = new Body<T> { N = n, A = pa, Minors = pm };
            Batches.Run(batch, (double)n * n * n / 3, ref body);
        }
    }

    private struct Body<T> : IBatchBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int N;
        public T* A;
        public int* Minors;

        public readonly void One(int item)
        {
            T* a = A + (long)item * N * N;
            Minors[item] = Factor(a, N, N);
            for (int i = 0; i < N; i++) new Span<T>(a + (long)i * N + i + 1, N - 1 - i).Clear();
        }
    }

    private static int Factor<T>(T* a, int lda, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n <= Small) return FactorSmall(a, lda, n);
        int half = Triangular.Half(n);
        if (Factor(a, lda, half) is var first and not 0) return first;
        T* below = a + (long)half * lda;
        Triangular.LowerTransposedRight(n - half, half, a, lda, below, lda);
        SubtractSquare(n - half, half, below, lda, below + half, lda);
        return Factor(below + half, lda, n - half) is var second and not 0 ? half + second : 0;
    }

    /// <summary>The lower triangle of C −= X·Xᵀ, and some of what is above it.</summary>
    private static void SubtractSquare<T>(int n, int k, T* x, int ldx, T* c, int ldc) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Whole = 64;
        if (n <= Whole)
        {
            Line<T>.SubtractProduct(Trans.No, Trans.Yes, n, n, k, x, ldx, x, ldx, c, ldc);
            return;
        }
        int half = Triangular.Half(n);
        T* below = c + (long)half * ldc, other = x + (long)half * ldx;
        SubtractSquare(half, k, x, ldx, c, ldc);
        Line<T>.SubtractProduct(Trans.No, Trans.Yes, n - half, half, k, other, ldx, x, ldx, below, ldc);
        SubtractSquare(n - half, k, other, ldx, below + half, ldc);
    }

    private static int FactorSmall<T>(T* a, int lda, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            T* row = a + (long)i * lda;
            for (int j = 0; j < i; j++)
            {
                T* other = a + (long)j * lda;
                row[j] = (row[j] - Line<T>.Dot(row, other, j)) / other[j];
            }
            T rest = row[i] - Line<T>.Dot(row, row, i);
            if (!(rest > T.Zero)) return i + 1;
            row[i] = T.Sqrt(rest);
        }
        return 0;
    }
}
