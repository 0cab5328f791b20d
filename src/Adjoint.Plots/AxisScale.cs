using System.Globalization;

namespace Adjoint.Plots;

/// <summary>Maps values of an axis to 0 … 1 and chooses the round numbers at its ticks.</summary>
internal sealed class AxisScale
{
    private const int MostDecades = 8;

    private readonly double _low, _high;
    private readonly bool _logarithmic;

    private AxisScale(double low, double high, bool logarithmic, IReadOnlyList<double> ticks) =>
        (_low, _high, _logarithmic, Ticks) = (low, high, logarithmic, ticks);

    /// <summary>Round numbers within the axis, in order.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>The axes that hold all of a chart; from 0 to 1 where it shows nothing.</summary>
    public static (AxisScale X, AxisScale Y) Of(Chart chart, int xTicks = 8, int yTicks = 5)
    {
        List<(double X, double Y)> points =
            [.. chart.Series.SelectMany(series => series.Points).Where(point => Series.Shows(chart, point))];
        foreach (Contours contours in chart.Series.Select(series => series.Contours).OfType<Contours>())
            points.AddRange(((double, double)[])[(contours.X.Low, contours.Y.Low), (contours.X.High, contours.Y.High)]);
        points.RemoveAll(point => !Series.Shows(chart, point));
        if (points.Count == 0) points = [(chart.LogX ? 0.1 : 0, chart.LogY ? 0.1 : 0), (1, 1)];
        return (
            Between(chart.FromZero ? Math.Min(0, points.Min(p => p.X)) : points.Min(p => p.X), points.Max(p => p.X), chart.LogX, xTicks,
                exact: true),
            Between(points.Min(p => p.Y), points.Max(p => p.Y), chart.LogY, yTicks, exact: chart.Series.Any(s => s.Contours is not null)));
    }

    /// <summary>An even axis that holds both values; its ends are ticks, unless <paramref name="exact"/>.</summary>
    public static AxisScale Linear(double low, double high, int ticks = 5, bool exact = false)
    {
        // Values that differ by less than their rounding are one value, and need an axis around it.
        double size = Math.Max(Math.Abs(low), Math.Abs(high));
        if (!(high - low > 1e-12 * size)) (low, high) = (low - Math.Max(0.5, 1e-3 * size), high + Math.Max(0.5, 1e-3 * size));
        double step = RoundStep((high - low) / ticks);
        if (!exact) (low, high) = (Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step);
        var values = new List<double>();
        for (double k = Math.Ceiling(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) values.Add(k * step);
        return new(low, high, false, values);
    }

    /// <summary>A logarithmic axis that holds both values, which must be positive.</summary>
    public static AxisScale Logarithmic(double low, double high)
    {
        (low, high) = (low / 1.15, high * 1.15);
        // A few decades have ticks at 1, 2 and 5; many only at 1, or at every second, third, ….
        double[] mantissas = high / low < 50 ? [1, 2, 5] : high / low < 2000 ? [1, 3] : [1];
        int first = (int)Math.Floor(Math.Log10(low)), every = Math.Max(1, (int)Math.Ceiling((Math.Log10(high) - first) / MostDecades));
        var values = new List<double>();
        for (int decade = first; decade <= Math.Log10(high); decade++)
        {
            if (decade % every != 0) continue;
            values.AddRange(mantissas.Select(m => m * Math.Pow(10, decade)).Where(value => value >= low && value <= high));
        }
        // Between two round numbers lies none; an axis with one tick or none has no scale that one could read.
        if (values.Count < 2) values = [.. Linear(low, high, exact: true).Ticks.Where(value => value > 0)];
        return new(Math.Log(low), Math.Log(high), true, values);
    }

    /// <summary>Where <paramref name="value"/> is: 0 at the low end, 1 at the high one. Values beyond an end are put there.</summary>
    public double Position(double value) =>
        Math.Clamp(((_logarithmic ? Math.Log(value) : value) - _low) / (_high - _low), 0, 1);

    /// <summary>The value at a position: the inverse of <see cref="Position"/>.</summary>
    public double Value(double position)
    {
        double value = _low + position * (_high - _low);
        return _logarithmic ? Math.Exp(value) : value;
    }

    /// <summary>Plain words for a tick.</summary>
    public static string Label(double value) =>
        value == 0 ? "0" : value.ToString(Math.Abs(value) is < 1e-4 or >= 1e6 ? "0.#e+0" : "0.######", CultureInfo.InvariantCulture);

    private static AxisScale Between(double low, double high, bool logarithmic, int ticks, bool exact) =>
        logarithmic ? Logarithmic(low, high) : Linear(low, high, ticks, exact);

    /// <summary>The smallest of 1, 2, 5 times a power of ten that is not less than <paramref name="step"/>.</summary>
    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * (step / power) switch { <= 1.0000001 => 1, <= 2.0000001 => 2, <= 5.0000001 => 5, _ => 10 };
    }
}
