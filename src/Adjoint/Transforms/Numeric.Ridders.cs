namespace Adjoint;

public static partial class Numeric
{
    /// <summary>
    /// Ridders' method: central differences for h, h/1.6, h/1.6², …, each combined with the ones before so that the errors in
    /// h², h⁴, … cancel (Richardson's extrapolation). The value on which two combinations agree best is taken.
    /// C. J. F. Ridders, Adv. Eng. Software 4 (1982).
    /// </summary>
    /// <param name="f">The function. Where it is not finite, smaller steps are tried.</param>
    /// <param name="x">The point.</param>
    /// <param name="h">The first step, which is a large one; a tenth of the size of x if it is left out.</param>
    /// <param name="order">Which derivative: n = 1 for f′(x). One difference takes n + 1 evaluations, at x − nh, …, x + nh.</param>
    /// <exception cref="ArgumentOutOfRangeException">h or the order is not positive.</exception>
    public static NumericDerivative Ridders(Func<double, double> f, double x, double? h = null, int order = 1)
    {
        // Note [Every step is tried]: Ridders stops as soon as a combination is worse than the best by far, for in a smooth function
        // that is rounding. It also is what a pole or a fast oscillation within h of x looks like (acos at 0.9, sin 1000x), and there
        // the steps that would have been right come later. Here the rounding of a difference counts as error, as any agreement beyond
        // it is an accident; and as it grows with every smaller step, the search ends where it is all the error there is.
        ArgumentNullException.ThrowIfNull(f);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(h ?? 1, nameof(h));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        const double shrink = 1.6, restart = 8;
        const int rows = 20, attempts = 16;
        Span<double> above = stackalloc double[rows], row = stackalloc double[rows];
        double step = h ?? 0.1 * Scale(x);
        NumericDerivative best = new(double.NaN, double.PositiveInfinity, step, 0);
        int evaluations = 0;

        for (int i = 0, attempt = 0; i < rows; i++, step /= shrink)
        {
            (row[0], double rounding) = Difference(f, x, step, order);
            evaluations += order + 1;
            if (!double.IsFinite(row[0]))
            {
                if (++attempt > attempts) break;
                (i, step) = (-1, step / restart);
                continue;
            }
            if (rounding >= best.Error) break;

            double factor = shrink * shrink;
            for (int j = 1; j <= i; j++, factor *= shrink * shrink)
            {
                row[j] = (factor * row[j - 1] - above[j - 1]) / (factor - 1);
                double error = Math.Max(Math.Abs(row[j] - row[j - 1]), Math.Abs(row[j] - above[j - 1]));
                if (error + rounding < best.Error) best = new(row[j], error + rounding, step, 0);
            }
            Span<double> spare = above;
            above = row;
            row = spare;
        }
        return best with { Evaluations = evaluations };
    }

    /// <summary>
    /// The nth central difference Σₖ (−1)ᵏ·C(n, k)·f(x + (n − 2k)h) / (2h)ⁿ, with an error in h², and the size of its rounding error.
    /// </summary>
    private static (double Value, double Rounding) Difference(Func<double, double> f, double x, double h, int n)
    {
        // The step that x really makes.
        h = x + h - x;
        double sum = 0, size = 0, binomial = 1, width = Math.Pow(2 * h, n);
        for (int k = 0; k <= n; k++, binomial *= -(n - k + 1.0) / k)
        {
            double term = binomial * f(x + (n - 2 * k) * h);
            sum += term;
            size = Math.Max(size, Math.Abs(term));
        }
        return (sum / width, Epsilon * size / width);
    }
}
