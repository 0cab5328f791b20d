using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Architecture;

/// <content>Parsed once: what the architecture tests read.</content>
internal static partial class SourceTree
{
    /// <summary>What the SDK adds to a program with implicit usings, for what is compiled in memory.</summary>
    public const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;

        """;

    private static readonly Lazy<IReadOnlyList<SourceFile>> Parsed = new(() => [.. Paths("src").Select(SourceFile.Parse)]);

    /// <summary>Every C# file under src/.</summary>
    public static IReadOnlyList<SourceFile> Files => Parsed.Value;

    /// <summary>Every C# file of one folder of src/, such as <c>Adjoint/Ops</c>.</summary>
    public static IEnumerable<SourceFile> In(string folder) => Files.Where(file => file.IsIn(folder));

    /// <summary>The projects that a project of src/ refers to.</summary>
    public static IEnumerable<string> References(string project) =>
        XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj"))
            .Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false") // what runs in the compiler
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
}

/// <summary>One file of src/: its path from there with forward slashes, its text, its syntax.</summary>
internal sealed record SourceFile(string Path, string Text, CompilationUnitSyntax Syntax)
{
    public static SourceFile Parse(string path)
    {
        string text = File.ReadAllText(path);
        var tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview));
        string relative = System.IO.Path.GetRelativePath(System.IO.Path.Combine(SourceTree.Root, "src"), path).Replace('\\', '/');
        return new(relative, text, tree.GetCompilationUnitRoot());
    }

    public int LineCount => Text.AsSpan().Count('\n');

    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>The names of the types declared here; of generic ones without their parameters.</summary>
    public IEnumerable<string> DeclaredTypes =>
        Syntax.DescendantNodes().OfType<MemberDeclarationSyntax>().Select(NameOf).OfType<string>();

    /// <summary>Every name used in code (comments and strings do not count) and the line where it first stands.</summary>
    public IEnumerable<(string Name, int Line)> UsedNames =>
        Syntax.DescendantNodes().OfType<SimpleNameSyntax>()
            .Where(name => !IsMemberName(name))
            .GroupBy(name => name.Identifier.ValueText)
            .Select(group => (group.Key, group.First().GetLocation().GetLineSpan().StartLinePosition.Line + 1));

    // The `Sum` of `x.Sum` names a member, whatever types are called; the `Engine` of `Engine.Run` may be a type.
    private static bool IsMemberName(SimpleNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
        || name.Parent is MemberBindingExpressionSyntax or NameColonSyntax;

    private static string? NameOf(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax type => type.Identifier.ValueText,
        _ => null,
    };
}
