using System.Globalization;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// The numbers that an option can be; NaN is in none. Its text stands in messages and, in the same words, in the documentation.
/// </summary>
internal readonly record struct Interval(double Low, double High, bool WithLow, bool WithHigh)
{
    /// <summary>Rates, factors and tolerances.</summary>
    internal static readonly Interval NotNegative = new(0, double.PositiveInfinity, true, false);

    /// <summary>Divisors.</summary>
    internal static readonly Interval Positive = new(0, double.PositiveInfinity, false, false);

    /// <summary>Probabilities and shares.</summary>
    internal static readonly Interval Unit = new(0, 1, true, true);

    /// <summary>How much is kept from step to step, of which 1 would keep all.</summary>
    internal static readonly Interval Kept = new(0, 1, true, false);

    /// <summary>Factors that may shrink, and by no means be 0.</summary>
    internal static readonly Interval Shrinking = new(0, 1, false, true);

    /// <summary>Any number that is finite.</summary>
    internal static readonly Interval Finite = new(double.NegativeInfinity, double.PositiveInfinity, false, false);

    /// <summary>(0, 1): what only makes smaller, and not to nothing.</summary>
    internal static readonly Interval Inside = new(0, 1, false, false);

    /// <summary>What makes larger.</summary>
    internal static readonly Interval AboveOne = new(1, double.PositiveInfinity, false, false);

    /// <summary>Any number, infinite ones too.</summary>
    internal static readonly Interval Numbers = new(double.NegativeInfinity, double.PositiveInfinity, true, true);

    internal bool Contains(double value) => (value > Low || (WithLow && value == Low)) && (value < High || (WithHigh && value == High));

    public override string ToString() => (Low, High) switch
    {
        (double.NegativeInfinity, double.PositiveInfinity) => WithLow ? "any number" : "any finite number",
        (_, double.PositiveInfinity) => string.Create(CultureInfo.InvariantCulture, $"{(WithLow ? "at least" : "above")} {Low} and finite"),
        _ => string.Create(CultureInfo.InvariantCulture, $"in {(WithLow ? '[' : '(')}{Low}, {High}{(WithHigh ? ']' : ')')}"),
    };
}

/// <summary>Options, checked where they are given.</summary>
internal static class OptionRanges
{
    /// <summary>The option, which is in its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not; the message names it.</exception>
    internal static double In(this double value, Interval range, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        range.Contains(value) ? value
        : throw new ArgumentOutOfRangeException(
            name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be {range}, but is {value}."));

    /// <summary>The count, which is not too small.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is; the message names it.</exception>
    internal static int AtLeast(this int value, int least, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= least ? value
        : throw new ArgumentOutOfRangeException(
            name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be at least {least}, but is {value}."));

    /// <summary>The option, which is a member of its enumeration.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not; the message names it.</exception>
    internal static T Known<T>(this T value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value
        : throw new ArgumentOutOfRangeException(
            name, value, $"{name} must be one of {string.Join(", ", Enum.GetNames<T>())}, but is {value}.");
}
