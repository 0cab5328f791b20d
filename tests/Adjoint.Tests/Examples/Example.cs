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
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Language = new CSharpParseOptions(LanguageVersion.Preview).WithFeatures([new("FileBasedProgram", "true")]);

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    public static string Folder => Path.Combine(SourceTree.Root, "examples");

    /// <summary>The numbers and names of all examples.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    /// <summary>What it should print, or null if that was not written down.</summary>
    public string? Expected => File.Exists(ExpectedPath) ? File.ReadAllText(ExpectedPath) : null;

    public string Text => File.ReadAllText(Path.Combine(Folder, name + ".cs"));

    private string ExpectedPath => Path.Combine(Folder, "expected", name + ".txt");

    /// <summary>Compiles and runs it; gives what it printed.</summary>
    public string Run()
    {
        MethodInfo main = Compile().EntryPoint!;
        TextWriter console = Console.Out;
        var output = new StringWriter { NewLine = "\n" };
        Console.SetOut(output);
        try
        {
            object? result = main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
            if (result is Task task) task.GetAwaiter().GetResult();
        }
        finally
        {
            Console.SetOut(console);
        }
        return output.ToString();
    }

    /// <summary>The program, as the compiler and the analyzers see it.</summary>
    internal CSharpCompilation Compilation => CSharpCompilation.Create("Example" + name,
        [Parse(Text, name + ".cs"), Parse(ImplicitUsings, "usings.cs")], References,
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));

    private Assembly Compile()
    {
        using var image = new MemoryStream();
        Compilation.Emit(image).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()).ShouldBeEmpty();
        return Assembly.Load(image.ToArray());
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(SourceText.From(text), Language, path);
}
