using System.Runtime.Loader;
using System.Xml.Linq;
using Adjoint.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// The repository's source with files taken out, put in or changed, compiled in memory: what a change would do, without making it.
/// </summary>
internal sealed class ChangedSource
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    private readonly Dictionary<string, string> _changes = [];

    /// <summary>Takes a file out. Paths are those below the root of the repository.</summary>
    public void Remove(string path) => _changes.Add(path, "");

    /// <summary>Puts a file in.</summary>
    public void Add(string path, string text) => _changes.Add(path, text);

    /// <summary>Puts a line in, before the first entry of a list.</summary>
    public void AddLine(string path, string line) => Change(path, lines =>
    {
        int first = lines.FindIndex(l => l.Trim() == "[") + 1;
        first.ShouldBeGreaterThan(0, path);
        lines.Insert(first, line);
    });

    /// <summary>Takes a line out, and puts others in its place.</summary>
    public void ReplaceLine(string path, string line, params string[] others) => Change(path, lines =>
    {
        int at = lines.FindIndex(l => l.Trim() == line);
        at.ShouldBeGreaterThan(-1, $"{line} in {path}");
        lines.FindLastIndex(l => l.Trim() == line).ShouldBe(at, $"{line} in {path}");
        lines.RemoveAt(at);
        lines.InsertRange(at, others);
    });

    /// <summary>Puts a line after each line of this text.</summary>
    public void AddAfter(string path, string line, string added) => Change(path, lines =>
    {
        lines.ShouldContain(l => l.Trim() == line, $"{line} in {path}");
        for (int i = lines.Count - 1; i >= 0; i--)
            if (lines[i].Trim() == line) lines.Insert(i + 1, added);
    });

    /// <summary>Takes lines out.</summary>
    public void RemoveLines(string path, Predicate<string> which) => Change(path, lines => lines.RemoveAll(which));

    /// <summary>
    /// The libraries as they would be, each built on those before it, which must build, with what is built on them as it is: a process of
    /// its own within this one.
    /// </summary>
    /// <param name="folders">The folders of the libraries.</param>
    /// <param name="probe">A class Probe with what to run there.</param>
    public Type Load(string[] folders, string probe)
    {
        List<CSharpCompilation> all = [];
        foreach (string folder in folders) all.Add(Compile(folder, all));
        all.Add(Create(
            "Probe", [CSharpSyntaxTree.ParseText(SourceTree.ImplicitUsings + "global using Adjoint;\n" + probe, Language)], all));
        var images = new Dictionary<string, byte[]>();
        foreach (CSharpCompilation compilation in all)
        {
            using var image = new MemoryStream();
            compilation.Emit(image).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString())
                .ShouldBeEmpty();
            images[compilation.AssemblyName!] = image.ToArray();
        }
        return new Beside(images).LoadFromAssemblyName(new("Probe")).GetType("Probe")!;
    }

    private void Change(string path, Action<List<string>> change)
    {
        string text = _changes.GetValueOrDefault(path) ?? File.ReadAllText(Path.Combine(SourceTree.Root, path));
        List<string> lines = [.. text.Split('\n')];
        change(lines);
        string changed = string.Join('\n', lines);
        changed.ShouldNotBe(text, path);
        _changes[path] = changed;
    }

    private CSharpCompilation Compile(string folder, IReadOnlyList<CSharpCompilation> others)
    {
        string name = Path.GetFileName(folder);
        XDocument project = XDocument.Load(Path.Combine(SourceTree.Root, folder, name + ".csproj"));
        string facts = $"[assembly: System.Reflection.AssemblyVersion(\"{typeof(Tensor).Assembly.GetName().Version}\")]\n"
            + string.Concat(
                Friends(project).Select(friend => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{friend}\")]\n"));
        CSharpCompilation compilation = Create(name, [
            CSharpSyntaxTree.ParseText(SourceTree.ImplicitUsings + facts, Language),
            .. Texts(folder).Select(file => CSharpSyntaxTree.ParseText(file.Text, Language, file.Path)),
        ], others);
        string[] read = [.. project.Descendants("AdditionalFiles").Select(files => (string)files.Attribute("Include")!)];
        return Generated(compilation, read.SelectMany(files => Texts("src/" + files[3..files.IndexOf("/**")])));
    }

    /// <summary>With what the generators write of it, and of the files that the project hands to them.</summary>
    private static CSharpCompilation Generated(CSharpCompilation compilation, IEnumerable<(string Path, string Text)> files)
    {
        GeneratorDriver driver =
            CSharpGeneratorDriver.Create(
                [new ModuleGenerator().AsSourceGenerator(), new WrittenMethods().AsSourceGenerator()],
                files.Select(f => new Given(f.Path, f.Text)), Language);
        driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation all, out var reports);
        reports.Select(report => report.ToString()).ShouldBeEmpty();
        return (CSharpCompilation)all;
    }

    /// <summary>The files below a folder, as they would be.</summary>
    private IEnumerable<(string Path, string Text)> Texts(string folder) =>
    [
        .. SourceTree.Paths(folder).Select(path => Path.GetRelativePath(SourceTree.Root, path).Replace('\\', '/'))
            .Where(path => !_changes.ContainsKey(path)).Select(path => (path, File.ReadAllText(Path.Combine(SourceTree.Root, path)))),
        .. _changes.Where(change => change.Key.StartsWith(folder + "/", StringComparison.Ordinal))
        .Select(change => (change.Key, change.Value)),
    ];

    // What is written as @(…) stands for the test projects, which need not see what is compiled here.
    private static IEnumerable<string> Friends(XDocument project) =>
        ((XDocument[])[project, XDocument.Load(Path.Combine(SourceTree.Root, "src", "Directory.Build.props"))])
            .SelectMany(file => file.Descendants("InternalsVisibleTo")).Select(friend => (string)friend.Attribute("Include")!)
            .Where(friend => !friend.StartsWith('@')).Append("Probe");

    private static CSharpCompilation Create(string name, SyntaxTree[] trees, IReadOnlyList<CSharpCompilation> others)
    {
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        string?[] replaced = [name, .. others.Select(other => other.AssemblyName)];
        return CSharpCompilation.Create(name, trees,
            [
                .. platform.Where(path => !replaced.Contains(Path.GetFileNameWithoutExtension(path)))
                    .Select(path => MetadataReference.CreateFromFile(path)),
                .. others.Select(other => other.ToMetadataReference()),
            ],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>A file that is handed to the generator.</summary>
    private sealed class Given(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    /// <summary>Assemblies of the repository again, on top of those that were changed.</summary>
    private sealed class Beside(Dictionary<string, byte[]> images) : AssemblyLoadContext("changed")
    {
        protected override System.Reflection.Assembly? Load(System.Reflection.AssemblyName assembly)
        {
            string name = assembly.Name!;
            if (images.TryGetValue(name, out byte[]? image)) return LoadFromStream(new MemoryStream(image));
            string path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
            bool isOurs = name is "Adjoint.Formats" or "Adjoint.Symbolic" or "Adjoint.Nn" or "Adjoint.Data" or "Adjoint.Plots"
                or "Adjoint.Cli";
            return isOurs && File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
