namespace Adjoint;

/// <summary>The methods of means and variances as text.</summary>
internal static class HandMomentsText
{
    internal const string InPairs = """
        // The sum of eight partial sums as the kernel's registers add them up: halves, then neighbours.
        static double InPairs(double[] sums) => sums[0] + sums[4] + (sums[1] + sums[5]) + (sums[2] + sums[6] + (sums[3] + sums[7]));
        """;

    internal const string OfFloats = """
        // The mean of n numbers and the sum of the squares of what deviates from it, in double: eight partial sums side by side, as in the
        // kernel. The mean of the deviations, which rounding leaves, is taken out again.
        static (double Mean, double Squares) Moments(float[] x, int start, int step, int n)
        {
            double[] sums = new double[8], squares = new double[8];
            int k = 0;
            for (; k + 8 <= n; k += 8)
            {
                for (int l = 0; l < 8; l++)
                    sums[l] += x[start + (k + l) * step];
            }
            double m = InPairs(sums);
            for (; k < n; k++)
                m += x[start + k * step];
            m /= n;
            Array.Clear(sums);
            for (k = 0; k + 8 <= n; k += 8)
            {
                for (int l = 0; l < 8; l++)
                {
                    double d = x[start + (k + l) * step] - m;
                    sums[l] += d;
                    squares[l] += d * d;
                }
            }
            double sum = InPairs(sums), square = InPairs(squares);
            for (; k < n; k++)
            {
                double d = x[start + k * step] - m;
                sum += d;
                square += d * d;
            }
            return (m + sum / n, Math.Max(0, square - sum * sum / n));
        }
        """;

    internal const string OfDoubles = """
        // The mean of n numbers and the sum of the squares of what deviates from it. The mean of the deviations, which rounding leaves, is
        // taken out again.
        static (double Mean, double Squares) Moments(double[] x, int start, int step, int n)
        {
            double m = SumOfMany(x, start, step, n) / n;
            double[] d = new double[n], squares = new double[n];
            for (int k = 0; k < n; k++)
            {
                d[k] = x[start + k * step] - m;
                squares[k] = d[k] * d[k];
            }
            double sum = SumOfMany(d, 0, 1, n), square = SumOfMany(squares, 0, 1, n);
            return (m + sum / n, Math.Max(0, square - sum * sum / n));
        }
        """;
}
