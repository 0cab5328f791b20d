using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>A = L·Lᵀ of symmetric matrices that are positive definite, in place: by halves, so that most of it is a product.</summary>
internal static unsafe class CholeskyFactor
{
    private const int Small = 128, Together = 4;

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

    /// <summary>
    /// The same of a matrix that stays in the cache: as U = Lᵀ, whose rows lie along registers. Four rows are finished, and then taken
    /// from all that follow in one pass.
    /// </summary>
    private static int FactorSmall<T>(T* a, int lda, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Rows are gone through by whole registers: what is beside their end is not read by anything that counts.
        int ld = n + Vector256<T>.Count;
        using var memory = new Scratch<T>((long)n * ld);
        T* u = memory.Data;
        Transposition.Panel(a, lda, u, ld, n, n);
        for (int i = 0; i < n; i++) new Span<T>(u + i * ld + n, ld - n).Clear();
        for (long first = 0; first < n; first += Together)
        {
            long end = Math.Min(first + Together, n);
            for (long k = first; k < end; k++)
            {
                T* row = u + k * ld;
                int rest = n - (int)k;
                for (long p = first; p < k; p++) Line<T>.AddScaled(row + k, -u[p * ld + k], u + p * ld + k, rest);
                if (!(row[k] > T.Zero)) return (int)k + 1;
                row[k] = T.Sqrt(row[k]);
                Line<T>.Divide(row + k + 1, row[k], rest - 1);
            }
            for (long i = end; i < n; i++) SubtractFour(u + i * ld + i, u + first * ld + i, ld, n - i);
        }
        Transposition.Panel(u, ld, a, lda, n, n);
        return 0;
    }

    /// <summary>y −= x[0]·x for four rows x in turn, each product rounded with its sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractFour<T>(T* y, T* x, int ld, long n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* x1 = x + ld, x2 = x1 + ld, x3 = x2 + ld;
        Vector256<T> a = Vector256.Create(-*x), b = Vector256.Create(-*x1), c = Vector256.Create(-*x2), d = Vector256.Create(-*x3);
        for (long i = 0; i < n; i += Vector256<T>.Count)
        {
            Vector256<T> sum = Simd256<T>.MultiplyAdd(a, Vector256.Load(x + i), Vector256.Load(y + i));
            sum = Simd256<T>.MultiplyAdd(b, Vector256.Load(x1 + i), sum);
            sum = Simd256<T>.MultiplyAdd(c, Vector256.Load(x2 + i), sum);
            Simd256<T>.MultiplyAdd(d, Vector256.Load(x3 + i), sum).Store(y + i);
        }
    }
}
