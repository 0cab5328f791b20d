namespace Adjoint.Tests.Ops;

/// <summary>Numbers that are counted, chosen or brought together, beside the plainest program for the same.</summary>
public class CountingTests
{
    public static TheoryData<long, long> Ranges => new() { { 0, 5 }, { -3, 900 }, { -1L << 62, 1L << 62 }, { long.MinValue, long.MaxValue } };

    [Theory, MemberData(nameof(Ranges))]
    public void Whole_numbers_without_repetitions(long least, long most)
    {
        var random = new Random(3);
        long[] x = [least, most, .. Enumerable.Range(0, 300).Select(_ => random.NextInt64(least, most)), least, most];
        Matches(x, Tensor.From(x).Unique());
    }

    [Fact]
    public void Numbers_without_repetitions_and_NaN_by_itself()
    {
        double[] x = [2, -0.0, double.NaN, 0, 2, double.PositiveInfinity, double.NaN, -1, -1];
        var (values, inverse, counts) = Tensor.From(x).Unique();
        values.ToArray<double>().ShouldBe([-1, 0, 2, double.PositiveInfinity, double.NaN, double.NaN]);
        counts.ToArray<long>().ShouldBe([2, 2, 2, 1, 1, 1]);
        inverse.ToArray<long>().ShouldBe([2, 1, 4, 1, 2, 3, 5, 0, 0]);
        (values, inverse, counts) = Tensor.From(x).UniqueConsecutive();
        counts.ToArray<long>().ShouldBe([1, 1, 1, 1, 1, 1, 1, 2]);
        inverse.ToArray<long>().ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 7]);
        values.NumEl.ShouldBe(8);
    }

    [Fact]
    public void Nothing_has_no_groups()
    {
        foreach (var (values, inverse, counts) in new[] { Tensor.Zeros(0).Unique(), Tensor.Zeros([0], DType.Int64).UniqueConsecutive() })
            (values.NumEl + inverse.NumEl + counts.NumEl).ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(38)]
    [InlineData(39)]
    [InlineData(40)]
    [InlineData(41)]
    public void As_many_choices_as_there_are(int r)
    {
        Tensor chosen = Tensor.Arange(40, dtype: DType.Int64).Combinations(r);
        chosen.Shape.ShouldBe([r switch { 1 or 39 => 40, 2 or 38 => 780, 40 => 1, _ => 0 }, r]);
        if (r > 40) return;
        chosen[0].ToArray<long>().ShouldBe(Enumerable.Range(0, r).Select(i => (long)i));
        chosen[-1].ToArray<long>().ShouldBe(Enumerable.Range(40 - r, r).Select(i => (long)i));
    }

    [Fact]
    public void More_choices_than_a_tensor_holds_are_refused() =>
        Should.Throw<ShapeException>(() => Tensor.Arange(40).Combinations(20)).Message.ShouldStartWith("Combinations:");

    [Fact]
    public void Intervals_of_any_width()
    {
        var random = new Random(5);
        double[] x = [.. Enumerable.Range(0, 500).Select(_ => random.NextDouble() * 12 - 1), 0, 1, 1.5, 10, double.NaN];
        double[] edges = [0, 1, 1.5, 1.51, 1.52, 1.53, 9, 10];
        var expected = new double[edges.Length - 1];
        foreach (double value in x)
        {
            int place = Enumerable.Range(0, expected.Length).LastOrDefault(i => value >= edges[i], -1);
            if (place >= 0 && value <= edges[^1]) expected[place]++;
        }
        Tensor.From(x).Histogram(Tensor.From(edges)).Hist.ToArray<double>().ShouldBe(expected);
    }

    [Fact]
    public void Sums_over_some_dimensions_pass_over_NaN()
    {
        Tensor x = Tensor.From([[1.0, double.NaN, 2], [3, 4, 5]]).RequiresGradInPlace();
        Tensor sum = x.NaNSum([1]);
        sum.ToArray<double>().ShouldBe([3, 12]);
        x.NaNSum([0]).ToArray<double>().ShouldBe([4, 4, 7]);
        x.T.NaNSum([0]).ToArray<double>().ShouldBe([3, 12]);
        sum.Backward(Tensor.From([10.0, 100]));
        x.Grad!.ToArray<double>().ShouldBe([10, 0, 10, 100, 100, 100]);
        Tensor.From([double.PositiveInfinity, double.NegativeInfinity]).Reshape(1, 2).NaNSum([1]).Item().ShouldBe(double.NaN);
    }

    private static void Matches(long[] x, (Tensor Values, Tensor Inverse, Tensor Counts) found)
    {
        long[] values = [.. x.Distinct().Order()];
        found.Values.ToArray<long>().ShouldBe(values);
        found.Inverse.ToArray<long>().ShouldBe(x.Select(value => (long)Array.BinarySearch(values, value)));
        found.Counts.ToArray<long>().ShouldBe(values.Select(value => (long)x.Count(other => other == value)));
    }
}
