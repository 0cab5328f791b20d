using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Architecture;

/// <summary>Where the memory of tensors is taken by another way than a loan, or by a loan in a way that does not keep it.</summary>
/// <remarks>
/// What is not seen here the compiler refuses, or the loan does itself: Note [Lent until the end of the block]. So there is no flow to be
/// followed: each place is right or wrong by itself.
/// </remarks>
internal sealed class LentMemory
{
    private static readonly string[] s_owners = ["Tensor", "Storage", "Block"];

    private readonly Compilation _compilation;
    private readonly Func<string, bool> _isDriver, _mayKeep;
    private readonly SortedSet<string> _faults = new(StringComparer.Ordinal);

    /// <param name="compilation">The code.</param>
    /// <param name="isDriver">Whether a file may give memory.</param>
    /// <param name="mayKeep">Whether a file may keep something alive for another reason.</param>
    internal LentMemory(Compilation compilation, Func<string, bool> isDriver, Func<string, bool> mayKeep)
    {
        (_compilation, _isDriver, _mayKeep) = (compilation, isDriver, mayKeep);
        ISymbol[] givers = [.. s_owners.SelectMany(TypesOf).SelectMany(type => type.GetMembers()).Where(GivesMemory)];
        Givers = [.. givers.Select(giver => giver.Name).Distinct().Order(StringComparer.Ordinal)];
        foreach (SyntaxTree tree in compilation.SyntaxTrees.Where(tree => !isDriver(tree.FilePath))) Look(tree, givers);
    }

    /// <summary>The members that give memory, by name.</summary>
    internal IReadOnlyList<string> Givers { get; }

    /// <summary>How many loans there are.</summary>
    internal int Loans { get; private set; }

    /// <summary>The places that are wrong.</summary>
    internal IReadOnlyCollection<string> Faults => _faults;

    private IEnumerable<INamedTypeSymbol> TypesOf(string name) =>
        _compilation.GetSymbolsWithName(name, SymbolFilter.Type).OfType<INamedTypeSymbol>();

    /// <summary>Whether a member that users do not see gives a span, a reference or a pointer.</summary>
    private static bool GivesMemory(ISymbol member) => member.DeclaredAccessibility != Accessibility.Public && member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Ordinary } method => method.ReturnsByRef || IsMemory(method.ReturnType),
        IPropertySymbol property => property.ReturnsByRef || IsMemory(property.Type),
        _ => false,
    };

    private static bool IsMemory(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Pointer || type.Name is "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory";

    private void Look(SyntaxTree tree, ISymbol[] givers)
    {
        SemanticModel model = _compilation.GetSemanticModel(tree);
        var names = new HashSet<string>(givers.Select(giver => giver.Name));
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            string text = name.Identifier.ValueText;
            if (text == "KeepAlive" && name.Parent is MemberAccessExpressionSyntax { Expression: var from }
                && from.ToString().EndsWith("GC", StringComparison.Ordinal)
                && !_mayKeep(tree.FilePath))
                Fault(name, "only drivers keep alive: take the memory by a loan, which keeps what it lent");
            if (names.Contains(text) && model.GetSymbolInfo(name).Symbol?.OriginalDefinition is { } symbol
                && givers.Any(giver => SymbolEqualityComparer.Default.Equals(giver, symbol)))
                Fault(name, "only a loan gives the memory of a tensor");
        }
        foreach (ExpressionSyntax made in tree.GetRoot().DescendantNodes().OfType<ExpressionSyntax>().Where(IsMade))
            if (IsLoan(model.GetTypeInfo(made).Type)) LookAtLoan(made, model);
        foreach (
            SyntaxNode declared in tree.GetRoot().DescendantNodes()
            .Where(node => node is ParameterSyntax or BaseFieldDeclarationSyntax or BasePropertyDeclarationSyntax or MethodDeclarationSyntax
                or LocalFunctionStatementSyntax))
            if (TypeOf(declared) is { } type
                && type.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == "Loan"))
                Fault(declared, "a loan is a local of the block that it ends with");
    }

    private static bool IsMade(ExpressionSyntax expression) =>
        expression is BaseObjectCreationExpressionSyntax or DefaultExpressionSyntax
        || expression.IsKind(SyntaxKind.DefaultLiteralExpression);

    private static TypeSyntax? TypeOf(SyntaxNode declared) => declared switch
    {
        ParameterSyntax parameter => parameter.Type,
        BaseFieldDeclarationSyntax field => field.Declaration.Type,
        BasePropertyDeclarationSyntax property => property.Type,
        MethodDeclarationSyntax method => method.ReturnType,
        LocalFunctionStatementSyntax function => function.ReturnType,
        _ => null,
    };

    private static bool IsLoan(ITypeSymbol? type) => type is { Name: "Loan", IsRefLikeType: true };

    private void LookAtLoan(ExpressionSyntax made, SemanticModel model)
    {
        Loans++;
        if (made.Parent
            is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } variable }
            || !(declaration.Parent is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } or UsingStatementSyntax))
        {
            Fault(made, "a loan is made by using, which ends it");
            return;
        }
        SyntaxNode body = made.Ancestors().First(IsBody);
        foreach (
            IdentifierNameSyntax use in body.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(n => n.Identifier.ValueText == variable.Identifier.ValueText))
            if (use.Parent is not MemberAccessExpressionSyntax { Expression: var receiver } || receiver != use)
                Fault(use, "a loan is not handed on: a copy would keep what nobody ends");
        foreach (SyntaxNode node in body.DescendantNodes(node => node == body || !IsBody(node)))
            if (IsHolder(node, model)) Fault(node, "an operation holds no memory: hand it to a kernel, which may be a method of its own");
    }

    /// <summary>Whether it is a variable that shows memory, or a loop over memory.</summary>
    private static bool IsHolder(SyntaxNode node, SemanticModel model) => node switch
    {
        VariableDeclaratorSyntax or SingleVariableDesignationSyntax =>
            model.GetDeclaredSymbol(node) is ILocalSymbol local && (local.RefKind != RefKind.None || IsMemory(local.Type)),
        CommonForEachStatementSyntax loop =>
            model.GetTypeInfo(loop.Expression).Type is { } type && IsMemory(type) && IsLent(loop.Expression, model),
        _ => false,
    };

    private static bool IsLent(ExpressionSyntax memory, SemanticModel model) =>
        memory.DescendantNodesAndSelf().OfType<ExpressionSyntax>().Any(part => IsLoan(model.GetTypeInfo(part).Type));

    private static bool IsBody(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax
        or AccessorDeclarationSyntax or BasePropertyDeclarationSyntax
            or CompilationUnitSyntax;

    private void Fault(SyntaxNode place, string what)
    {
        FileLinePositionSpan at = place.GetLocation().GetLineSpan();
        _faults.Add($"{at.Path}:{at.StartLinePosition.Line + 1}: {what}: {place}");
    }
}
