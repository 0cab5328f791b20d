using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Bits moved in registers are those of single numbers, whatever the counts are.</summary>
public sealed class ShiftTests
{
    [Fact]
    public void Registers_move_bits_as_single_numbers_do()
    {
        Check<long>([0, 1, -1, long.MaxValue, long.MinValue, 0x123456789abcdef, -77],
            [0, 1, 5, 31, 32, 62, 63, 64, 65, 1L << 32, long.MaxValue, -1, long.MinValue]);
        Check<int>([0, 1, -1, int.MaxValue, int.MinValue, 0x1234567, -77],
            [0, 1, 5, 30, 31, 32, 33, 1 << 20, int.MaxValue, -1, int.MinValue]);
        Check<byte>([0, 1, 255, 77], [0, 1, 7, 8, 9, 255]);
    }

    private static void Check<T>(T[] numbers, T[] counts) where T : unmanaged, IBinaryInteger<T>
    {
        foreach (int length in (int[])[1, 3, 4, 11, 1000, 70_003])
        {
            T[] x = [.. Enumerable.Range(0, length).Select(i => numbers[i % numbers.Length])];
            T[] y = [.. Enumerable.Range(0, length).Select(i => counts[i / 3 % counts.Length])];
            Check<LeftShiftFunction, T>(x, y);
            Check<RightShiftFunction, T>(x, y);
            Check<LeftShiftFunction, T>([x[^1]], y);
            Check<RightShiftFunction, T>(x, [y[^1]]);
        }
    }

    private static void Check<TFunction, T>(T[] x, T[] y) where TFunction : struct, IWholeFunction where T : unmanaged, IBinaryInteger<T>
    {
        var z = new T[Math.Max(x.Length, y.Length)];
        WholePairs.Run<TFunction, T>(x, y, z);
        for (int i = 0; i < z.Length; i++)
        {
            (T left, T right) = (x[x.Length == 1 ? 0 : i], y[y.Length == 1 ? 0 : i]);
            z[i].ShouldBe(TFunction.Of(left, right), $"{left} by {right}");
        }
    }
}
