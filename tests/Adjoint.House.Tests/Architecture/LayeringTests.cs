using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// The arrows of the house run one way: Cli → Data, Distributed → Nn → Formats → Adjoint → Kernels → Algebra, and Symbolic → Adjoint; inside Adjoint, see
/// <see cref="Forbidden"/>.
/// </summary>
public class LayeringTests
{
    [Theory]
    [InlineData("Adjoint.Algebra", "")]
    [InlineData("Adjoint.Kernels", "Adjoint.Algebra")]
    [InlineData("Adjoint", "Adjoint.Kernels")]
    [InlineData("Adjoint.Formats", "Adjoint")]
    [InlineData("Adjoint.Plots", "")]
    [InlineData("Adjoint.Nn", "Adjoint Adjoint.Formats Adjoint.Plots")]
    [InlineData("Adjoint.Data", "Adjoint.Nn")]
    [InlineData("Adjoint.Distributed", "Adjoint.Nn")]
    [InlineData("Adjoint.Symbolic", "Adjoint")]
    [InlineData("Adjoint.Cli", "Adjoint.Data Adjoint.Distributed Adjoint.Nn Adjoint.Plots Adjoint.Symbolic")]
    public void A_project_refers_only_to_the_layer_below(string project, string below) =>
        SourceTree.References(project).ShouldBe(below.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);

    /// <summary>
    /// The arrows as docs/the-house.md has them: <c>Transforms → Ops → Modes ⇄ Autograd ⇄ Tensor</c>. A folder must not name a type that is
    /// declared in one to its left; folders that are not in that line name nothing of the leftmost. <c>Tensor</c> itself is one type in many
    /// files: its members may be called from everywhere, which is what it is for.
    /// </summary>
    public static TheoryData<string, string> Forbidden
    {
        get
        {
            string line = File.ReadLines(Path.Combine(SourceTree.Root, "docs", "the-house.md")).First(text => text.Contains('⇄'));
            string[][] levels = [.. line[..line.IndexOf(':', StringComparison.Ordinal)].Split(" → ").Select(level => level.Split(" ⇄ "))];
            string[] named = [.. levels.SelectMany(level => level)];
            TheoryData<string, string> pairs = [];
            for (int below = 1; below < levels.Length; below++)
                foreach (string folder in levels[below])
                    foreach (string above in levels[..below].SelectMany(level => level)) pairs.Add("Adjoint/" + folder, "Adjoint/" + above);
            foreach (string path in Directory.GetDirectories(Path.Combine(SourceTree.Root, "src", "Adjoint")))
                if (Path.GetFileName(path) is var folder and not ("bin" or "obj") && !named.Contains(folder))
                    pairs.Add("Adjoint/" + folder, "Adjoint/" + levels[0][0]);
            return pairs;
        }
    }

    [Fact]
    public void The_line_of_arrows_is_read() => Forbidden.Count.ShouldBeGreaterThan(7 + 3);

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void A_folder_does_not_name_the_types_above_it(string folder, string above)
    {
        HashSet<string> lower = [.. SourceTree.In("Adjoint").Where(file => !file.IsIn(above)).SelectMany(file => file.DeclaredTypes)];
        HashSet<string> upper = [.. SourceTree.In(above).SelectMany(file => file.DeclaredTypes).Where(name => !lower.Contains(name))];

        Offences(SourceTree.In(folder), upper).ShouldBeEmpty();
    }

    [Fact]
    public void An_operation_does_not_name_the_engine() =>
        Offences(SourceTree.In("Adjoint/Ops"), ["Engine"]).ShouldBeEmpty();

    [Fact]
    public void Unsafe_code_and_intrinsics_stay_in_the_kernels_the_registers_of_formulas_and_the_binding_of_MPI() =>
        SourceTree.Files
            .Where(file => !file.IsIn("Adjoint.Kernels") && !file.IsIn("Adjoint.Algebra") && !file.IsIn("Adjoint.Distributed/Mpi"))
            .Where(file => file.Syntax.DescendantTokens().Any(token => token.IsKind(SyntaxKind.UnsafeKeyword))
                || file.Syntax.Usings.Any(
                    use => use.Name?.ToString().StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal) == true))
            .Select(file => file.Path)
            .ShouldBeEmpty();

    /// <summary>An operation's file gives <c>Tensor</c> its word and nothing else: the work is in the op and the driver.</summary>
    [Fact]
    public void In_Ops_a_partial_Tensor_holds_only_one_liners() =>
        (from file in SourceTree.In("Adjoint/Ops")
         from tensor in file.Syntax.DescendantNodes().OfType<ClassDeclarationSyntax>()
         where tensor.Identifier.ValueText == "Tensor"
         from member in tensor.Members
         where !IsOneLiner(member)
         select $"{file.Path}({Line(member)})").ShouldBeEmpty();

    private static bool IsOneLiner(MemberDeclarationSyntax member) => member switch
    {
        BaseMethodDeclarationSyntax method => method.ExpressionBody is not null || OnlyLendsItsName(method),
        PropertyDeclarationSyntax property => property.ExpressionBody is not null,
        IndexerDeclarationSyntax indexer => indexer.ExpressionBody is not null,
        _ => false,
    };

    /// <summary>One line, and the name by which its errors speak. See Note [Errors speak of what was called].</summary>
    private static bool OnlyLendsItsName(BaseMethodDeclarationSyntax method) =>
        method.Body is { Statements: [TryStatementSyntax { Block.Statements: [_], Catches: [{ Filter: { } filter }] }] }
        && filter.ToString().Contains(".IsOf(", StringComparison.Ordinal);

    private static IEnumerable<string> Offences(IEnumerable<SourceFile> files, HashSet<string> names) =>
        from file in files
        from used in file.UsedNames
        where names.Contains(used.Name)
        select $"{file.Path}({used.Line}) names {used.Name}";

    private static int Line(MemberDeclarationSyntax member) => member.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
