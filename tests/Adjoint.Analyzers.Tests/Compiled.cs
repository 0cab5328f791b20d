using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Adjoint.Tests.Analyzers;

/// <summary>A small program beside the library, as the compiler and an editor see it.</summary>
internal sealed class Compiled
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading.Tasks;
        using Adjoint;
        using Adjoint.Nn;
        using Adjoint.Optim;

        """;

    internal static readonly ImmutableArray<DiagnosticAnalyzer> All =
        [.. Instances<DiagnosticAnalyzer>()];

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "Adjoint.dll" or "Adjoint.Nn.dll"))
            .Select(path => MetadataReference.CreateFromFile(path))];

    private readonly Document _document;

    /// <summary>Compiles declarations and methods; loose methods are put into a class.</summary>
    internal Compiled(string code)
    {
        string text = code.TrimStart().StartsWith("static", StringComparison.Ordinal) ? $"static class Program\n{{\n{code}\n}}\n" : code;
        var workspace = new AdhocWorkspace();
        ProjectInfo project = ProjectInfo.Create(ProjectId.CreateNewId(), VersionStamp.Default, "Sample", "Sample", LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable),
            parseOptions: new CSharpParseOptions(LanguageVersion.Preview), metadataReferences: References);
        _document = workspace.AddProject(project).AddDocument("Sample.cs", Usings + text);
    }

    private Compiled(Document document) => _document = document;

    internal static IEnumerable<T> Instances<T>() =>
        from type in typeof(Adjoint.Analyzers.DroppedScope).Assembly.GetTypes()
        where typeof(T).IsAssignableFrom(type) && !type.IsAbstract
        select (T)Activator.CreateInstance(type)!;

    internal string Text => _document.GetTextAsync().Result.ToString()[Usings.Length..];

    internal Compilation Compilation => _document.Project.GetCompilationAsync().Result!;

    /// <summary>What the compiler objects to.</summary>
    internal IEnumerable<string> Errors =>
        Compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString());

    /// <summary>What our rules report.</summary>
    internal ImmutableArray<Diagnostic> Reports => Compilation.WithAnalyzers(All).GetAnalyzerDiagnosticsAsync().Result;

    /// <summary>The titles of the fixes for the first report.</summary>
    internal IReadOnlyList<string> Fixes => [.. Actions().Select(a => a.Title)];

    /// <summary>The program after a fix of the first report.</summary>
    internal Compiled Fixed(int fix = 0)
    {
        ApplyChangesOperation change =
            Actions()[fix].GetOperationsAsync(CancellationToken.None).Result.OfType<ApplyChangesOperation>().Single();
        return new Compiled(change.ChangedSolution.GetDocument(_document.Id)!);
    }

    private List<CodeAction> Actions()
    {
        Diagnostic first = Reports.OrderBy(d => d.Location.SourceSpan.Start).First();
        List<CodeAction> actions = [];
        foreach (CodeFixProvider provider in Instances<CodeFixProvider>().Where(p => p.FixableDiagnosticIds.Contains(first.Id)))
            provider.RegisterCodeFixesAsync(new CodeFixContext(_document, first, (action, _) => actions.Add(action),
                CancellationToken.None)).Wait();
        return actions;
    }
}
