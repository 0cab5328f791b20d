using System.Globalization;

namespace Adjoint;

/// <summary>Bytes as people say them.</summary>
internal static class ByteCount
{
    private static readonly string[] s_units = ["bytes", "KB", "MB", "GB", "TB"];

    internal static string Text(long bytes)
    {
        double number = bytes;
        int unit = 0;
        for (; number >= 1000 && unit < s_units.Length - 1; unit++) number /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.#} {s_units[unit]}");
    }
}
