using System.Reflection;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Architecture;

/// <summary>The rules of CONTRIBUTING.md that a program can check. Documentation of public members is checked by the compiler.</summary>
public class HouseRulesTests
{
    private const int MaxLines = 400;

    [Fact]
    public void A_source_file_has_at_most_400_lines() =>
        SourceTree.Files.Where(file => file.LineCount > MaxLines).Select(file => $"{file.Path}: {file.LineCount}").ShouldBeEmpty();

    [Fact]
    public void Namespaces_are_file_scoped() =>
        SourceTree.Files.Where(file => file.Syntax.Members.OfType<NamespaceDeclarationSyntax>().Any()).Select(file => file.Path)
        .ShouldBeEmpty();

    /// <summary>A name that says nothing hides a class that does several things.</summary>
    [Theory]
    [InlineData("Helper")]
    [InlineData("Helpers")]
    [InlineData("Manager")]
    [InlineData("Util")]
    [InlineData("Utils")]
    [InlineData("Utilities")]
    [InlineData("Impl")]
    public void No_type_has_an_empty_name(string suffix) =>
        SourceTree.Files
            .SelectMany(file => file.DeclaredTypes, (file, type) => $"{file.Path}: {type}")
            .Where(type => type.EndsWith(suffix, StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("TODO")]
    [InlineData("FIXME")]
    [InlineData("HACK")]
    [InlineData("NotImplementedException")]
    public void Nothing_is_left_for_later(string word) =>
        SourceTree.Files.Where(file => file.Text.Contains(word, StringComparison.Ordinal)).Select(file => file.Path).ShouldBeEmpty();

    [Theory]
    [InlineData("Adjoint.Algebra", "Adjoint")]
    [InlineData("Adjoint.Kernels", "")]
    [InlineData("Adjoint", "Adjoint")]
    [InlineData("Adjoint.Formats", "Adjoint.Formats")]
    [InlineData("Adjoint.Plots", "Adjoint.Plots")]
    [InlineData("Adjoint.Symbolic", "Adjoint.Symbolic")]
    [InlineData("Adjoint.Nn", "Adjoint.Nn Adjoint.Optim Adjoint.Data Adjoint.Training Adjoint.Distributions")]
    [InlineData("Adjoint.Data", "Adjoint.Data Adjoint.Vision")]
    public void The_public_types_of_a_library_are_in_its_flat_namespaces(string library, string namespaces) =>
        Assembly.Load(library).GetExportedTypes()
            .Where(type => !namespaces.Split(' ').Contains(type.Namespace))
            .Select(type => type.FullName)
            .ShouldBeEmpty();

    /// <summary>The machine that runs the tests after every change runs what the README tells a newcomer to run.</summary>
    [Fact]
    public void CI_runs_the_test_command_of_the_README()
    {
        string command = "dotnet test -c Release";
        File.ReadAllLines(Path.Combine(SourceTree.Root, "README.md")).ShouldContain(command);
        File.ReadAllText(Path.Combine(SourceTree.Root, ".ci", "run")).ShouldContain("\n" + command);
    }
}
