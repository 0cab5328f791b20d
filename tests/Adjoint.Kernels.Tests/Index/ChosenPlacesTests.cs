using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Reading, writing and adding at chosen places, against plain loops, and places that do not exist.</summary>
public sealed class ChosenPlacesTests
{
    public static TheoryData<int, int, int> Shapes =>
        new() { { 1, 5, 1 }, { 3, 7, 1 }, { 1, 1000, 1 }, { 2, 4, 3 }, { 3, 9, 40 }, { 2, 3, 700 }, { 1, 2, 70000 } };

    [Theory, MemberData(nameof(Shapes))]
    public void An_index_for_each_element(int outer, int n, int inner)
    {
        Each<float>(outer, n, inner);
        Each<double>(outer, n, inner);
        Each<long>(outer, n, inner);
        Each<byte>(outer, n, inner);
    }

    private static void Each<T>(int outer, int n, int inner) where T : unmanaged, INumber<T>
    {
        foreach (int k in new[] { 1, 4, 67 })
        {
            var random = new System.Random(k);
            T[] x = Values<T>(outer * n * inner), y = new T[outer * k * inner], expected = new T[y.Length];
            long[] index = [.. Enumerable.Range(0, y.Length).Select(_ => (long)random.Next(n))];
            Along.Gather<T>(x, outer, n, inner, index, k, y);
            int Place(int o, int j, int i) => (int)((o * n + index[(o * k + j) * inner + i]) * inner + i);
            All(outer, k, inner, (o, j, i) => expected[(o * k + j) * inner + i] = x[Place(o, j, i)]);
            y.ShouldBe(expected);

            T[] source = Values<T>(y.Length), written = [.. x], plain = [.. x];
            Along.Scatter<T>(source, index, k, written, outer, n, inner);
            All(outer, k, inner, (o, j, i) => plain[Place(o, j, i)] = source[(o * k + j) * inner + i]);
            written.ShouldBe(plain);
            (written, plain) = ([.. x], [.. x]);
            Along.ScatterAdd<T>(source, index, k, written, outer, n, inner);
            All(outer, k, inner, (o, j, i) => plain[Place(o, j, i)] = unchecked(plain[Place(o, j, i)] + source[(o * k + j) * inner + i]));
            written.ShouldBe(plain);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void One_list_for_all(int outer, int n, int inner)
    {
        List<float>(outer, n, inner);
        List<double>(outer, n, inner);
        List<int>(outer, n, inner);
        List<byte>(outer, n, inner);
    }

    private static void List<T>(int outer, int n, int inner) where T : unmanaged, INumber<T>
    {
        foreach (int k in new[] { 1, 3, 67 })
        {
            var random = new System.Random(k);
            T[] x = Values<T>(outer * n * inner), y = new T[outer * k * inner], expected = new T[y.Length];
            long[] places = [.. Enumerable.Range(0, k).Select(_ => (long)random.Next(n))];
            Slices.Gather<T>(x, outer, n, inner, places, y);
            int Place(int o, int j, int i) => (int)((o * n + places[j]) * inner + i);
            All(outer, k, inner, (o, j, i) => expected[(o * k + j) * inner + i] = x[Place(o, j, i)]);
            y.ShouldBe(expected);

            T[] source = Values<T>(y.Length), written = [.. x], plain = [.. x];
            Slices.Scatter<T>(source, places, written, outer, n, inner);
            All(outer, k, inner, (o, j, i) => plain[Place(o, j, i)] = source[(o * k + j) * inner + i]);
            written.ShouldBe(plain);
            (written, plain) = ([.. x], [.. x]);
            Slices.ScatterAdd<T>(source, places, written, outer, n, inner);
            All(outer, k, inner, (o, j, i) => plain[Place(o, j, i)] = unchecked(plain[Place(o, j, i)] + source[(o * k + j) * inner + i]));
            written.ShouldBe(plain);
        }
    }

    [Fact]
    public void Rows_roll()
    {
        foreach (int width in Enumerable.Range(1, 67).Append(70_001))
            foreach (int shift in new[] { 0, 1, width / 2, width })
            {
                float[] x = Values<float>(2 * width), y = new float[x.Length];
                Slices.Roll<float>(x, 2, width, shift, y);
                for (int i = 0; i < x.Length; i++) y[i / width * width + (i + shift) % width].ShouldBe(x[i]);
            }
    }

    /// <summary>Lists of every length with one bad place anywhere, also where subtraction wraps.</summary>
    [Fact]
    public void Places_that_do_not_exist_are_found_wherever_they_stand()
    {
        for (int length = 0; length < 68; length++)
        {
            long[] places = [.. Enumerable.Range(0, length).Select(i => (long)(i % 5))];
            Places.FirstOutside(places, 5).ShouldBe(-1);
            for (int at = 0; at < length; at++)
                foreach (long bad in new[] { -1, 5, long.MinValue, long.MinValue + 3, long.MaxValue, int.MaxValue })
                {
                    long before = places[at];
                    places[at] = bad;
                    Places.FirstOutside(places, 5).ShouldBe(at, $"{bad} at {at} of {length}");
                    places[at] = before;
                }
        }
        Places.FirstOutside([0], 0).ShouldBe(0);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Places_that_do_not_exist_are_refused_before_anything_beyond_is_touched(int inner)
    {
        foreach (long bad in new[] { -1L, 4, long.MinValue, long.MaxValue })
        {
            long[] places = [0, 3, bad, 1], index = [.. places.SelectMany(p => Enumerable.Repeat(p, inner))];
            float[] whole = new float[4 * inner], chosen = new float[4 * inner];
            Should.Throw<ArgumentOutOfRangeException>(() => Slices.Gather<float>(whole, 1, 4, inner, places, chosen));
            Should.Throw<ArgumentOutOfRangeException>(() => Slices.Scatter<float>(chosen, places, whole, 1, 4, inner));
            Should.Throw<ArgumentOutOfRangeException>(() => Slices.ScatterAdd<float>(chosen, places, whole, 1, 4, inner));
            Should.Throw<ArgumentOutOfRangeException>(() => Along.Gather<float>(whole, 1, 4, inner, index, 4, chosen));
            Should.Throw<ArgumentOutOfRangeException>(() => Along.Scatter<float>(chosen, index, 4, whole, 1, 4, inner));
            Should.Throw<ArgumentOutOfRangeException>(() => Along.ScatterAdd<float>(chosen, index, 4, whole, 1, 4, inner));
        }
        Should.Throw<ArgumentException>(() => Slices.Gather<float>(new float[3], 1, 4, 1, [0], new float[1]));
        Should.Throw<ArgumentException>(() => Along.Gather<float>(new float[4], 1, 4, 1, [0, 1], 2, new float[1]));
    }

    private static T[] Values<T>(int count)
        where T : INumber<T> =>
        [.. Enumerable.Range(0, count).Select(i => T.CreateTruncating(i * 31 % 251))];

    private static void All(int outer, int k, int inner, Action<int, int, int> action)
    {
        for (int o = 0; o < outer; o++)
            for (int j = 0; j < k; j++)
                for (int i = 0; i < inner; i++) action(o, j, i);
    }
}
