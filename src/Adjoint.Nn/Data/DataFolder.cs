namespace Adjoint.Data;

/// <summary>Where data lies when nobody says where: <c>data/NAME</c>, here or above.</summary>
internal static class DataFolder
{
    /// <summary>
    /// <paramref name="directory"/>, which must exist; without one the first <c>data/<paramref name="name"/></c> in the current directory
    /// or above it, then in the program's directory or above it, then <paramref name="installed"/>, where a system's package puts it.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Find(string? directory, string name, string holds, string? installed = null)
    {
        if (directory is not null)
        {
            return Directory.Exists(directory) ? directory
                : throw new DirectoryNotFoundException(
                    $"{(directory.Length == 0 ? "''" : directory)}: no such directory; it should hold {holds}.");
        }
        string current = Directory.GetCurrentDirectory();
        if ((FindAbove(current, name) ?? FindAbove(AppContext.BaseDirectory, name)) is { } found) return found;
        if (installed is not null && Directory.Exists(installed)) return installed;
        throw new DirectoryNotFoundException(
            $"No data/{name} in {current} or {AppContext.BaseDirectory}, or above either; say where {holds} are.");
    }

    private static string? FindAbove(string start, string name)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "data", name);
            if (Directory.Exists(candidate)) return candidate;
        }
        return null;
    }
}
