using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Reductions against plain loops in double precision.</summary>
public sealed class ReduceTests
{
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            for (int n = 0; n <= 67; n++) shapes.Add(1, n, 1);
            foreach (int n in (int[])[1, 2, 5, 64, 65, 200, 5000]) foreach (int inner in (int[])[1, 2, 7, 64, 513]) shapes.Add(3, n, inner);
            shapes.Add(0, 5, 2);
            shapes.Add(2, 0, 3);
            shapes.Add(1, 100_000, 1);
            shapes.Add(1, 100_000, 3);
            return shapes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Sum_and_product(int outer, int n, int inner)
    {
        double[] x = Samples(outer * n * inner, 0.9, 1.1), y = new double[outer * inner];
        Reduce.Sum<double>(x, outer, n, inner, y);
        Each(x, y, outer, n, inner, (row, result) => result.ShouldBe(row.Sum(), 1e-12 * n + 1e-300));
        Reduce.Prod<double>(x, outer, n, inner, y);
        Each(x, y, outer, n, inner, (row, result) => { double p = row.Aggregate(1.0, (a, b) => a * b); result.ShouldBe(p, 1e-11 * p); });
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Extremes_and_their_places(int outer, int n, int inner)
    {
        if (n == 0) return;
        float[] x = [.. Samples(outer * n * inner, -50, 50).Select(v => (float)Math.Round(v))], y = new float[outer * inner];
        long[] index = new long[outer * inner];
        Reduce.Max<float>(x, outer, n, inner, y);
        Each(x, y, outer, n, inner, (row, result) => result.ShouldBe(row.Max()));
        Reduce.ArgMax<float>(x, outer, n, inner, index);
        Each(x, index, outer, n, inner, (row, result) => result.ShouldBe(Array.IndexOf(row, row.Max())));
        Reduce.Min<float>(x, outer, n, inner, y);
        Each(x, y, outer, n, inner, (row, result) => result.ShouldBe(row.Min()));
        Reduce.ArgMin<float>(x, outer, n, inner, index);
        Each(x, index, outer, n, inner, (row, result) => result.ShouldBe(Array.IndexOf(row, row.Min())));
    }

    [Theory, InlineData(1), InlineData(3)]
    public void NaN_wins_every_extreme(int inner)
    {
        const int n = 100;
        for (int place = 0; place < n; place += 9)
        {
            float[] x = [.. Samples(n * inner, -1, 1).Select(v => (float)v)], y = new float[inner];
            long[] index = new long[inner];
            x[place * inner] = float.NaN;
            x[(n - 1) * inner] = float.NaN;
            Reduce.Max<float>(x, 1, n, inner, y);
            y[0].ShouldBe(float.NaN);
            Reduce.Min<float>(x, 1, n, inner, y);
            y[0].ShouldBe(float.NaN);
            Reduce.ArgMax<float>(x, 1, n, inner, index);
            index[0].ShouldBe(place);
            Reduce.ArgMin<float>(x, 1, n, inner, index);
            index[0].ShouldBe(place);
        }
    }

    [Fact]
    public void Whole_numbers_and_truth_values()
    {
        long[] sum = new long[1];
        Reduce.Sum<long>([.. Enumerable.Range(1, 1000).Select(i => (long)i << 40)], 1, 1000, 1, sum);
        sum[0].ShouldBe(500500L << 40);
        int[] max = new int[1];
        Reduce.Max<int>([-5, -3, -9], 1, 3, 1, max);
        max[0].ShouldBe(-3);
        byte[] any = new byte[2], all = new byte[2];
        Reduce.Any([0, 1, 0, 0, 0, 0], 2, 3, 1, any);
        any.ShouldBe([1, 0]);
        Reduce.All([1, 1, 1, 1, 0, 1], 2, 3, 1, all);
        all.ShouldBe([1, 0]);
        Reduce.All([], 2, 0, 1, all);
        all.ShouldBe([1, 1]);
        Reduce.Any([], 2, 0, 1, any);
        any.ShouldBe([0, 0]);
    }

    [Fact]
    public void A_float_sum_of_many_is_accurate_and_the_same_for_any_number_of_threads()
    {
        const int n = 7 * 428_573;
        float[] x = [.. Samples(n, 0, 1).Select(v => (float)v)], y = new float[1], columns = new float[7];
        double exact = 0;
        foreach (float v in x) exact += v;
        float[]? first = null;
        int before = Threads.Count;
        try
        {
            foreach (int threads in (int[])[1, 2, 3])
            {
                Threads.Count = threads;
                Reduce.Sum<float>(x, 1, n, 1, y);
                (Math.Abs(y[0] - exact) / exact).ShouldBeLessThan(3e-7);
                Reduce.Sum<float>(x, 1, n / 7, 7, columns);
                columns.Sum(v => (double)v).ShouldBe(exact, exact * 3e-7);
                first ??= [y[0], .. columns];
                first.ShouldBe([y[0], .. columns]);
            }
        }
        finally { Threads.Count = before; }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Log_sum_exp_and_variance(int outer, int n, int inner)
    {
        if (n > 5000) return;
        double[] x = Samples(outer * n * inner, -3, 3), y = new double[outer * inner], mean = new double[outer * inner],
            variance = new double[outer * inner];
        Reduce.LogSumExp<double>(x, outer, n, inner, y);
        Each(x, y, outer, n, inner, (row, result) =>
            { if (n == 0) result.ShouldBe(double.NegativeInfinity); else result.ShouldBe(Math.Log(row.Sum(Math.Exp)), 1e-12); });
        Reduce.Variance<double>(x, outer, n, inner, mean, variance);
        if (n == 0) mean.ShouldAllBe(v => double.IsNaN(v));
        else Each(x, mean, outer, n, inner, (row, result) => result.ShouldBe(row.Average(), 1e-12));
        if (n < 2) variance.ShouldAllBe(v => double.IsNaN(v));
        else Each(
            x, variance, outer, n, inner,
            (row, result) => result.ShouldBe(row.Sum(v => (v - row.Average()) * (v - row.Average())) / (n - 1), 1e-10));
    }

    [Fact]
    public void Log_sum_exp_of_infinities()
    {
        double inf = double.PositiveInfinity;
        float[] y = new float[4];
        Reduce.LogSumExp<float>([(float)-inf, (float)-inf, 0, (float)-inf, (float)inf, 1, 1000, 1000], 4, 2, 1, y);
        y[..3].ShouldBe([(float)-inf, 0, (float)inf]);
        y[3].ShouldBe(1000.6931f, 1e-4f);
    }

    [Fact]
    public void Spans_that_do_not_fit_are_refused() =>
        Should.Throw<ArgumentException>(() => Reduce.Sum<float>(new float[5], 1, 4, 1, new float[1])).Message.ShouldContain("[1, 4, 1]");

    private static void Each<T, S>(T[] x, S[] y, int outer, int n, int inner, Action<T[], S> check)
    {
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i += Math.Max(1, inner / 5))
                check([.. Enumerable.Range(0, n).Select(k => x[(o * n + k) * inner + i])], y[o * inner + i]);
    }

    private static double[] Samples(int n, double low, double high)
    {
        var random = new System.Random(n);
        return [.. Enumerable.Range(0, n).Select(_ => low + random.NextDouble() * (high - low))];
    }
}
