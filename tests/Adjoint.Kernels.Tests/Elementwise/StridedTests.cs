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
        Should.Throw<ArgumentException>(() => Strided.Gather<byte>(new byte[4], 0, [2, 2], [2, 1], new byte[3])).Message.ShouldContain(
            "[2, 2]");

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

    /// <summary>Every length up to some registers, from every alignment, special values among them.</summary>
    [Fact]
    public void Conversions_in_registers_give_what_single_numbers_give()
    {
        double[] numbers =
            [.. Enumerable.Range(0, 70)
                .Select(i => i % 7 == 3 ? new[] { double.NaN, double.PositiveInfinity, -1e300, 1e19, -3e9, -0.0, 0.5 }[i % 6]
            : (i - 30) * Math.Pow(7, i % 12))];
        From<byte>();
        From<int>();
        From<long>();
        From<float>();
        From<double>();

        void From<T>() where T : unmanaged, System.Numerics.INumber<T>
        {
            T[] source = [.. numbers.Select(T.CreateSaturating)];
            To<T, byte>(source);
            To<T, int>(source);
            To<T, long>(source);
            To<T, float>(source);
            To<T, double>(source);
        }

        static void To<TFrom, TTo>(TFrom[] source) where TFrom : unmanaged where TTo : unmanaged
        {
            for (int start = 0; start < 3; start++)
                for (int length = 0; length <= 67; length++)
                {
                    var target = new TTo[length + start];
                    Cast.Convert<TFrom, TTo>(source.AsSpan(start, length), target.AsSpan(start));
                    for (int i = 0; i < length; i++)
                        target[start + i]
                        .ShouldBe(Cast.Of<TFrom, TTo>(source[start + i]), $"{typeof(TFrom)} {source[start + i]} as {typeof(TTo)}");
                }
        }
    }

    /// <summary>Planes of every small size, transposed, flipped, in steps, overlapping and repeated.</summary>
    [Fact]
    public void Small_planes_of_every_layout_are_read_and_written()
    {
        for (int rows = 1; rows <= 21; rows += rows < 6 ? 1 : 3)
            for (int columns = 1; columns <= 35; columns += columns < 18 ? 1 : 4)
                foreach (
                    (int row, int column) in new[] { (1, rows), (-1, rows), (columns, -1), (2 * columns, 2), (1, 1), (1, 0), (0, 1), (0, 0),
                        (-columns, 1), (1, -rows) })
                {
                    Plane<int>(rows, columns, row, column);
                    Plane<long>(rows, columns, row, column);
                    Plane<byte>(rows, columns, row, column);
                }

        static void Plane<T>(int rows, int columns, int row, int column) where T : unmanaged, System.Numerics.INumber<T>
        {
            const int offset = 2000;
            T[] source = [.. Enumerable.Range(0, 4000).Select(i => T.CreateTruncating(i * 31 + 1))], target = new T[rows * columns],
                back = new T[4000];
            Strided.Gather<T>(source, offset, [rows, columns], [row, column], target);
            for (int i = 0; i < target.Length; i++) target[i].ShouldBe(source[offset + i / columns * row + i % columns * column]);
            var places = new HashSet<int>(Enumerable.Range(0, target.Length).Select(i => i / columns * row + i % columns * column));
            if (places.Count < target.Length) return;
            Strided.Scatter<T>(target, back, offset, [rows, columns], [row, column]);
            for (int i = 0; i < 4000; i++) back[i].ShouldBe(places.Contains(i - offset) ? source[i] : T.Zero);
        }
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
