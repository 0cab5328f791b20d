using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Adjoint.Cli.Commands;

/// <summary>Options that take a number, written as programs write numbers everywhere: 0.5, 1e-3; never 0,5 or 1,000.</summary>
internal static class NumberOption
{
    public static Option<T> Of<T>(string name, string description, T byDefault) where T : INumber<T>, IMinMaxValue<T> => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => byDefault,
        CustomParser = argument => Parse<T>(name, argument),
    };

    /// <summary>An option that may be left out, where there is no one default.</summary>
    public static Option<double?> Maybe(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = argument => Parse<double>(name, argument),
    };

    private static T Parse<T>(string name, ArgumentResult argument) where T : INumber<T>, IMinMaxValue<T>
    {
        bool whole = T.IsInteger(T.MaxValue) && T.One / (T.One + T.One) == T.Zero;
        string text = argument.Tokens[0].Value;
        if (T.TryParse(text, whole ? NumberStyles.AllowLeadingSign : NumberStyles.Float, CultureInfo.InvariantCulture, out T? value))
            return value;
        argument.AddError($"{name} {text}: it must be a {(whole ? $"whole number up to {T.MaxValue}" : "number, such as 0.5 or 1e-3")}.");
        return T.Zero;
    }
}
