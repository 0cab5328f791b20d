using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Elements that lie two apart, and sums over rows with gaps, at every length around a register's.</summary>
public sealed class EverySecondTests
{
    [Theory, InlineData(1), InlineData(3)]
    public void Every_second_element_is_copied_at_every_length(int rows)
    {
        for (int count = 0; count <= 67; count++)
        {
            Copied<byte>(rows, count, i => (byte)(i * 7));
            Copied<int>(rows, count, i => i);
            Copied<float>(rows, count, i => BitConverter.Int32BitsToSingle(0x7F800001 + i));
            Copied<double>(rows, count, i => -i);
            Copied<long>(rows, count, i => i * 3L);
        }
    }

    [Fact]
    public void Bytes_become_numbers_at_every_length()
    {
        for (int count = 0; count <= 67; count++)
        {
            byte[] bytes = [.. Enumerable.Range(0, count).Select(i => (byte)(255 - i))];
            float[] floats = new float[count];
            int[] ints = new int[count];
            Cast.Convert<byte, float>(bytes, floats);
            Cast.Convert<byte, int>(bytes, ints);
            floats.ShouldBe(bytes.Select(b => (float)b));
            ints.ShouldBe(bytes.Select(b => (int)b));
        }
    }

    [Fact]
    public void A_sum_over_rows_with_gaps_has_the_bits_of_a_copys()
    {
        var random = new Random(3);
        foreach (int columns in (int[])[2, 5, 31, 32, 33, 64, 67, 500, 1000, 1023, 1024, 1025, 3000])
            foreach (int rows in (int[])[1, 2, 3, 17, 40])
            {
                int stride = columns + 7;
                float[] apart = [.. Enumerable.Range(0, rows * stride).Select(_ => (float)random.NextDouble() - 0.5f)];
                float[] copy = [.. Enumerable.Range(0, rows * columns).Select(i => apart[i / columns * stride + i % columns])];
                float[] sum = new float[1];
                Reduce.Sum<float>(copy, 1, copy.Length, 1, sum);
                Reduce.SumOfRows<float>(apart, rows, columns, stride).ShouldBe(sum[0]);
            }
    }

    // Every second element of the array's end: what lies behind it must not be read.
    private static void Copied<T>(int rows, int count, Func<int, T> number) where T : unmanaged
    {
        int width = 2 * count + 1, length = Math.Max(0, rows * width - 2);
        T[] source = [.. Enumerable.Range(0, length + 4).Select(number)], target = new T[rows * count];
        Strided.Gather<T>(source, 2, [rows, count], [width, 2], target);
        for (int i = 0; i < target.Length; i++) target[i].ShouldBe(source[2 + i / count * width + i % count * 2]);
    }
}
