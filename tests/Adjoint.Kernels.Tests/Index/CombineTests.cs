using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Several numbers for one place: multiplied, or the largest or smallest of them, for single places and for slices.</summary>
public sealed class CombineTests
{
    [Theory, InlineData(1, false), InlineData(3, false), InlineData(35, false), InlineData(35, true)]
    public void Numbers_are_combined_in_their_order(int inner, bool slices)
    {
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1, -2];
        foreach (int outer in (int[])[1, 40])
            foreach (string how in (string[])["prod", "max", "min"])
                Check(outer, k: 9, n: 5, inner, slices, how, i => i % 11 == 0 ? special[i / 11 % special.Length] : (i * 37 % 19 - 9) / 4f);
    }

    [Theory, InlineData(1, 1), InlineData(40, 1), InlineData(1, 35), InlineData(40, 35), InlineData(3, 2)]
    public void One_list_of_places_stands_for_all(int outer, int inner)
    {
        const int K = 9, N = 5;
        float[] x = [.. Enumerable.Range(0, outer * K * inner).Select(i => i % 13 == 5 ? float.NaN : (i * 37 % 19 - 9) / 4f)];
        float[] y = [.. Enumerable.Range(0, outer * N * inner).Select(i => (i * 31 % 17 - 8) / 4f)], again = [.. y];
        long[] list = [.. Enumerable.Range(0, K).Select(j => (long)(j * 7 % N))];
        long[] index = [.. Enumerable.Range(0, x.Length).Select(i => list[i / inner % K])];
        Along.Multiply<float>(x, list, K, y, outer, N, inner);
        Along.Multiply<float>(x, index, K, again, outer, N, inner);
        y.ShouldBe(again);
        Along.Raise<float>(x, list, K, y, outer, N, inner);
        Along.Raise<float>(x, index, K, again, outer, N, inner);
        y.ShouldBe(again);
        list[3] = N;
        Should.Throw<ArgumentOutOfRangeException>(() => Along.Lower<float>(x, list, K, y, outer, N, inner));
    }

    [Fact]
    public void Whole_numbers_are_combined_too()
    {
        long[] y = [5, -3], x = [2, 7, -4];
        Along.Raise<long>(x, [0, 1, 0], 3, y, 1, 2, 1);
        y.ShouldBe([5, 7]);
        byte[] bytes = [200, 3];
        Along.Multiply<byte>([2, 7, 3], [0, 1, 0], 3, bytes, 1, 2, 1);
        bytes.ShouldBe([unchecked((byte)1200), (byte)21]);
        Should.Throw<ArgumentOutOfRangeException>(() => Along.Lower<long>([1], [2], 1, new long[2], 1, 2, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Along.Lower<long>([1, 2], [2, 2], 1, new long[4], 1, 2, 2));
    }

    private static void Check(int outer, int k, int n, int inner, bool slices, string how, Func<int, float> number)
    {
        float[] x = [.. Enumerable.Range(0, outer * k * inner).Select(number)];
        float[] y = [.. Enumerable.Range(5, outer * n * inner).Select(number)], expected = [.. y];
        long[] index = [.. Enumerable.Range(0, x.Length).Select(i => (long)((slices ? i / inner : i) * 7 % n))];
        for (int i = 0; i < x.Length; i++)
        {
            ref float old = ref expected[(int)((i / (k * inner) * n + index[i]) * inner + i % inner)];
            if (how == "prod") old *= x[i];
            else if (!(float.IsNaN(old) || (how == "max" ? old > x[i] : old < x[i]))) old = x[i];
        }
        if (how == "prod") Along.Multiply<float>(x, index, k, y, outer, n, inner);
        else if (how == "max") Along.Raise<float>(x, index, k, y, outer, n, inner);
        else Along.Lower<float>(x, index, k, y, outer, n, inner);
        for (int i = 0; i < y.Length; i++) y[i].ShouldBe(expected[i], $"{how}, place {i}");
    }
}
