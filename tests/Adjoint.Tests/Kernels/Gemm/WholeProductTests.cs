using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Products of matrices of integers against the sums they stand for.</summary>
public sealed class WholeProductTests
{
    [Theory, InlineData(1, 1, 1), InlineData(3, 5, 0), InlineData(1, 67, 2), InlineData(4, 32, 9), InlineData(5, 33, 2), InlineData(18, 40, 31), InlineData(64, 70, 65)]
    public void Products_are_the_sums_of_products_wrapping_around(int m, int n, int k)
    {
        foreach (bool transA in new[] { false, true })
            foreach (bool transB in new[] { false, true })
            {
                Check<long>(m, n, k, transA, transB);
                Check<int>(m, n, k, transA, transB);
                Check<byte>(m, n, k, transA, transB);
            }
    }

    private static void Check<T>(int m, int n, int k, bool transA, bool transB) where T : unmanaged, IBinaryInteger<T>
    {
        const int batch = 2;
        var random = new System.Random(m * n + k);
        T[] a = Numbers(batch * m * k), b = Numbers(batch * k * n), row = Numbers(n), c = new T[batch * m * n], plain = new T[batch * m * n];
        WholeProduct.Multiply<T>(a, transA, b, transB, row, c, m, n, k);
        WholeProduct.Multiply<T>(a, transA, b, transB, [], plain, m, n, k);
        for (int i = 0; i < batch; i++)
            for (int r = 0; r < m; r++)
                for (int s = 0; s < n; s++)
                {
                    T sum = T.Zero;
                    for (int j = 0; j < k; j++)
                        sum = unchecked(sum + a[i * m * k + (transA ? j * m + r : r * k + j)] * b[i * k * n + (transB ? s * k + j : j * n + s)]);
                    plain[(i * m + r) * n + s].ShouldBe(sum);
                    c[(i * m + r) * n + s].ShouldBe(unchecked(sum + row[s]));
                }

        T[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextInt64(long.MinValue, long.MaxValue)))];
    }

    [Fact]
    public void Arrays_of_another_size_are_refused() =>
        Should.Throw<ArgumentException>(() => WholeProduct.Multiply<int>(new int[6], false, new int[7], false, [], new int[4], 2, 2, 3)).Message.ShouldContain("[2, 3]·[3, 2]");
}
