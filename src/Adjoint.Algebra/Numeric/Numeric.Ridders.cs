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
    /// <param name="h">
    /// The first step, which is a large one. If it is left out, a tenth of x, and a tenth where x is smaller than 1 and the longer step
    /// shows the same more exactly.
    /// </param>
    /// <param name="order">Which derivative: n = 1 for f′(x). One difference takes n + 1 evaluations, at x − nh, …, x + nh.</param>
    /// <exception cref="ArgumentOutOfRangeException">h or the order is not positive.</exception>
    public static NumericDerivative Ridders(Func<double, double> f, double x, double? h = null, int order = 1)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(h ?? 1, nameof(h));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, MostOrder);
        StackSpace.Check();
        double noise = 0;
        if (h is { } first) return Settled(Along, first);
        double local = LocalScale(x), wide = Scale(x);
        if (local == wide) return Settled(Along, 0.1 * wide);
        (noise, int looks) = Noise(f, x, 0.1 * local, 0.1 * wide);
        NumericDerivative found = AtBothScales(scale => Settled(Along, 0.1 * scale), local, wide, same: false);
        double there = Binomial(order) * NoiseAt(f, x, found.Step) / Math.Pow(2 * found.Step, order);
        return found with { Error = found.Error + (double.IsFinite(there) ? there : 0), Evaluations = found.Evaluations + looks + 10 };

        Quotient Along(double step)
        {
            Quotient at = Difference(at => f(at[0]), [x], [(0, order)], [step]);
            return at with { Rounding = Math.Max(at.Rounding, Binomial(order) * noise / Math.Pow(2 * step, order)) };
        }
    }

    /// <summary>
    /// A partial derivative of any order, pure or mixed: central differences, one inside the other for every variable, extrapolated as
    /// <see cref="Ridders"/> does, with all steps shrinking together.
    /// </summary>
    /// <param name="f">The function. Where it is not finite, smaller steps are tried.</param>
    /// <param name="x">The point.</param>
    /// <param name="by">The places in x of the variables: 0, 0, 1 is ∂³f/∂x₀²∂x₁, of which a difference takes 3·2 evaluations.</param>
    /// <exception cref="ArgumentException">There is no variable to differentiate by.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A place is not in x.</exception>
    /// <example><code>
    /// Numeric.Partial(x => x[0] * x[0] * Math.Sin(x[1]), [3, 0], 0, 1).Value    // ∂²f/∂x₀∂x₁ = 6
    /// </code></example>
    public static NumericDerivative Partial(Func<double[], double> f, double[] x, params int[] by)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(by);
        if (by.Length == 0)
            throw new ArgumentException("A partial derivative needs a variable to differentiate by; there is none.", nameof(by));
        foreach (int j in by) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)j, (uint)x.Length, nameof(by));
        StackSpace.Check();
        (int Index, int Order)[] along = [.. by.CountBy(j => j).Select(b => (b.Key, b.Value))];
        double[] at = [.. x], wide = Array.ConvertAll(along, a => Scale(x[a.Index])),
            local = Array.ConvertAll(along, a => LocalScale(x[a.Index]));
        return AtBothScales(With, local, wide, local.AsSpan().SequenceEqual(wide));

        NumericDerivative With(double[] scales) => Settled(
            step => Difference(f, at, along, Array.ConvertAll(scales, s => s / scales[0] * step)), 0.1 * scales[0]);
    }

    // Beyond that the binomial coefficients of a difference are no doubles.
    private const int MostOrder = 1000;

    // Note [Every step is tried]: Ridders stops as soon as a combination is worse than the best by far, for in a smooth function that is
    // rounding. It also is what a pole or a fast oscillation within h of x looks like (acos at 0.9, sin 1000x), and there the steps that
    // would have been right come later. Here the rounding of a difference counts as error, as any agreement beyond it is an accident;
    // and as it grows with every smaller step, the search ends where it is all the error there is. If the differences move away from the
    // best value instead of towards it, that agreement was an accident as well, and all is begun anew from there.

    private static NumericDerivative Extrapolate(Func<double, Quotient> difference, double step)
    {
        const double shrink = 1.6, restart = 8, away = 4;
        const int rows = 20, attempts = 16;
        Span<double> above = stackalloc double[rows], row = stackalloc double[rows];
        NumericDerivative none = new(double.NaN, double.PositiveInfinity, step, 0), best = none;
        int evaluations = 0;

        for (int tried = 0, i = 0, attempt = 0; tried < rows; tried++, i++, step /= shrink)
        {
            (row[0], double rounding, _, int count) = difference(step);
            evaluations += count;
            if (!double.IsFinite(row[0]))
            {
                if (++attempt > attempts) break;
                (tried, i, step) = (-1, -1, step / restart);
                continue;
            }
            if (i > 0 && Math.Abs(row[0] - best.Value) > away * (Math.Abs(above[0] - best.Value) + best.Error + rounding))
                (i, best) = (0, none);
            else if (rounding >= best.Error)
                break;

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
    /// The nth central difference Σₖ (−1)ᵏ·C(n, k)·f(x + (n − 2k)h) / (2h)ⁿ along the first variable, of the differences along the
    /// others: its value, with an error in h², and the size of its rounding error.
    /// </summary>
    private static Quotient Difference(
        Func<double[], double> f, double[] x, ReadOnlySpan<(int Index, int Order)> along, ReadOnlySpan<double> steps)
    {
        if (along.IsEmpty)
        {
            double value = f(x);
            return new(value, Epsilon * Math.Abs(value), 0, 1);
        }
        (int j, int n) = along[0];
        // The step that x really makes.
        double centre = x[j], h = centre + steps[0] - centre, sum = 0, rounding = 0, steepest = 0, before = double.NaN, binomial = 1,
            width = Math.Pow(2 * h, n);
        int evaluations = 0;
        for (int k = 0; k <= n; k++, binomial *= -(n - k + 1.0) / k)
        {
            x[j] = centre + (n - 2 * k) * h;
            var inner = Difference(f, x, along[1..], steps[1..]);
            sum += binomial * inner.Value;
            rounding = Math.Max(rounding, Math.Abs(binomial) * inner.Rounding);
            if (k > 0) steepest = Math.Max(steepest, Math.Abs(inner.Value - before));
            before = inner.Value;
            evaluations += inner.Evaluations;
        }
        x[j] = centre;
        // f is known to ε|f|, and no better than its argument is, in which it moves by ε|x·f′|.
        double argument = h == 0 ? 0 : Epsilon * Math.Abs(centre) * steepest / (2 * h) * Binomial(n);
        return new(sum / width, rounding / width, argument / width, evaluations);
    }

    /// <summary>The largest of the binomial coefficients of n.</summary>
    private static double Binomial(int n)
    {
        double binomial = 1;
        for (int k = 0; k < n / 2; k++) binomial *= (n - k) / (k + 1.0);
        return binomial;
    }

    /// <summary>A difference quotient.</summary>
    /// <param name="Value">Its value.</param>
    /// <param name="Rounding">What the rounding of f may add to it.</param>
    /// <param name="Argument">What the rounding of the argument inside of f may add.</param>
    /// <param name="Evaluations">How often f was evaluated.</param>
    private readonly record struct Quotient(double Value, double Rounding, double Argument, int Evaluations);
}
