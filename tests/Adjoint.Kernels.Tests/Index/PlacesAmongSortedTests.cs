using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Places among sorted numbers, without branches and on several threads, are those that counting finds.</summary>
public sealed class PlacesAmongSortedTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void Places_are_as_many_as_are_before(bool right)
    {
        foreach (int n in (int[])[0, 1, 2, 3, 7, 64, 100])
            foreach ((int rows, int count) in ((int, int)[])[(1, 0), (1, 1), (3, 5), (1, 30_000), (5, 7_001)])
            {
                Check(rows, n, count, right, i => i * 37 % 53 / 4f, i => i % 71 == 3 ? float.NaN : i * 29 % 67 / 4f - 1);
                Check(rows, n, count, right, i => (long)(i * 37 % 53), i => (long)(i * 29 % 67 - 5));
            }
    }

    // Where a NaN stands among the numbers, behind all others, the halves that are looked at decide: they are the ones of plain halving.
    [Fact]
    public void Numbers_that_are_none_are_met_as_by_halving()
    {
        for (int n = 1; n < 40; n++)
            for (int none = 0; none <= Math.Min(n, 5); none++)
            {
                float[] sorted = [.. Enumerable.Range(0, n).Select(i => i >= n - none ? float.NaN : i)];
                float[] x = [.. Enumerable.Range(-1, n + 2).Select(i => i + 0.5f)];
                var y = new long[x.Length];
                PlacesAmongSorted.Find<float>(sorted, n, x, x.Length, y, right: false);
                for (int i = 0; i < x.Length; i++)
                {
                    (int low, int high) = (0, n);
                    while (low < high)
                    {
                        int middle = (low + high) / 2;
                        if (sorted[middle] >= x[i]) high = middle;
                        else low = middle + 1;
                    }
                    y[i].ShouldBe(low);
                }
            }
    }

    private static void Check<T>(int rows, int n, int count, bool right, Func<int, T> number, Func<int, T> wanted)
        where T : unmanaged, INumber<T>
    {
        T[] sorted = [.. Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(row, n).Select(number).Order())];
        T[] x = [.. Enumerable.Range(0, rows * count).Select(wanted)];
        var y = new long[x.Length];
        PlacesAmongSorted.Find<T>(sorted, n, x, count, y, right);
        for (int i = 0; i < x.Length; i++)
        {
            int before = 0;
            for (int k = 0; k < n; k++)
            {
                T other = sorted[i / count * n + k];
                before += T.IsNaN(x[i]) || (right ? other <= x[i] : other < x[i]) ? 1 : 0;
            }
            y[i].ShouldBe(before, $"{x[i]} among {n}");
        }
    }
}
