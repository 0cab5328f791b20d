using System.Reflection;
using Adjoint.Tests.Architecture;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Adjoint.Tests.Examples;

/// <summary>
/// An example, compiled in memory against the assemblies of the tests, with what <c>dotnet run</c> would add to it. That takes a
/// fraction of a second, where <c>dotnet run</c> takes several; <c>./check examples</c> does it the long way.
/// </summary>
internal sealed class Example(string name)
{
    private static readonly CSharpParseOptions Language =
        new CSharpParseOptions(LanguageVersion.Preview).WithFeatures([new("FileBasedProgram", "true")]);

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))];

    public static string Folder => Path.Combine(SourceTree.Root, "examples");

    /// <summary>The numbers and names of all examples.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    /// <summary>What it should print, or null if that was not written down.</summary>
    public string? Expected => File.Exists(ExpectedPath) ? File.ReadAllText(ExpectedPath) : null;

    public string Text => File.ReadAllText(Path.Combine(Folder, name + ".cs"));

    private string ExpectedPath => Path.Combine(Folder, "expected", name + ".txt");

    /// <summary>Compiles and runs it; gives what it printed.</summary>
    public string Run() => Run(Text, []);

    /// <summary>Runs another text of it.</summary>
    internal string RunText(string text) => Run(text, []);

    /// <summary>
    /// Runs it as a learner has changed it; gives what it printed, and at the end the message of what it threw, as <c>dotnet run</c> does.
    /// </summary>
    /// <param name="edits">Texts that occur in it, and what stands there instead.</param>
    /// <param name="arguments">What follows <c>--</c> on the command line.</param>
    public string RunChanged((string From, string To)[] edits, params string[] arguments)
    {
        string text = Text;
        foreach ((string from, string to) in edits)
        {
            text.ShouldContain(from);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }
        return Run(text, arguments, endsWithError: true);
    }

    private string Run(string text, string[] arguments, bool endsWithError = false)
    {
        MethodInfo main = Compile(text).EntryPoint!;
        TextWriter console = Console.Out;
        var output = new StringWriter { NewLine = "\n" };
        Console.SetOut(output);
        try
        {
            object? result = main.Invoke(null, main.GetParameters().Length == 0 ? [] : [arguments]);
            if (result is Task task) task.GetAwaiter().GetResult();
        }
        catch (TargetInvocationException e) when (endsWithError && e.InnerException is { } thrown)
        {
            output.WriteLine($"Unhandled exception. {thrown.GetType().FullName}: {thrown.Message}");
        }
        finally
        {
            Console.SetOut(console);
        }
        return output.ToString();
    }

    /// <summary>The program, as the compiler and the analyzers see it.</summary>
    internal CSharpCompilation Compilation => CompilationOf(Text);

    private CSharpCompilation CompilationOf(string text) => CSharpCompilation.Create("Example" + name.Replace('/', '-'),
        [Parse(text, name + ".cs"), Parse(SourceTree.ImplicitUsings, "usings.cs")], References,
        new CSharpCompilationOptions(
            OutputKind.ConsoleApplication, optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable));

    private Assembly Compile(string text)
    {
        using var image = new MemoryStream();
        CompilationOf(text).Emit(image).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString())
            .ShouldBeEmpty();
        return Assembly.Load(image.ToArray());
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(SourceText.From(text), Language, path);
}
