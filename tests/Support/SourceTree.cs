namespace Adjoint.Tests.Architecture;

/// <summary>The repository's own source.</summary>
internal static partial class SourceTree
{
    /// <summary>The root of the repository, found above the folder the tests run in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The C# files below a folder of the repository.</summary>
    public static IEnumerable<string> Paths(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/") && !path.Contains("/.cache/"))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Adjoint.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"No Adjoint.slnx above {AppContext.BaseDirectory}.");
    }
}
