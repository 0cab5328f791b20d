using System.Runtime.Loader;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Adjoint.Tests.Architecture;

/// <summary>The repository's source with files taken out, put in or changed, compiled in memory: what a change would do, without making it.</summary>
internal sealed class ChangedSource
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    private readonly Dictionary<string, string> _changes = [];

    /// <summary>Takes a file out. Paths are those below the root of the repository.</summary>
    public void Remove(string path) => _changes.Add(path, "");

    /// <summary>Puts a file in.</summary>
    public void Add(string path, string text) => _changes.Add(path, text);

    /// <summary>Takes a line out, and puts others in its place.</summary>
    public void ReplaceLine(string path, string line, params string[] others)
    {
        string text = _changes.GetValueOrDefault(path) ?? File.ReadAllText(Path.Combine(SourceTree.Root, path));
        string[] lines = text.Split('\n');
        lines.Count(l => l.Trim() == line).ShouldBe(1, $"{line} in {path}");
        _changes[path] = string.Join('\n', lines.SelectMany(l => l.Trim() == line ? others : [l]));
    }

    /// <summary>Puts a line after each line of this text.</summary>
    public void AddAfter(string path, string line, string added)
    {
        string text = _changes.GetValueOrDefault(path) ?? File.ReadAllText(Path.Combine(SourceTree.Root, path));
        string[] lines = text.Split('\n');
        lines.ShouldContain(l => l.Trim() == line, $"{line} in {path}");
        _changes[path] = string.Join('\n', lines.SelectMany(l => l.Trim() == line ? [l, added] : (string[])[l]));
    }

    /// <summary>The library as it would be, which must build, with what is built on it as it is: a process of its own within this one.</summary>
    /// <param name="folder">The folder of the library.</param>
    /// <param name="probe">A class Probe with what to run there.</param>
    public Type Load(string folder, string probe) => Load([folder], probe);

    /// <summary>As <see cref="Load(string, string)"/>, with several libraries, each built on those before it.</summary>
    public Type Load(string[] folders, string probe)
    {
        CSharpCompilation[] libraries = [];
        foreach (string folder in folders) libraries = [.. libraries, Compile(folder, libraries)];
        CSharpCompilation program = Create("Probe", [CSharpSyntaxTree.ParseText(SourceTree.ImplicitUsings + probe, Language)], libraries);
        var images = new Dictionary<string, byte[]>();
        foreach (CSharpCompilation compilation in (CSharpCompilation[])[.. libraries, program])
        {
            using var image = new MemoryStream();
            compilation.Emit(image).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()).ShouldBeEmpty();
            images[compilation.AssemblyName!] = image.ToArray();
        }
        return new Beside(images).LoadFromAssemblyName(new("Probe")).GetType("Probe")!;
    }

    private CSharpCompilation Compile(string folder, CSharpCompilation[] others)
    {
        string name = Path.GetFileName(folder);
        IEnumerable<string> unchanged = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(SourceTree.Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/") && !_changes.ContainsKey(path));
        string facts = $"[assembly: System.Reflection.AssemblyVersion(\"{typeof(Tensor).Assembly.GetName().Version}\")]\n"
            + string.Concat(Friends(folder, name).Select(friend => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{friend}\")]\n"));
        return Create(name, [
            CSharpSyntaxTree.ParseText(SourceTree.ImplicitUsings + facts, Language),
            .. unchanged.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(SourceTree.Root, path)), Language, path)),
            .. _changes.Where(change => change.Key.StartsWith(folder + "/", StringComparison.Ordinal))
                .Select(change => CSharpSyntaxTree.ParseText(change.Value, Language, change.Key)),
        ], others);
    }

    private static IEnumerable<string> Friends(string folder, string name) =>
        ((string[])[Path.Combine(folder, name + ".csproj"), Path.Combine("src", "Directory.Build.props")])
            .SelectMany(file => XDocument.Load(Path.Combine(SourceTree.Root, file)).Descendants("InternalsVisibleTo"))
            .Select(friend => (string)friend.Attribute("Include")!).Append("Probe");

    private static CSharpCompilation Create(string name, SyntaxTree[] trees, CSharpCompilation[] others)
    {
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        string?[] replaced = [name, .. others.Select(other => other.AssemblyName)];
        return CSharpCompilation.Create(name, trees,
            [
                .. platform.Where(path => !replaced.Contains(Path.GetFileNameWithoutExtension(path))).Select(path => MetadataReference.CreateFromFile(path)),
                .. others.Select(other => other.ToMetadataReference()),
            ],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>Assemblies of the repository again, on top of those that were changed.</summary>
    private sealed class Beside(Dictionary<string, byte[]> images) : AssemblyLoadContext("changed")
    {
        protected override System.Reflection.Assembly? Load(System.Reflection.AssemblyName assembly)
        {
            string name = assembly.Name!;
            if (images.TryGetValue(name, out byte[]? image)) return LoadFromStream(new MemoryStream(image));
            string path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
            return name is "Adjoint.Formats" or "Adjoint.Symbolic" or "Adjoint.Nn" or "Adjoint.Plots" or "Adjoint.Cli" && File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
