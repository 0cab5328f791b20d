using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Products of matrices of bytes against the sums they stand for.</summary>
public sealed class WholeProductTests
{
    [Theory]
    [InlineData(1, 1, 1), InlineData(3, 5, 0), InlineData(1, 67, 2), InlineData(4, 32, 9)]
    [InlineData(5, 33, 2), InlineData(18, 40, 31), InlineData(64, 70, 65)]
    public void Products_are_the_sums_of_products_wrapping_around(int m, int n, int k)
    {
        foreach (Trans transA in new[] { Trans.No, Trans.Yes })
            foreach (Trans transB in new[] { Trans.No, Trans.Yes })
                foreach (bool shared in new[] { false, true })
                    Check(m, n, k, transA, transB, shared);
    }

    private static void Check(int m, int n, int k, Trans transA, Trans transB, bool shared)
    {
        const int batch = 2, gap = 3, pad = 1;
        var random = new System.Random(m * n + k);
        int lda = (transA == Trans.No ? k : m) + pad, ldb = (transB == Trans.No ? n : k) + pad;
        int strideA = (transA == Trans.No ? m : k) * lda + gap, strideB = shared ? 0 : (transB == Trans.No ? k : n) * ldb + gap;
        // More memory than the operands need, as a view of a larger tensor has.
        byte[] a = Bytes(batch * strideA + 50), b = Bytes((batch + 1) * (k + n + 1) * (ldb + gap)), row = Bytes(n);
        byte[] c = new byte[batch * m * n], plain = new byte[batch * m * n];
        WholeProduct.MultiplyBatched(batch, transA, transB, m, n, k, a, lda, strideA, b, ldb, strideB, c, row);
        WholeProduct.MultiplyBatched(batch, transA, transB, m, n, k, a, lda, strideA, b, ldb, strideB, plain, []);
        for (int i = 0; i < batch; i++)
            for (int r = 0; r < m; r++)
                for (int s = 0; s < n; s++)
                {
                    int sum = 0;
                    for (int j = 0; j < k; j++)
                        sum += a[i * strideA + (transA == Trans.No ? r * lda + j : j * lda + r)]
                            * b[i * strideB + (transB == Trans.No ? j * ldb + s : s * ldb + j)];
                    plain[(i * m + r) * n + s].ShouldBe(unchecked((byte)sum));
                    c[(i * m + r) * n + s].ShouldBe(unchecked((byte)(sum + row[s])));
                }

        byte[] Bytes(int count)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    [Fact]
    public void Matrices_that_do_not_fit_are_refused() =>
        Should.Throw<ArgumentException>(() =>
            WholeProduct.MultiplyBatched(1, Trans.No, Trans.No, 2, 2, 3, new byte[5], 3, 0, new byte[6], 2, 0, new byte[4], []))
            .ParamName.ShouldBe("a");
}
