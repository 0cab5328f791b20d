using System.Globalization;

namespace Adjoint.Cli.Reports;

/// <summary>Maps values of an axis to 0 … 1 and chooses the round numbers at its ticks.</summary>
internal sealed class AxisScale
{
    private readonly double _low, _high;
    private readonly bool _logarithmic;

    private AxisScale(double low, double high, bool logarithmic, IReadOnlyList<double> ticks) =>
        (_low, _high, _logarithmic, Ticks) = (low, high, logarithmic, ticks);

    /// <summary>Round numbers within the axis, in order.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An even axis that holds both values; its ends are ticks, unless <paramref name="exact"/>.</summary>
    public static AxisScale Linear(double low, double high, int ticks = 5, bool exact = false)
    {
        if (!(high > low)) (low, high) = (low - 0.5, low + 0.5);
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
        // A few decades have ticks at 1, 2 and 5; many only at 1.
        double[] mantissas = high / low < 50 ? [1, 2, 5] : high / low < 2000 ? [1, 3] : [1];
        var values = new List<double>();
        for (int decade = (int)Math.Floor(Math.Log10(low)); decade <= Math.Log10(high); decade++)
            values.AddRange(mantissas.Select(m => m * Math.Pow(10, decade)).Where(value => value >= low && value <= high));
        return new(Math.Log(low), Math.Log(high), true, values);
    }

    /// <summary>Where <paramref name="value"/> is: 0 at the low end, 1 at the high one. Values beyond an end are put there.</summary>
    public double Position(double value) =>
        Math.Clamp(((_logarithmic ? Math.Log(value) : value) - _low) / (_high - _low), 0, 1);

    /// <summary>Plain words for a tick.</summary>
    public static string Label(double value) =>
        value == 0 ? "0" : value.ToString(Math.Abs(value) is < 1e-4 or >= 1e6 ? "0.#e+0" : "0.######", CultureInfo.InvariantCulture);

    /// <summary>The smallest of 1, 2, 5 times a power of ten that is not less than <paramref name="step"/>.</summary>
    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * (step / power) switch { <= 1.0000001 => 1, <= 2.0000001 => 2, <= 5.0000001 => 5, _ => 10 };
    }
}
