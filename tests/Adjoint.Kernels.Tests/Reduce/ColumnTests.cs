using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Functions of columns have the bits that they have of the same numbers in rows, whatever the width of a tile.</summary>
public sealed class ColumnTests
{
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            foreach (int n in new[] { 1, 2, 7, 8, 9, 31, 32, 33, 67, 100 })
                foreach (int inner in new[] { 8, 15, 16, 17, 31, 40, 67, 129 }) shapes.Add(2, n, inner);
            foreach (int n in new[] { 1023, 1024, 1025, 2100, 3000 }) shapes.Add(1, n, 33);
            shapes.Add(3, 5, 1000);
            shapes.Add(1, 100, 2100);
            return shapes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Columns_have_the_bits_of_rows(int outer, int n, int inner)
    {
        Each<float>(outer, n, inner);
        Each<double>(outer, n, inner);
    }

    private static void Each<T>(int outer, int n, int inner) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // One further on in memory than arrays begin.
        Span<T> x = new T[outer * n * inner + 1].AsSpan(1), g = new T[x.Length + 1].AsSpan(1), y = new T[x.Length + 1].AsSpan(1);
        Fill(x, n + inner, special: true);
        Fill(g, n, special: false);
        T[] rows = Moved<T>(x, outer, n, inner), gRows = Moved<T>(g, outer, n, inner), yRows = new T[rows.Length];

        RowKernel<Softmax>.Forward<T>(x, outer, n, inner, y);
        RowKernel<Softmax>.Forward<T>(rows, outer * inner, n, 1, yRows);
        Moved<T>(y, outer, n, inner).ShouldBe(yRows);
        RowKernel<Softmax>.Backward<T>(g, y, outer, n, inner, y);
        RowKernel<Softmax>.Backward<T>(gRows, yRows, outer * inner, n, 1, yRows);
        Moved<T>(y, outer, n, inner).ShouldBe(yRows);

        x.CopyTo(y);
        RowKernel<LogSoftmax>.Forward<T>(y, outer, n, inner, y);
        RowKernel<LogSoftmax>.Forward<T>(rows, outer * inner, n, 1, yRows);
        Moved<T>(y, outer, n, inner).ShouldBe(yRows);
        RowKernel<LogSoftmax>.Backward<T>(g, y, outer, n, inner, g);
        RowKernel<LogSoftmax>.Backward<T>(gRows, yRows, outer * inner, n, 1, gRows);
        Moved<T>(g, outer, n, inner).ShouldBe(gRows);

        T[] ofColumns = new T[outer * inner], ofRows = new T[ofColumns.Length];
        Reduce.LogSumExp<T>(x, outer, n, inner, ofColumns);
        Reduce.LogSumExp<T>(rows, outer * inner, n, 1, ofRows);
        ofColumns.ShouldBe(ofRows);
        Reduce.Squares<T>(x, outer, n, inner, ofColumns);
        for (int row = 0; row < ofRows.Length; row++) Reduce.Squares<T>(rows.AsSpan(row * n, n), 1, n, 1, ofRows.AsSpan(row, 1));
        ofColumns.ShouldBe(ofRows);
    }

    [Fact]
    public void Of_no_elements()
    {
        float[] y = new float[40];
        Reduce.LogSumExp<float>([], 1, 0, 40, y);
        y.ShouldAllBe(v => float.IsNegativeInfinity(v));
        Reduce.Squares<float>([], 1, 0, 40, y);
        y.ShouldAllBe(v => v == 0);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(67), InlineData(500), InlineData(1024), InlineData(1100)]
    public void A_sum_of_rows_that_are_apart_has_the_bits_of_a_copy(int columns)
    {
        foreach (int rows in new[] { 1, 2, 3, 67, 100 })
            foreach (int stride in new[] { 0, columns, columns + 1, columns + 500 })
            {
                float[] x = new float[(rows - 1) * stride + columns], copy = new float[rows * columns], sum = new float[1];
                Fill<float>(x, columns + stride, special: false);
                for (int r = 0; r < rows; r++) x.AsSpan(r * stride, columns).CopyTo(copy.AsSpan(r * columns));
                Reduce.Sum<float>(copy, 1, copy.Length, 1, sum);
                Reduce.SumOfRows<float>(x, rows, columns, stride).ShouldBe(sum[0]);
                Should.Throw<ArgumentException>(() => Reduce.SumOfRows<float>(x, rows + 1, columns, Math.Max(1, stride)));
            }
    }

    [Fact]
    public void Sums_of_views_are_those_of_their_copies()
    {
        Tensor x = Tensor.Randn([20, 70], generator: new Generator(1));
        Tensor cube = x.Reshape(4, 5, 70);
        Tensor[] views =
            [x[.., 30..], x[3..7, ..64], x[.., ..1], x[2..3, 5..], x[0].Expand(9, 70), cube[.., .., 10..], cube[.., 1..3, 10..]];
        foreach (Tensor view in views)
        {
            view.Sum().Item<float>().ShouldBe(view.Clone().Sum().Item<float>());
            Tensor kept = view.Sum([.. Enumerable.Range(0, view.NDim)], keepDim: true);
            kept.Shape.ShouldBe(Shape.Of([.. Enumerable.Repeat(1, view.NDim)]));
            kept.Item<float>().ShouldBe(view.Clone().Sum().Item<float>());
            view.To(DType.Float64).T.Sum().Item<double>().ShouldBe(view.To(DType.Float64).Sum().Item<double>(), 1e-12);
        }
    }

    private static T[] Moved<T>(ReadOnlySpan<T> x, int outer, int n, int inner) where T : unmanaged
    {
        var rows = new T[x.Length];
        for (int o = 0; o < outer; o++)
            for (int k = 0; k < n; k++)
                for (int i = 0; i < inner; i++) rows[(o * inner + i) * n + k] = x[(o * n + k) * inner + i];
        return rows;
    }

    private static void Fill<T>(Span<T> x, int seed, bool special) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new System.Random(seed);
        T[] rare = [T.NegativeZero, T.Zero, T.NegativeInfinity, T.PositiveInfinity, T.NaN, T.CreateChecked(1e30), T.CreateChecked(-200)];
        foreach (ref T value in x)
            value = special && random.Next(200) == 0 ? rare[random.Next(rare.Length)] : T.CreateChecked(random.NextDouble() * 6 - 3);
    }
}
