using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>
/// Scans of every length, one row or several side by side, one column or many, against a plain loop in double: the same bits.
/// </summary>
public sealed class ScanTests
{
    public static TheoryData<int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int>();
            foreach (int outer in new[] { 1, 3, 4, 9 })
                foreach (int inner in new[] { 1, 2, 3, 8, 67, 129 })
                    shapes.Add(outer, inner);
            return shapes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Running_sums_products_and_recurrences(int outer, int inner)
    {
        foreach (int n in new[] { 0, 1, 2, 5, 31, 67 })
        {
            Floats<float>(outer, n, inner);
            Floats<double>(outer, n, inner);
            Whole<int>(outer, n, inner);
            Whole<long>(outer, n, inner);
        }
    }

    private static void Floats<T>(int outer, int n, int inner) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers(outer * n * inner, 1), a = Numbers(x.Length, 2), y = new T[x.Length];
        if (x.Length > 9) (x[4], x[7], x[9]) = (T.PositiveInfinity, T.NaN, -T.Zero);
        Scan.Sums<T>(x, outer, n, inner, y);
        y.ShouldBe(Expected(outer, n, inner, false, 0, i => double.CreateChecked(x[i]), (r, i) => r + double.CreateChecked(x[i])));
        Scan.Sums<T>(x, outer, n, inner, y, fromEnd: true);
        y.ShouldBe(Expected(outer, n, inner, true, 0, i => double.CreateChecked(x[i]), (r, i) => r + double.CreateChecked(x[i])));
        Scan.Products<T>(x, outer, n, inner, y);
        y.ShouldBe(Expected(outer, n, inner, false, 1, i => double.CreateChecked(x[i]), (r, i) => r * double.CreateChecked(x[i])));
        foreach (bool fromEnd in new[] { false, true })
        {
            Scan.Recurrence<T>(x, a, outer, n, inner, y, fromEnd);
            y.ShouldBe(Expected(outer, n, inner, fromEnd, 0, i => double.CreateChecked(x[i]),
                (r, i) => double.CreateChecked(x[i]) + double.CreateChecked(a[i]) * r));
        }
        // In place.
        T[] same = [.. x];
        Scan.Sums<T>(same, outer, n, inner, same);
        Scan.Sums<T>(x, outer, n, inner, y);
        same.ShouldBe(y);

        static T[] Numbers(int count, int seed)
        {
            var random = new System.Random(seed);
            return [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked((float)(random.NextDouble() * 2 - 0.7)))];
        }

        static T[] Expected(
            int outer, int n, int inner, bool fromEnd, double start, Func<int, double> element, Func<double, int, double> next)
        {
            element.ShouldNotBeNull();
            var y = new T[outer * n * inner];
            for (int o = 0; o < outer; o++)
                for (int i = 0; i < inner; i++)
                {
                    double r = start;
                    for (int k = 0; k < n; k++)
                    {
                        int at = (o * n + (fromEnd ? n - 1 - k : k)) * inner + i;
                        r = next(r, at);
                        y[at] = T.CreateChecked(r);
                    }
                }
            return y;
        }
    }

    private static void Whole<T>(int outer, int n, int inner) where T : unmanaged, IBinaryInteger<T>
    {
        T[] x = [.. Enumerable.Range(0, outer * n * inner).Select(i => T.CreateTruncating(i * 2654435761L % 1000003 - 400000))],
            sums = new T[x.Length], products = new T[x.Length];
        Scan.Sums<T>(x, outer, n, inner, sums);
        Scan.Products<T>(x, outer, n, inner, products);
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                (T sum, T product) = (T.Zero, T.One);
                for (int k = 0; k < n; k++)
                {
                    int at = (o * n + k) * inner + i;
                    (sum, product) = (unchecked(sum + x[at]), unchecked(product * x[at]));
                    sums[at].ShouldBe(sum);
                    products[at].ShouldBe(product);
                }
            }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Running_extremes_and_their_places(int outer, int inner)
    {
        foreach (int n in new[] { 1, 2, 7, 40 })
        {
            Extremes<float>(outer, n, inner, float.NaN);
            Extremes<double>(outer, n, inner, double.NaN);
            Extremes<long>(outer, n, inner, 7);
            Extremes<byte>(outer, n, inner, 7);
        }
    }

    private static void Extremes<T>(int outer, int n, int inner, T odd) where T : unmanaged, INumber<T>
    {
        var random = new System.Random(n);
        T[] x = [.. Enumerable.Range(0, outer * n * inner).Select(i => i % 23 == 11 ? odd : T.CreateTruncating(random.Next(9)))],
            values = new T[x.Length];
        var index = new long[x.Length];
        foreach (bool largest in new[] { true, false })
        {
            if (largest) RunningExtremes.Largest<T>(x, outer, n, inner, values, index);
            else RunningExtremes.Smallest<T>(x, outer, n, inner, values, index);
            for (int o = 0; o < outer; o++)
                for (int i = 0; i < inner; i++)
                {
                    int best = 0;
                    for (int k = 0; k < n; k++)
                    {
                        T next = x[(o * n + k) * inner + i], held = x[(o * n + best) * inner + i];
                        if (T.IsNaN(next) || !T.IsNaN(held) && (largest ? next >= held : next <= held)) best = k;
                        index[(o * n + k) * inner + i].ShouldBe(best);
                        values[(o * n + k) * inner + i].Equals(x[(o * n + best) * inner + i]).ShouldBeTrue();
                    }
                }
        }
    }

    [Fact]
    public void Arrays_that_do_not_fit_are_refused()
    {
        Should.Throw<ArgumentException>(() => Scan.Sums<float>(new float[5], 1, 6, 1, new float[6]));
        Should.Throw<ArgumentException>(() => Scan.Recurrence<float>(new float[6], new float[5], 1, 6, 1, new float[6], false));
        Should.Throw<ArgumentException>(() => RunningExtremes.Largest<float>(new float[6], 1, 6, 1, new float[6], new long[5]));
    }
}
