namespace Adjoint;

/// <summary>
/// Numeric differentiation: derivatives from values of the function alone. Works for any function and is never exact; a
/// gradient costs at least one evaluation for each argument.
/// </summary>
public static partial class Numeric
{
    /// <summary>2⁻⁵²: the distance from 1 to the next number.</summary>
    internal const double Epsilon = 2.220446049250313e-16;

    /// <summary>f′(x).</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="method">How; extrapolation is the most exact.</param>
    public static double Derivative(Func<double, double> f, double x, NumericMethod method = NumericMethod.Ridders) =>
        Estimate(f.Given(), x, method).Value;

    /// <summary>f′(x).</summary>
    public static double Derivative<F>(F f, double x, NumericMethod method = NumericMethod.Ridders) where F : IUnaryFunction =>
        Estimate(at => Scalar.Value(f, at), x, method).Value;

    /// <summary>f′(x) with an estimate of its error, the step, and the number of evaluations.</summary>
    public static NumericDerivative Estimate(Func<double, double> f, double x, NumericMethod method = NumericMethod.Ridders)
    {
        ArgumentNullException.ThrowIfNull(f);
        return method switch
        {
            NumericMethod.Forward => Forward(f, x, Math.Sqrt(Epsilon) * Scale(x)),
            NumericMethod.Central => Central(f, x, Math.Cbrt(Epsilon) * Scale(x)),
            NumericMethod.Adaptive => Adaptive(f, x),
            NumericMethod.Ridders => Ridders(f, x),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No such method of numeric differentiation."),
        };
    }

    /// <summary>(f(x + h) − f(x))/h. The truncation error is f″(ξ)·h/2, the rounding error about 2ε·|f|/h: the best h is near √ε.</summary>
    /// <remarks>
    /// From two values the truncation error can only be guessed: <see cref="NumericDerivative.Error"/> takes f″ to be as large as
    /// f′/x, as it is of powers of x.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">h is not positive.</exception>
    public static NumericDerivative Forward(Func<double, double> f, double x, double h)
    {
        f.Given();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(h);
        StackSpace.Check();
        double next = x + h, low = f(x), high = f(next);
        double slope = (high - low) / (next - x);
        return new(slope, Rounding(low, high, h) + Math.Abs(slope) * h / LocalScale(x), h, 2);
    }

    /// <summary>
    /// (f(x + h) − f(x − h))/2h. The truncation error is f‴(ξ)·h²/6, the rounding error about ε·|f|/h: the best h is near ∛ε.
    /// </summary>
    /// <remarks>
    /// From two values the truncation error can only be guessed: <see cref="NumericDerivative.Error"/> takes f‴ to be as large as
    /// f′/x², as it is of powers of x.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">h is not positive.</exception>
    public static NumericDerivative Central(Func<double, double> f, double x, double h)
    {
        f.Given();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(h);
        StackSpace.Check();
        double right = x + h, left = x - h, high = f(right), low = f(left);
        double slope = (high - low) / (right - left);
        return new(slope, Rounding(low, high, 2 * h) + Math.Abs(slope) * Math.Pow(h / LocalScale(x), 2), h, 2);
    }

    /// <summary>
    /// Central differences with the step that balances the two errors: f‴ is estimated from four values at a coarse step, then
    /// h = ∛(3ε·|f/f‴|). (The complex step, which has no rounding error, needs a function of complex numbers; this one does not.)
    /// </summary>
    public static NumericDerivative Adaptive(Func<double, double> f, double x)
    {
        ArgumentNullException.ThrowIfNull(f);
        StackSpace.Check();
        double local = LocalScale(x), wide = Scale(x);
        if (local == wide) return Adaptive(f, x, wide, noise: 0);
        (double noise, int looks) = Noise(f, x, 0.1 * local, 0.1 * wide);
        NumericDerivative found = AtBothScales(scale => Adaptive(f, x, scale, noise), local, wide, same: false);
        return found with { Evaluations = found.Evaluations + looks };
    }

    private static NumericDerivative Adaptive(Func<double, double> f, double x, double scale, double noise)
    {
        const int attempts = 16;
        double coarse = Math.Pow(Epsilon, 0.2) * scale, third = double.NaN, size = 0;
        int evaluations = 0;
        while (!double.IsFinite(third) && evaluations < 4 * attempts)
        {
            // Where the function is not finite (below 0 for a logarithm), a smaller step may stay inside its domain.
            if (evaluations > 0) coarse /= 8;
            double a = f(x - 2 * coarse), b = f(x - coarse), c = f(x + coarse), d = f(x + 2 * coarse);
            third = (d - 2 * c + 2 * b - a) / (2 * coarse * coarse * coarse);
            size = Math.Max(Math.Abs(b), Math.Abs(c));
            evaluations += 4;
        }

        size = Math.Max(size, noise / Epsilon);
        double h = Math.Cbrt(3 * Epsilon * size / Math.Abs(third));
        h = double.IsNaN(h) ? coarse : Math.Clamp(h, coarse * 1e-5, coarse * 2);
        return Central(f, x, h) with { Error = Math.Abs(third) * h * h / 6 + Epsilon * size / h, Evaluations = evaluations + 2 };
    }

    /// <summary>The size of steps that suits x where nothing is known of the function.</summary>
    internal static double Scale(double x) => Math.Max(1, Math.Abs(x));

    /// <summary>
    /// The size of x where a tenth would be more than x: that of steps for a function that changes with x itself, as 1/x does.
    /// </summary>
    private static double LocalScale(double x) => Math.Abs(x) is > 0 and < 0.1 ? Math.Abs(x) : Scale(x);

    private static double Rounding(double low, double high, double width) => Epsilon * (Math.Abs(low) + Math.Abs(high)) / width;
}
