using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Softmax, its logarithm and the cross-entropy, against formulas in double precision and finite differences.</summary>
public sealed class SoftmaxTests
{
    [Theory, InlineData(1, 1, 1), InlineData(5, 10, 1), InlineData(3, 67, 1), InlineData(2, 9, 5), InlineData(300, 1000, 1)]
    public void Softmax_and_its_gradient(int outer, int n, int inner)
    {
        double[] x = Samples(outer * n * inner, 1), y = new double[x.Length], log = new double[x.Length], g = Samples(x.Length, 2),
            dx = new double[x.Length];
        RowKernel<Softmax>.Forward<double>(x, outer, n, inner, y);
        RowKernel<LogSoftmax>.Forward<double>(x, outer, n, inner, log);
        for (int r = 0; r < outer * inner; r++)
        {
            int[] row = Row(r, n, inner);
            double sum = row.Sum(k => Math.Exp(x[k]));
            foreach (int k in row)
            {
                y[k].ShouldBe(Math.Exp(x[k]) / sum, 1e-14);
                log[k].ShouldBe(x[k] - Math.Log(sum), 1e-13);
            }
        }
        RowKernel<Softmax>.Backward<double>(g, y, outer, n, inner, dx);
        for (int r = 0; r < outer * inner; r += 7)
        {
            int[] row = Row(r, n, inner);
            double dot = row.Sum(k => g[k] * y[k]);
            foreach (int k in row) dx[k].ShouldBe(y[k] * (g[k] - dot), 1e-13);
        }
        RowKernel<LogSoftmax>.Backward<double>(g, log, outer, n, inner, dx);
        for (int r = 0; r < outer * inner; r += 7)
        {
            int[] row = Row(r, n, inner);
            double sum = row.Sum(k => g[k]);
            foreach (int k in row) dx[k].ShouldBe(g[k] - y[k] * sum, 1e-12);
        }
        RowKernel<Softmax>.Forward<double>(x, outer, n, inner, x);
        x.ShouldBe(y);
    }

    [Fact]
    public void Extreme_scores_neither_overflow_nor_vanish()
    {
        float inf = float.PositiveInfinity;
        float[] y = new float[8];
        RowKernel<Softmax>.Forward<float>([1000, 0, 0, -inf, -inf, -inf, inf, 0], 4, 2, 1, y);
        y[..4].ShouldBe([1, 0, 1, 0]);
        y[4..].ShouldAllBe(v => float.IsNaN(v) || v == 0);
        float.IsNaN(y[4]).ShouldBeTrue();
        RowKernel<LogSoftmax>.Forward<float>([1000, 0, 0, -inf, 1e30f, 1e30f, 3, 3], 4, 2, 1, y);
        y[..4].ShouldBe([0, -1000, 0, -inf]);
        y[4].ShouldBe(-MathF.Log(2), 1e-6f);
    }

    [Fact]
    public void Cross_entropy_is_minus_the_log_of_the_probability_of_the_target()
    {
        const int rows = 50, classes = 10;
        double[] x = Samples(rows * classes, 3), w = [.. Samples(classes, 4).Select(v => v + 4)], p = new double[x.Length],
            loss = new double[rows], dx = new double[x.Length];
        long[] target = [.. Enumerable.Range(0, rows).Select(r => r % 7 == 3 ? -100L : r * 3 % classes)];
        CrossEntropy.Forward<double>(x, target, w, -100, p, loss, classes);
        double[] g = Samples(rows, 5);
        CrossEntropy.Backward<double>(g, p, target, w, -100, dx, classes);
        for (int r = 0; r < rows; r++)
        {
            double sum = Enumerable.Range(0, classes).Sum(k => Math.Exp(x[r * classes + k]));
            double expected = target[r] < 0 ? 0 : w[target[r]] * (Math.Log(sum) - x[r * classes + target[r]]);
            loss[r].ShouldBe(expected, 1e-12);
            for (int k = 0; k < classes; k++)
            {
                double slope = target[r] < 0 ? 0 : g[r] * w[target[r]] * (Math.Exp(x[r * classes + k]) / sum - (k == target[r] ? 1 : 0));
                dx[r * classes + k].ShouldBe(slope, 1e-12);
            }
        }
        Should.Throw<ArgumentOutOfRangeException>(() =>
            CrossEntropy.Forward<double>(x, [.. target[..49], 10], w, -100, p, loss, classes)).Message.ShouldContain("row 49");
    }

    private static int[] Row(int r, int n, int inner) => [.. Enumerable.Range(0, n).Select(k => (r / inner * n + k) * inner + r % inner)];

    private static double[] Samples(int n, int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() * 6 - 3)];
    }
}
