using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

public class GemmBatchTests
{
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 1, 3, 4, 5 }, { 3, 2, 2, 2 }, { 9, 7, 13, 17 }, { 40, 16, 16, 16 }, { 2, 70, 130, 110 }, { 8, 65, 40, 33 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Equals_one_product_after_the_other(int batch, int m, int k, int n)
    {
        foreach (
            var (transA, transB) in new[] { (Trans.No, Trans.No), (Trans.No, Trans.Yes), (Trans.Yes, Trans.No), (Trans.Yes, Trans.Yes) })
            foreach (bool sharedA in new[] { false, true })
                foreach (bool sharedB in new[] { false, true })
                    foreach (int gap in new[] { 0, 5 })
                        Check(batch, transA, transB, m, k, n, sharedA ? 0 : m * k + gap, sharedB ? 0 : k * n + gap, m * n + gap);
    }

    private static void Check(int batch, Trans transA, Trans transB, int m, int k, int n, int strideA, int strideB, int strideC)
    {
        var random = new System.Random(batch);
        float[] a = Values(strideA * (batch - 1) + m * k), b = Values(strideB * (batch - 1) + k * n);
        float[] c = Values(strideC * (batch - 1) + m * n), expected = [.. c], bias = Values(n);
        int lda = transA == Trans.No ? k : m, ldb = transB == Trans.No ? n : k;

        for (int i = 0; i < batch; i++)
            Gemm.Multiply(
                transA, transB, m, n, k, a.AsSpan(i * strideA, m * k), lda, b.AsSpan(i * strideB, k * n), ldb,
                expected.AsSpan(i * strideC, m * n), n, true, bias);
        Gemm.MultiplyBatched<float>(batch, transA, transB, m, n, k, a, lda, strideA, b, ldb, strideB, c, n, strideC, true, bias);

        for (int i = 0; i < c.Length; i++)
            if (!(Math.Abs(c[i] - expected[i]) <= 1e-5))
                Assert.Fail($"{batch} of {m}x{k}x{n} {transA} {transB}, strides {strideA}, {strideB}, {strideC}: element {i} is {c[i]}, not {expected[i]}");

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    [Fact]
    public void No_matrices_are_no_work() =>
        Gemm.MultiplyBatched<float>(0, Trans.No, Trans.No, 2, 2, 2, [], 2, 4, [], 2, 4, [], 2, 4);

    [Fact]
    public void A_batch_that_does_not_fit_is_refused() =>
        Should.Throw<ArgumentException>(() =>
            Gemm.MultiplyBatched<float>(3, Trans.No, Trans.No, 2, 2, 2, new float[12], 2, 4, new float[11], 2, 4, new float[12], 2, 4))
            .ParamName.ShouldBe("b");
}
