namespace Adjoint;

public static partial class Numeric
{
    // Note [Noise of a function]: 1 − cos x is 0 for all x below 10⁻⁸, and beside 10⁻⁷ a staircase: what it rounds is of size 1, which its
    // own values do not tell. So the noise is looked for: fourth differences over ever longer steps, from x up. As long as they are nothing
    // or erratic (other ones for steps that are a little shorter), they are rounding; the first that are neither, three times, are what the
    // function does, and nothing beyond is looked at, for an oscillation is erratic there as well. A staircase that is meant looks the same
    // as one of rounding: nobody can tell from outside, and the error that is claimed is the larger one.

    /// <summary>How far values of f beside x may be off, as far as they show it, and how many were looked at.</summary>
    private static (double Size, int Evaluations) Noise(Func<double, double> f, double x, double shortest, double longest)
    {
        const double longer = 8, erratic = 0.5;
        const int convincing = 3;
        double size = 0, jump = 0, centre = f(x);
        int evaluations = 1, steady = 0;
        for (double h = shortest; h <= longest && steady < convincing; h *= longer)
        {
            double least = double.PositiveInfinity, most = double.NegativeInfinity;
            foreach (double part in (ReadOnlySpan<double>)[1, 0.97, 0.94, 0.91])
            {
                double fourth = Fourth(h * part);
                evaluations += 4;
                if (!double.IsFinite(fourth)) return (size, evaluations);
                (least, most) = (Math.Min(least, fourth), Math.Max(most, fourth));
            }
            double large = Math.Max(Math.Abs(least), Math.Abs(most));
            // The very same value is a jump, if it stays; otherwise a stair of rounding.
            bool isStair = large > 0 && most == least && most != jump, isSteady = large > 0 && most - least <= erratic * large && !isStair;
            steady = isSteady ? steady + 1 : 0;
            if (isStair)
            {
                size = Math.Max(size, Math.Abs(jump) / 4);
                jump = most;
                continue;
            }
            if (!isSteady || most != jump) size = Math.Max(size, Math.Abs(jump) / 4);
            jump = isSteady && most == jump ? jump : 0;
            // The coefficients are 1, 4, 6, 4, 1: errors of one size σ add up to √70·σ, more or less.
            if (!isSteady) size = Math.Max(size, large / 4);
        }
        return (size, evaluations);

        double Fourth(double h) => FourthDifference(f, x, h, centre);
    }

    /// <summary>The noise of the values that an estimate has used: they may be rounded more than those beside x.</summary>
    private static double NoiseAt(Func<double, double> f, double x, double step)
    {
        // So short that what f does itself is below all rounding.
        double h = Math.ScaleB(step, -14), low = x - step, high = x + step;
        return Math.Max(Math.Abs(FourthDifference(f, low, h, f(low))), Math.Abs(FourthDifference(f, high, h, f(high)))) / 2;
    }

    private static double FourthDifference(Func<double, double> f, double x, double h, double centre) =>
        f(x - h) + f(x + h) - 4 * (f(x - h / 2) + f(x + h / 2)) + 6 * centre;
}
