namespace Adjoint;

/// <summary>The methods of means and variances as text.</summary>
internal static class HandMomentsText
{
    internal const string InPairs = """
        // The sum of eight partial sums as the kernel's registers add them up: halves, then neighbours.
        static double InPairs(double[] sums) => sums[0] + sums[4] + (sums[1] + sums[5]) + (sums[2] + sums[6] + (sums[3] + sums[7]));
        """;

    internal const string TotalOfFloats = """
        // The sum of n numbers in double: eight partial sums side by side, as in the kernel.
        static double Total(float[] x, int start, int step, int n)
        {
            double[] sums = new double[8];
            int k = 0;
            for (; k + 8 <= n; k += 8)
            {
                for (int l = 0; l < 8; l++)
                    sums[l] += x[start + (k + l) * step];
            }
            double sum = InPairs(sums);
            for (; k < n; k++)
                sum += x[start + k * step];
            return sum;
        }
        """;

    internal const string TotalOfDoubles = """
        // The sum of n numbers.
        static double Total(double[] x, int start, int step, int n) => SumOfMany(x, start, step, n);
        """;

    internal const string DeviatingOfFloats = """
        // The sums of what n numbers deviate from m, and of its squares, in double: eight partial sums side by side, as in the kernel.
        static (double Sum, double Squares) Deviating(float[] x, int start, int step, int n, double m)
        {
            double[] sums = new double[8], squares = new double[8];
            int k = 0;
            for (; k + 8 <= n; k += 8)
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
            return (sum, square);
        }
        """;

    internal const string DeviatingOfDoubles = """
        // The sums of what n numbers deviate from m, and of its squares.
        static (double Sum, double Squares) Deviating(double[] x, int start, int step, int n, double m)
        {
            double[] d = new double[n], squares = new double[n];
            for (int k = 0; k < n; k++)
            {
                d[k] = x[start + k * step] - m;
                squares[k] = d[k] * d[k];
            }
            return (SumOfMany(d, 0, 1, n), SumOfMany(squares, 0, 1, n));
        }
        """;

    internal const string Moments = """
        // The mean of n numbers and the sum of the squares of what deviates from it. The mean of the deviations, which rounding leaves, is
        // taken out again.
        static (double Mean, double Squares) Moments(real[] x, int start, int step, int n)
        {
            double m = Total(x, start, step, n) / n;
            (double sum, double squares) = Deviating(x, start, step, n, m);
            return (m + sum / n, Math.Max(0, squares - sum * sum / n));
        }
        """;

    internal const string Slopes = """
        // The sums of n slopes, and of each times what x deviates from m, in double: four partial sums side by side, as in the kernel;
        // what is left over is added to the sums of before.
        static void AddSlopes(
            real[] g, int startG, int stepG, real[] x, int startX, int stepX, int n, double m, ref double sum, ref double products)
        {
            double[] sums = new double[4], parts = new double[4];
            int k = 0;
            for (; k + 4 <= n; k += 4)
            {
                for (int l = 0; l < 4; l++)
                {
                    double slope = g[startG + (k + l) * stepG];
                    sums[l] += slope;
                    parts[l] += slope * (x[startX + (k + l) * stepX] - m);
                }
            }
            sum += sums[0] + sums[1] + (sums[2] + sums[3]);
            products += parts[0] + parts[1] + (parts[2] + parts[3]);
            for (; k < n; k++)
            {
                double slope = g[startG + k * stepG];
                sum += slope;
                products += slope * (x[startX + k * stepX] - m);
            }
        }
        """;
}
