namespace Adjoint.Tests.Ops.LinearAlgebra;

/// <summary>A product of vectors that is added in one pass has the bits of product, factor and sum one after the other.</summary>
public class OuterSumTests
{
    [Theory, InlineData(DType.Float32), InlineData(DType.Float64)]
    public void One_pass_has_the_bits_of_three(DType dtype)
    {
        double[] special = [0, -0.0, double.PositiveInfinity, double.NaN, -1.5, 1e-40, 3e38];
        foreach ((int m, int n) in ((int, int)[])[(1, 1), (3, 2), (7, 40), (130, 257)])
            foreach ((double beta, double alpha) in ((double, double)[])[(0.5, 2), (1, 1), (-0.3, -0.7)])
            {
                Tensor x = Numbers(m, 1), y = Numbers(n, 2), c = Numbers(m * n, 3).Reshape(m, n);
                Tensor expected = x.Unsqueeze(-1).Mm(y.Unsqueeze(0)).MulInPlace(alpha).AddInPlace(c, beta);
                Same(c.AddR(x, y, beta, alpha), expected);
                Same(c.T.Contiguous().T.AddR(x, y, beta, alpha), expected);
                // What is not of the shape of the result goes the other way.
                Same(c[0].AddR(x, y, beta, alpha), x.Unsqueeze(-1).Mm(y.Unsqueeze(0)).MulInPlace(alpha).AddInPlace(c[0], beta));
            }

        Tensor Numbers(int count, int seed) => Tensor.From(
            [.. Enumerable.Range(0, count)
                .Select(i => i % 5 == 2 ? special[(i / 5 + seed) % special.Length] : (i * 37 + seed) % 19 / 3.0 - 3)]).To(dtype);

        static void Same(Tensor a, Tensor b) => Bits(a).ShouldBe(Bits(b));

        static long[] Bits(Tensor x) =>
            [.. x.ToArray<double>().Select(number => double.IsNaN(number) ? -1 : BitConverter.DoubleToInt64Bits(number))];
    }
}
