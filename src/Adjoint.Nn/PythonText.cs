using System.Globalization;

namespace Adjoint.Nn;

/// <summary>Values as Python prints them, which is how modules print their options.</summary>
internal static class PythonText
{
    internal static string Of(double value)
    {
        string text = value.ToString(CultureInfo.InvariantCulture).ToLowerInvariant();
        return text.AsSpan().ContainsAny(".en") || !double.IsFinite(value) ? text : text + ".0";
    }

    internal static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    internal static string Of(bool value) => value ? "True" : "False";

    /// <summary>A member of an enumeration, which is a text there.</summary>
    internal static string Of<T>(T value) where T : struct, Enum => $"'{value.ToString().ToLowerInvariant()}'";
}
