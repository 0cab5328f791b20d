using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Copies between strided and contiguous arrays, conversions and choices.</summary>
public sealed class StridedTests
{
    /// <summary>Sizes, strides, offset.</summary>
    public static TheoryData<int[], int[], int> Layouts => new()
    {
        { [], [], 3 },
        { [7], [1], 0 },
        { [7], [-1], 6 },
        { [5, 4], [4, 1], 1 },
        { [4, 5], [1, 4], 0 },
        { [3, 1, 4], [4, 99, 1], 0 },
        { [2, 3, 4], [12, 1, 3], 5 },
        { [2, 3, 4], [0, 1, 0], 2 },
        { [3, 0, 2], [1, 1, 1], 0 },
        { [100, 70], [1, 100], 0 },
        { [300, 257], [1, 300], 0 },
        { [40, 33, 17], [17, 40 * 17, 1], 0 },
        { [2, 1000, 50], [50000, 1, 1000], 0 },
    };

    [Theory, MemberData(nameof(Layouts))]
    public void Gather_reads_by_strides_and_scatter_writes_back(int[] sizes, int[] strides, int offset)
    {
        int length = sizes.Aggregate(1, (a, b) => a * b);
        int[] source = [.. Enumerable.Range(0, 200_000)], target = new int[length], back = new int[200_000];
        Strided.Gather<int>(source, offset, sizes, strides, target);
        int Place(int index)
        {
            int place = offset;
            for (int d = sizes.Length - 1; d >= 0; d--) (index, place) = (index / sizes[d], place + index % sizes[d] * strides[d]);
            return place;
        }
        for (int i = 0; i < length; i++) target[i].ShouldBe(source[Place(i)]);
        if (strides.Contains(0)) return;
        Strided.Scatter<int>(target, back, offset, sizes, strides);
        for (int i = 0; i < length; i++) back[Place(i)].ShouldBe(target[i]);
        back.Count(v => v != 0).ShouldBe(target.Count(v => v != 0));
    }

    [Fact]
    public void Gather_refuses_a_target_of_another_size() =>
        Should.Throw<ArgumentException>(() => Strided.Gather<byte>(new byte[4], 0, [2, 2], [2, 1], new byte[3])).Message.ShouldContain("[2, 2]");

    [Fact]
    public void Conversions_have_the_meaning_of_casts()
    {
        Converted<double, int>([1.9, -1.9, 3e10, double.NaN], [1, -1, int.MaxValue, 0]);
        Converted<float, bool>([0, -0f, 0.5f, float.NaN], [false, false, true, true]);
        Converted<bool, float>([false, true], [0, 1]);
        Converted<long, int>([1L << 32 | 5, -7], [5, -7]);
        Converted<long, double>([(1L << 53) - 1], [9007199254740991.0]);
        Converted<int, byte>([257, -1], [1, 255]);
        Converted<byte, long>([255], [255]);
        Converted<double, float>([1e40, 1 + 1e-10], [float.PositiveInfinity, 1]);
        Converted<float, double>([0.1f], [0.1f]);
        Converted<long, float>([16777217], [16777216]);
        Converted<int, bool>([0, 256], [false, true]);
        float[] large = [.. Enumerable.Range(0, 100_003)];
        Converted<float, double>(large, [.. large.Select(v => (double)v)]);
    }

    private static void Converted<TFrom, TTo>(TFrom[] source, TTo[] expected) where TFrom : unmanaged where TTo : unmanaged
    {
        var target = new TTo[source.Length];
        Cast.Convert<TFrom, TTo>(source, target);
        target.ShouldBe(expected);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(13), InlineData(40_001)]
    public void Select_takes_arrays_and_single_values(int n)
    {
        byte[] condition = [.. Enumerable.Range(0, n).Select(i => (byte)(i % 3))];
        int[] x = [.. Enumerable.Range(0, n)], y = [.. x.Select(v => -v)], z = new int[n];
        ElementWise.Select<int>(condition, x, y, z);
        z.ShouldBe([.. x.Select(i => i % 3 != 0 ? i : -i)]);
        ElementWise.Select<int>(condition, [7], y, z);
        z.ShouldBe([.. x.Select(i => i % 3 != 0 ? 7 : -i)]);
        ElementWise.Select<int>([1], x, [0], z);
        z.ShouldBe(x);
    }

    [Theory, InlineData(0), InlineData(5), InlineData(100_001)]
    public void Fill_fills_exactly_the_span(int n)
    {
        long[] x = new long[n + 2];
        ElementWise.Fill(x.AsSpan(1, n), 9);
        x.Count(v => v == 9).ShouldBe(n);
        x[0].ShouldBe(0);
        x[n + 1].ShouldBe(0);
    }
}
