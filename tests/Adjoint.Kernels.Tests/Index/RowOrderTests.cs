using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Orders, first places, single places and middles, against comparing elements one with another.</summary>
public sealed class RowOrderTests
{
    /// <summary>How many elements, and among how many different ones.</summary>
    public static TheoryData<int, int> Sizes =>
        new() { { 1, 3 }, { 2, 1 }, { 7, 3 }, { 48, 100 }, { 49, 5 }, { 67, 1000 }, { 128, 4 }, { 300, 1000000 }, { 3000, 7 },
            { 5000, 1 << 30 } };

    [Theory, MemberData(nameof(Sizes))]
    public void Rows_of_any_type_are_put_in_order(int n, int different)
    {
        Check<float>(n, different);
        Check<double>(n, different);
        Check<int>(n, different);
        Check<long>(n, different);
        Check<byte>(n, different);
    }

    private static void Check<T>(int n, int different) where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        const int rows = 3;
        var random = new System.Random(n + different);
        var x = new T[rows * n];
        bool signed = T.IsNegative(T.MinValue), real = T.One / (T.One + T.One) != T.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            int v = random.Next(different) - (signed ? different / 2 : 0);
            x[i] = T.CreateTruncating(v);
            if (real && i % 5 == 1) x[i] /= T.CreateTruncating(7);
            if (real && i % 11 == 3 && i / n != 2) x[i] = -T.Zero;
            if (real && i % 13 == 5 && i / n == 1)
                x[i] = T.CreateTruncating(
                    new[] { double.NaN, -double.NaN, double.PositiveInfinity, double.NegativeInfinity }[random.Next(4)]);
            if (i % 17 == 2) x[i] = random.Next(2) == 0 ? T.MaxValue : T.MinValue;
        }
        for (int row = 0; row < rows; row++)
        {
            T[] values = x[(row * n)..(row * n + n)];
            long[] up = Order(values, false), down = Order(values, true);
            foreach (int k in new[] { 1, 2, n / 5, n / 2, n }.Where(k => k >= 1 && k <= n).Distinct())
            {
                First(values, n, k, false).ShouldBe(up[..k]);
                First(values, n, k, true).ShouldBe(down[..k]);
                var at = new long[1];
                RowOrder.At<T>(values, n, k - 1, at);
                at[0].ShouldBe(up[k - 1]);
            }
            var middle = new long[1];
            RowOrder.Middle<T>(values, n, middle);
            int nan = Array.FindIndex(values, T.IsNaN);
            middle[0].ShouldBe(nan >= 0 ? nan : up[(n - 1) / 2]);
        }
        First(x, n, n, true).ShouldBe([.. Enumerable.Range(0, rows).SelectMany(row => Order(x[(row * n)..(row * n + n)], true))]);
    }

    private static long[] First<T>(T[] x, int n, int k, bool descending) where T : unmanaged, INumber<T>
    {
        var order = new long[x.Length / n * k];
        RowOrder.First<T>(x, n, k, descending, order);
        return order;
    }

    // Enumerable's sort keeps the order of equal elements.
    private static long[] Order<T>(T[] x, bool descending) where T : unmanaged, INumber<T>
    {
        Comparer<T> comparer =
            Comparer<T>.Create((a, b) => (a < b ? -1 : a > b ? 1 : T.IsNaN(a).CompareTo(T.IsNaN(b))) * (descending ? -1 : 1));
        return [.. Enumerable.Range(0, x.Length).OrderBy(i => x[i], comparer).Select(i => (long)i)];
    }

    [Fact]
    public void Places_that_do_not_fit_the_rows_are_refused() =>
        Should.Throw<ArgumentException>(() => RowOrder.First<float>(new float[6], 3, 2, false, new long[3])).Message.ShouldContain(
            "rows of 3");
}
