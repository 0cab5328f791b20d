using System.Globalization;
using System.Numerics;

namespace Adjoint.Symbolic;

/// <summary>How operations are called outside of tensors: in mathematics, in LaTeX and in .NET, as they say themselves.</summary>
internal static class Notation
{
    /// <summary>The name a formula is printed with.</summary>
    public static string Text(string operation, OpInfo info) => info.FormulaNames is [var first, ..] ? first : operation;

    /// <summary>
    /// Whether a variable stands before a bracket without a sign, as in 16x(1 − x) and x₁(1 − x₁): one letter, which may have an index.
    /// Words and the letters of functions do not: rate(1 − x) and f(1 − x) look like calls.
    /// </summary>
    public static bool MultipliesBracket(string variable) =>
        variable[0] is not ('f' or 'g' or 'h') && variable.AsSpan(1).IndexOfAnyExcept("_0123456789₀₁₂₃₄₅₆₇₈₉₋") < 0;

    /// <summary>A whole number as digits, and how many zeros follow them: many are written as a power of ten.</summary>
    public static (string Digits, int Zeros) Whole(BigInteger value)
    {
        string digits = value.ToString(CultureInfo.InvariantCulture), significant = digits.TrimEnd('0');
        return digits.Length - significant.Length < 12 || value.IsZero ? (digits, 0) : (significant, digits.Length - significant.Length);
    }

    /// <summary>
    /// A positive number as a decimal where its fraction would be unreadable: 0.044715 rather than 8943/200000, but 3/10 and 105/16.
    /// </summary>
    public static string? Decimal(Rational q)
    {
        var rest = q.Denominator;
        int twos = 0, fives = 0;
        for (; (rest % 2).IsZero; rest /= 2) twos++;
        for (; (rest % 5).IsZero; rest /= 5) fives++;
        int places = System.Math.Max(twos, fives);
        bool unreadable = q.Denominator > 1000 || fives > 0 && q.Numerator >= 100;
        if (!rest.IsOne || !unreadable || places > 17) return null;
        var shifted = q.Numerator * BigInteger.Pow(10, places) / q.Denominator;
        string digits = shifted.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return digits[..^places] + "." + digits[^places..];
    }

    /// <summary>The operation before its argument, in LaTeX.</summary>
    public static string Latex(string operation, OpInfo info) => info.Latex ?? $@"\operatorname{{{operation.Replace("_", @"\_")}}}";

    /// <summary>The method of <see cref="System.Math"/> with the same value, if there is one.</summary>
    public static string? Math(OpInfo info) =>
        info.DotNet is { } method && method.StartsWith("Math.", StringComparison.Ordinal) ? method : null;

    /// <summary>The word generic code uses for an operation: <c>log1p</c> is <c>Log1p</c>.</summary>
    public static string Word(string operation, OpInfo info) =>
        info.Word ?? string.Concat(operation.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
