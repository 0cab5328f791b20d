namespace Adjoint;

/// <summary>One step size of an <see cref="ErrorCurve"/>.</summary>
/// <param name="Step">h.</param>
/// <param name="Error">How far the difference quotient is off, in fact.</param>
/// <param name="Truncation">What Taylor's theorem predicts for exact arithmetic: ∝ h forward, ∝ h² central.</param>
/// <param name="Rounding">What the rounding of the function's values can make of it: ∝ 1/h.</param>
public readonly record struct ErrorPoint(double Step, double Error, double Truncation, double Rounding);

/// <summary>
/// The error of a difference quotient for every step size: large steps miss the curvature, small steps drown in rounding,
/// and the best lies between. The exact derivatives to compare with come from automatic differentiation.
/// </summary>
/// <param name="Method">Forward or central differences.</param>
/// <param name="Exact">f′(x).</param>
/// <param name="Points">From the largest step to the smallest.</param>
public sealed record ErrorCurve(NumericMethod Method, double Exact, IReadOnlyList<ErrorPoint> Points)
{
    private const int MostPerDecade = 10_000;

    /// <summary>Measures the curve for h = 1, …, 10⁻¹⁵.</summary>
    /// <param name="f">The function; smooth within 1 of x.</param>
    /// <param name="x">The point.</param>
    /// <param name="method">Forward or central.</param>
    /// <param name="perDecade">How many steps for each power of ten, 1 to 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The method has no step to vary, or there are no points.</exception>
    public static ErrorCurve Of<F>(F f, double x, NumericMethod method = NumericMethod.Forward, int perDecade = 4) where F : IUnaryFunction
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perDecade, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perDecade, MostPerDecade);
        if (method is not (NumericMethod.Forward or NumericMethod.Central))
            throw new ArgumentOutOfRangeException(
                nameof(method), method, "ErrorCurve: only forward and central differences have one step to vary.");
        double[] derivatives = Scalar.Derivatives(f, x, 3);
        double size = Math.Abs(derivatives[0]) * Math.Pow(2, -52);
        List<ErrorPoint> points = [];
        for (int k = 0; k <= 15 * perDecade; k++)
        {
            double h = Math.Pow(10, -(double)k / perDecade);
            points.Add(method == NumericMethod.Forward
                ? new(h, Off(Numeric.Forward(Value, x, h)), Math.Abs(derivatives[2]) * h / 2, size / h)
                : new(h, Off(Numeric.Central(Value, x, h)), Math.Abs(derivatives[3]) * h * h / 6, size / (2 * h)));
        }
        return new(method, derivatives[1], points);

        double Value(double at) => Scalar.Value(f, at);
        double Off(NumericDerivative estimate) => Math.Abs(estimate.Value - derivatives[1]);
    }

    /// <summary>The step with the smallest error.</summary>
    public ErrorPoint Best => Points.MinBy(point => point.Error);

    /// <summary>The exponent p of error ∝ hᵖ where truncation rules: about 1 forward, 2 central.</summary>
    public double TruncationOrder => Slope(point => point.Step <= 0.1 && point.Truncation > 100 * point.Rounding);

    /// <summary>The exponent p of error ∝ hᵖ where rounding rules: about −1.</summary>
    public double RoundingOrder => Slope(point => point.Rounding > 100 * point.Truncation);

    /// <summary>The slope of the straight line through (log h, log error), by least squares.</summary>
    private double Slope(Func<ErrorPoint, bool> where)
    {
        (double X, double Y)[] logs =
            [.. Points.Where(point => point.Error > 0 && where(point)).Select(point => (Math.Log(point.Step), Math.Log(point.Error)))];
        if (logs.Length < 2) return double.NaN;
        double x = logs.Average(log => log.X), y = logs.Average(log => log.Y);
        return logs.Sum(log => (log.X - x) * (log.Y - y)) / logs.Sum(log => (log.X - x) * (log.X - x));
    }
}
