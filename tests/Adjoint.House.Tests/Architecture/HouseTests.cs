using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Architecture;

/// <summary>docs/the-house.md shows the house as it is.</summary>
public partial class HouseTests
{
    private const int FilesInAFolder = 45, LinesInAFile = 400, LettersInALine = 140;

    private static readonly string Page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "the-house.md"));

    private static readonly string[] Projects =
        [.. Directory.GetDirectories(Path.Combine(SourceTree.Root, "src")).Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal)];

    [Fact]
    public void Its_arrows_are_the_references_of_the_projects() =>
        Arrow().Matches(Page).Select(m => $"{m.Groups[1]} → {m.Groups[2]}").ShouldBe(
            from project in Projects
            from other in SourceTree.References(project)
            where !IsTool(project) && !IsTool(other)
            select $"{project} → {other}", ignoreOrder: true);

    [Fact]
    public void Its_table_names_every_project_and_folder() =>
        Listed().ShouldBe(
            Projects.Concat(SourceTree.Files.Select(file => Path.GetDirectoryName(file.Path)!)).Distinct(), ignoreOrder: true);

    /// <summary>And the solution knows it, or nobody would run it.</summary>
    [Fact]
    public void Every_project_has_its_tests() =>
        Tested().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "Adjoint.slnx"))).Select(m => m.Groups[1].Value).ShouldBe(
            [.. Projects.Select(project => $"tests/{project}.Tests/{project}.Tests.csproj"),
                "tests/Adjoint.House.Tests/Adjoint.House.Tests.csproj"], ignoreOrder: true);

    [Fact]
    public void No_folder_is_crowded() =>
        SourceTree.Files.GroupBy(file => Path.GetDirectoryName(file.Path)).Where(folder => folder.Count() > FilesInAFolder)
            .Select(folder => $"{folder.Key}: {folder.Count()} files").ShouldBeEmpty();

    [Fact]
    public void No_file_of_the_library_is_long() =>
        SourceTree.Files.Select(file => (file.Path, Lines: file.Text.Count(c => c == '\n')))
            .Where(file => file.Lines > LinesInAFile).Select(file => $"{file.Path}: {file.Lines} lines").ShouldBeEmpty();

    /// <summary>A line may be longer where it is a literal or a reference that cannot be broken: pages, pictures, patterns, overloads.</summary>
    [Fact]
    public void No_line_of_the_library_is_long() =>
        (from file in SourceTree.Files
         from line in file.Text.Split('\n').Select((text, place) => (Text: text, Place: place + 1))
         where line.Text.Length > LettersInALine && !line.Text.Contains("cref=") && !IsInALiteral(file, line.Place)
         select $"{file.Path}:{line.Place}: {line.Text.Length} letters").ShouldBeEmpty();

    // Within a literal of several lines, or with one that is longer than half of a line.
    private static bool IsInALiteral(SourceFile file, int line) =>
        file.Syntax.DescendantNodes().Any(node =>
            (node is InterpolatedStringExpressionSyntax || node.IsKind(SyntaxKind.StringLiteralExpression))
            && node.GetLocation().GetLineSpan() is var at && at.StartLinePosition.Line <= line - 1 && at.EndLinePosition.Line >= line - 1
            && (at.StartLinePosition.Line < at.EndLinePosition.Line || node.Span.Length > LettersInALine / 2));

    // What runs in the compiler is no part of the library's arrows.
    private static bool IsTool(string project) => project is "Adjoint.Analyzers" or "Adjoint.Generators";

    private static IEnumerable<string> Listed()
    {
        string project = "";
        foreach (Match row in Row().Matches(Page))
        {
            if (row.Groups[1].Success) yield return project = row.Groups[1].Value;
            foreach (Match folder in Folder().Matches(row.Groups[2].Value)) yield return $"{project}/{folder.Groups[1]}";
        }
    }

    [GeneratedRegex(@"^  (\S+) --> (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Arrow();

    [GeneratedRegex(@"^\| (?:\*\*(\S+)\*\*|((?:`[^`|]+` ?)+)) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("<Project Path=\"(tests/[^\"]+Tests\\.csproj)\"")]
    private static partial Regex Tested();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Folder();
}
