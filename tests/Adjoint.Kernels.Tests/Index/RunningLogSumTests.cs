using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Lines beside each other in registers have the bits of one line by itself.</summary>
public sealed class RunningLogSumTests
{
    [Theory, InlineData(1, 1), InlineData(3, 1), InlineData(9, 1), InlineData(40, 1)]
    [InlineData(1, 5), InlineData(3, 8), InlineData(2, 19)]
    public void Lines_run_as_single_ones(int outer, int inner)
    {
        foreach (int n in (int[])[0, 1, 2, 33])
        {
            Check<float>(outer, n, inner);
            Check<double>(outer, n, inner);
        }
    }

    private static void Check<T>(int outer, int n, int inner) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] special = [double.NegativeInfinity, 700, -800, double.PositiveInfinity, double.NaN, 0, -0.0];
        T[] x = [.. Enumerable.Range(0, outer * n * inner)
            .Select(i => T.CreateTruncating(i % 97 == 13 ? special[i / 97 % special.Length] : (i * 37 % 101 - 50) / 7.0))];
        T[] y = new T[x.Length], expected = new T[x.Length];
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                var running = new Real<double>(double.NegativeInfinity);
                for (int k = 0, at = o * n * inner + i; k < n; k++, at += inner)
                {
                    running = Registers.LogAddExp<Real<double>, double>(running, new(double.CreateTruncating(x[at])));
                    expected[at] = T.CreateTruncating(running.Value);
                }
            }
        RunningLogSum.Run<T>(x, outer, n, inner, y);
        y.ShouldBe(expected);
    }
}
