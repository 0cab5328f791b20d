namespace Adjoint;

public static partial class Numeric
{
    /// <summary>
    /// Ridders' method: central differences for h, h/1.4, h/1.4², …, each combined with the ones before so that the errors in
    /// h², h⁴, … cancel (Richardson's extrapolation), until rounding takes over. C. J. F. Ridders, Adv. Eng. Software 4 (1982).
    /// </summary>
    /// <param name="f">The function; smooth within <paramref name="h"/> of x. Where it is not finite, smaller steps are tried.</param>
    /// <param name="x">The point.</param>
    /// <param name="h">The first step, which is a large one; a tenth of the size of x if it is left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">h is not positive.</exception>
    public static NumericDerivative Ridders(Func<double, double> f, double x, double? h = null)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(h ?? 1, nameof(h));
        const double shrink = 1.4, restart = 8;
        const int rows = 12, attempts = 16;
        Span<double> above = stackalloc double[rows], row = stackalloc double[rows];
        double step = h ?? 0.1 * Scale(x);
        NumericDerivative best = new(double.NaN, double.PositiveInfinity, step, 0);
        int evaluations = 0;

        for (int i = 0, attempt = 0; i < rows; i++, step /= shrink)
        {
            row[0] = Central(f, x, step).Value;
            evaluations += 2;
            if (!double.IsFinite(row[0]))
            {
                if (++attempt > attempts) break;
                (i, step) = (-1, step / restart);
                continue;
            }

            double factor = shrink * shrink;
            for (int j = 1; j <= i; j++, factor *= shrink * shrink)
            {
                row[j] = (factor * row[j - 1] - above[j - 1]) / (factor - 1);
                double error = Math.Max(Math.Abs(row[j] - row[j - 1]), Math.Abs(row[j] - above[j - 1]));
                if (error <= best.Error) best = new(row[j], error, step, 0);
            }

            // The highest order got worse by far: smaller steps only add rounding.
            if (i > 0 && Math.Abs(row[i] - above[i - 1]) >= 2 * best.Error && best.Error > 0) break;
            Span<double> spare = above;
            above = row;
            row = spare;
        }
        return best with { Evaluations = evaluations };
    }
}
