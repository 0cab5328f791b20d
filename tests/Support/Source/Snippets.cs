using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Adjoint.Tests;

/// <summary>C# that is made at run time, for tests that enumerate what a user could write.</summary>
internal static class Snippets
{
    /// <summary>Compiles expressions to functions, all at once.</summary>
    /// <param name="expressions">The expressions.</param>
    /// <param name="parameters">The parameters they may use, as C# writes them.</param>
    /// <param name="preamble">Further members of the class that holds them.</param>
    /// <param name="usings">Further using directives.</param>
    internal static MethodInfo[] Compile(IReadOnlyList<string> expressions, string parameters, string preamble = "", string usings = "")
    {
        var members = new StringBuilder(preamble).Append('\n');
        for (int i = 0; i < expressions.Count; i++)
            members.Append($"public static object E{i}({parameters}) {{ return {expressions[i]}; }}\n");
        return CompileMembers(members.ToString(), expressions.Count, "E", usings);
    }

    /// <summary>Compiles members of a class, and gives its methods of this name with the numbers from 0.</summary>
    internal static MethodInfo[] CompileMembers(string members, int count, string name, string usings = "")
    {
        string source = $"using System; using System.Linq; using System.Collections.Generic; using Adjoint; {usings}\npublic static class Snippet {{ {members}\n}}";
        Type type = CompileSource(source).GetType("Snippet")!;
        return [.. Enumerable.Range(0, count).Select(i => type.GetMethod($"{name}{i}")!)];
    }

    /// <summary>Compiles and loads a file; what the compiler objects to is shown with its line.</summary>
    internal static Assembly CompileSource(string source)
    {
        using MemoryStream image = Emit(source, out IReadOnlyList<Diagnostic> errors);
        string Told(Diagnostic d) => $"{d.GetMessage()}: {source.Split('\n')[d.Location.GetLineSpan().StartLinePosition.Line]}";
        string.Join('\n', errors.Select(Told)).ShouldBeEmpty();
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
    }

    /// <summary>What the compiler says of statements that use x and y, two tensors: the numbers of errors and warnings.</summary>
    internal static string[] Diagnostics(string statements)
    {
        using MemoryStream _ = Emit($"#nullable enable\nusing System; using System.Collections.Generic; using Adjoint;\npublic static class Snippet {{ static void Run(Tensor x, Tensor y, Tensor? n) {{ {statements} }} }}", out IReadOnlyList<Diagnostic> found, DiagnosticSeverity.Warning);
        return [.. found.Select(d => d.Id)];
    }

    /// <summary>The errors of each of some statements, all compiled at once.</summary>
    internal static string[][] Objections(IReadOnlyList<string> statements, string parameters, string preamble, string usings)
    {
        // A method and a line for each, so that what one declares is not another's.
        string methods = string.Join('\n', statements.Select((s, i) => $"static void S{i}({parameters}) {{ {s}; }}"));
        string head = $"using System; using System.Linq; using System.Collections.Generic; using Adjoint; {usings} public static class Snippet {{ {preamble}\n";
        using MemoryStream _ = Emit($"{head}{methods}\n}}", out IReadOnlyList<Diagnostic> errors);
        var found = errors.ToLookup(d => d.Location.GetLineSpan().StartLinePosition.Line - 1, d => d.Id);
        return [.. statements.Select((_, i) => found[i].ToArray())];
    }

    private static MemoryStream Emit(
        string source, out IReadOnlyList<Diagnostic> errors, DiagnosticSeverity least = DiagnosticSeverity.Error)
    {
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create($"Snippet{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Preview))],
            platform.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var image = new MemoryStream();
        errors = [.. compilation.Emit(image).Diagnostics.Where(d => d.Severity >= least)];
        image.Position = 0;
        return image;
    }
}
