using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Numbers taken apart are the numbers of the C library's frexp, of every exponent, and put together again to the bit.</summary>
public sealed class PowersApartTests
{
    [Fact]
    public void Floats_of_every_exponent()
    {
        int[] rest = [0, 1, 0x400000, 0x7fffff, 0x12345, 0x3];
        var x = new List<float>();
        for (int field = 0; field < 256; field++)
            foreach (int low in rest)
                foreach (int sign in (int[])[0, int.MinValue]) x.Add(BitConverter.Int32BitsToSingle(sign | field << 23 | low));
        for (int bit = 0; bit < 23; bit++) x.Add(BitConverter.Int32BitsToSingle(1 << bit));
        foreach (int length in (int[])[x.Count, 0, 1, 7, 8, 9, 70_001])
        {
            float[] given = [.. Enumerable.Range(0, length).Select(i => x[i % x.Count])], m = new float[length];
            int[] e = new int[length];
            PowersApart.Run<float>(given, m, e);
            for (int i = 0; i < length; i++)
            {
                bool isNone = given[i] == 0 || !float.IsFinite(given[i]);
                e[i].ShouldBe(isNone ? 0 : MathF.ILogB(given[i]) + 1, $"{given[i]}");
                if (!isNone) MathF.Abs(m[i]).ShouldBeInRange(0.5f, MathF.BitDecrement(1));
                float back = isNone ? m[i] : MathF.ScaleB(m[i], e[i]);
                BitConverter.SingleToInt32Bits(back).ShouldBe(BitConverter.SingleToInt32Bits(given[i]), $"{given[i]}");
            }
        }
    }

    [Fact]
    public void Doubles_of_every_exponent()
    {
        long[] rest = [0, 1, 0x8000000000000, 0xfffffffffffff, 0x123456789];
        var x = new List<double>();
        for (long field = 0; field < 2048; field++)
            foreach (long low in rest)
                foreach (long sign in (long[])[0, long.MinValue]) x.Add(BitConverter.Int64BitsToDouble(sign | field << 52 | low));
        for (int bit = 0; bit < 52; bit++) x.Add(BitConverter.Int64BitsToDouble(1L << bit));
        foreach (int length in (int[])[x.Count, 0, 1, 3, 4, 5])
        {
            double[] given = [.. x.Take(length)], m = new double[length];
            int[] e = new int[length];
            PowersApart.Run<double>(given, m, e);
            for (int i = 0; i < length; i++)
            {
                bool isNone = given[i] == 0 || !double.IsFinite(given[i]);
                e[i].ShouldBe(isNone ? 0 : Math.ILogB(given[i]) + 1, $"{given[i]}");
                if (!isNone) Math.Abs(m[i]).ShouldBeInRange(0.5, Math.BitDecrement(1));
                double back = isNone ? m[i] : Math.ScaleB(m[i], e[i]);
                BitConverter.DoubleToInt64Bits(back).ShouldBe(BitConverter.DoubleToInt64Bits(given[i]), $"{given[i]}");
            }
        }
    }
}
