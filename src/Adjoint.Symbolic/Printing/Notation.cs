using System.Globalization;
using System.Numerics;

namespace Adjoint.Symbolic;

/// <summary>How operations are called outside of tensors: in mathematics, in LaTeX and in .NET. Names only.</summary>
internal static class Notation
{
    public static string Text(string operation) => operation switch
    {
        "log" => "ln",
        "maximum" => "max",
        "minimum" => "min",
        _ => operation,
    };

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

    public static string Latex(string operation) => operation switch
    {
        "log" => @"\ln",
        "asin" or "acos" or "atan" => @"\arc" + operation[1..],
        "sin" or "cos" or "tan" or "sinh" or "cosh" or "tanh" => @"\" + operation,
        "maximum" => @"\max",
        "minimum" => @"\min",
        "log2" => @"\log_{2}",
        "log10" => @"\log_{10}",
        _ => $@"\operatorname{{{operation.Replace("_", @"\_")}}}",
    };

    /// <summary>The method of <see cref="Math"/> with the same value, if there is one.</summary>
    public static string? Math(string operation) => operation switch
    {
        "sin" or "cos" or "tan" or "asin" or "acos" or "atan" or "sinh" or "cosh" or "tanh" or "asinh" or "acosh" or "atanh"
            or "exp" or "log" or "log2" or "log10" or "sqrt" or "abs" or "floor" or "round" or "atan2"
            => char.ToUpperInvariant(operation[0]) + operation[1..],
        "ceil" => "Ceiling",
        "trunc" => "Truncate",
        "maximum" => "Max",
        "minimum" => "Min",
        _ => null,
    };

    /// <summary>The word generic code uses for an operation: <c>log1p</c> is <c>Log1p</c>.</summary>
    public static string Word(string operation) => operation switch
    {
        "logaddexp" => "LogAddExp",
        "logsigmoid" => "LogSigmoid",
        _ => string.Concat(operation.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..])),
    };
}
