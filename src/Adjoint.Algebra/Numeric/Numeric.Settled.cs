namespace Adjoint;

public static partial class Numeric
{
    // Note [Two scales]: what a function does beside x it usually does at the scale of x (1/x, ln x, |x|), and a step that leaves it shows
    // another function. But where it does not (cos x at 10⁻⁸), the longer step has less rounding. So both are tried, and the longer one
    // is taken if it says the same, as far as the shorter one can tell.

    /// <summary>The estimate with steps that suit x, or with longer ones that say the same more exactly.</summary>
    private static NumericDerivative AtBothScales<T>(Func<T, NumericDerivative> estimate, T local, T wide, bool same)
    {
        const double exact = 1e-10;
        NumericDerivative near = estimate(local);
        return same || near.Value != 0 && near.Error <= exact * Math.Abs(near.Value) ? near : Better(near, estimate(wide));
    }

    private static NumericDerivative Better(NumericDerivative near, NumericDerivative far)
    {
        int evaluations = near.Evaluations + far.Evaluations;
        if (!double.IsFinite(near.Value)) return far with { Evaluations = evaluations };
        if (!double.IsFinite(far.Value)) return near with { Evaluations = evaluations };
        double apart = Math.Abs(far.Value - near.Value);
        if (apart <= near.Error + far.Error) return (far.Error < near.Error ? far : near) with { Evaluations = evaluations };
        if (near.Value != 0) return near with { Evaluations = evaluations };
        // Values that do not change at all beside x: a step of the function, or one of its rounding. Nobody can tell from outside; but the
        // estimate with longer steps has looked at short ones too.
        return (double.IsFinite(far.Error) ? far : near with { Error = Math.Max(near.Error, apart) }) with { Evaluations = evaluations };
    }

    /// <summary>
    /// An estimate that stands when the steps go on to shrink. What was extrapolated from steps that are all longer than something the
    /// function does beside x (a kink, a pole, an oscillation) agrees with itself and with nothing else; then all begins anew there.
    /// </summary>
    private static NumericDerivative Settled(Func<double, Quotient> difference, double step)
    {
        const double good = 1e-6, finer = 8;
        const int attempts = 12;
        NumericDerivative best = new(double.NaN, double.PositiveInfinity, step, 0);
        int evaluations = 0;
        double contradicted = 0;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            NumericDerivative found = Extrapolate(difference, step);
            evaluations += found.Evaluations;
            if (!double.IsFinite(found.Value)) break;
            var (contradiction, noise, looks) = Look(difference, found);
            evaluations += looks;
            if (contradiction is { } at)
            {
                if (double.IsFinite(best.Error)) break;
                (contradicted, step) = (Math.Abs(found.Value), at);
                best = found with { Error = double.PositiveInfinity };
                continue;
            }
            // Nothing but equal values, where longer steps saw a slope: it may be the rounding of the function that is flat.
            found = found is { Value: 0, Error: 0 } && noise == 0
                ? found with { Error = contradicted } : found with { Error = found.Error + noise };
            bool agrees = double.IsInfinity(best.Error)
                || found.Value != 0 && Math.Abs(found.Value - best.Value) <= best.Error + found.Error;
            if (!agrees || found.Error >= best.Error) break;
            best = found;
            if (found.Error <= good * Math.Abs(found.Value)) break;
            step = found.Step / finer;
        }
        return best with { Evaluations = evaluations };
    }

    /// <summary>
    /// Compares an estimate with differences of ever smaller steps, until rounding is all they show. What departs from it is either
    /// noise, when it departs in another way for steps a little different, and then adds to the error; or it is what the function
    /// really does, and then the step at which it does that is returned.
    /// </summary>
    private static (double? Contradiction, double Noise, int Evaluations) Look(
        Func<double, Quotient> difference, NumericDerivative estimate)
    {
        const double shrink = 32, doubt = 4, lost = 0.01, another = 0.25;
        const int looks = 4;
        double step = estimate.Step, noise = 0;
        Quotient at = difference(step);
        int evaluations = at.Evaluations;
        double argument = at.Argument;
        // The error of a difference falls with the square of its step.
        double truncation = Math.Abs(at.Value - estimate.Value);
        for (int look = 0; look < looks; look++)
        {
            step /= shrink;
            truncation /= shrink * shrink;
            at = difference(step);
            evaluations += at.Evaluations;
            if (!double.IsFinite(at.Value)
                || at.Rounding + at.Argument > lost * (Math.Abs(estimate.Value) + Math.Abs(at.Value)) + estimate.Error) break;
            double departs = Math.Abs(at.Value - estimate.Value);
            if (departs <= doubt * (estimate.Error + at.Rounding + at.Argument + truncation)) continue;
            if (noise > 0 && at.Value == 0) break;
            double spread = 0;
            foreach (double part in (ReadOnlySpan<double>)[0.99, 0.97, 0.95, 0.93])
            {
                var probe = difference(step * part);
                evaluations += probe.Evaluations;
                if (double.IsFinite(probe.Value)) spread = Math.Max(spread, Math.Abs(probe.Value - at.Value));
            }
            if (spread < another * departs) return (step, noise, evaluations);
            if (noise == 0) noise = doubt * Math.Max(departs, spread) * step / estimate.Step;
        }
        return (null, noise + argument, evaluations);
    }
}
