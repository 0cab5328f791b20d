using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Analyzers.Fixes;

/// <summary>
/// ADJ0004: a list for a sequence, an instance field for a static one, a field for a layer made in Forward; or [Untracked].
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UnseenModulesFix() : Fix("ADJ0004")
{
    private protected override IEnumerable<(string Title, Func<SyntaxNode> Change)> Changes(
        SyntaxNode root, SyntaxNode node, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is { } creation
            && node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not null)
        {
            if (creation.ArgumentList?.Arguments.All(a => a.Expression is LiteralExpressionSyntax) != false)
                yield return ("Hold it in a field", () => WithField(root, creation, model));
            yield break;
        }
        if (node.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() is not null) yield break;
        if (node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member || member is BaseMethodDeclarationSyntax) yield break;
        if (member.Modifiers.Any(SyntaxKind.StaticKeyword))
            yield return ("Make it an instance field", () => root.ReplaceNode(member, member.WithModifiers(
                SyntaxFactory.TokenList(member.Modifiers.Where(m => !m.IsKind(SyntaxKind.StaticKeyword))))));
        (TypeSyntax? type, ExpressionSyntax? value) = member switch
        {
            FieldDeclarationSyntax { Declaration: { Type: var t, Variables: { Count: 1 } fields } } => (t, fields[0].Initializer?.Value),
            PropertyDeclarationSyntax { Type: var t, Initializer: var i } => (t, i?.Value),
            _ => (null, null),
        };
        if (type is GenericNameSyntax { Identifier.ValueText: "IEnumerable" } sequence)
        {
            yield return ("Hold them in a list", () =>
            {
                SyntaxNode changed = member.ReplaceNodes(value is null ? [sequence] : new SyntaxNode[] { sequence, value }, (old, _) =>
                    old == sequence ? sequence.WithIdentifier(SyntaxFactory.Identifier("IReadOnlyList")).WithTriviaFrom(sequence)
                    : value is CollectionExpressionSyntax ? value : Call(value!, "ToArray").WithTriviaFrom(value!));
                return root.ReplaceNode(member, changed);
            }
            );
        }
        yield return ("They are not the module's own: [Untracked]", () =>
        {
            SyntaxTriviaList leading = member.GetLeadingTrivia();
            AttributeListSyntax list =
                ((FieldDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration("[Untracked] int x;")!).AttributeLists[0];
            if (member is PropertyDeclarationSyntax)
                list = list.WithTarget(
                    SyntaxFactory.AttributeTargetSpecifier(SyntaxFactory.Token(SyntaxKind.FieldKeyword))
                    .WithTrailingTrivia(SyntaxFactory.Space));
            return root.ReplaceNode(
                member, member.WithoutLeadingTrivia().AddAttributeLists(list.WithTrailingTrivia(SyntaxFactory.Space))
                .WithLeadingTrivia(leading));
        }
        );
    }

    private static SyntaxNode WithField(SyntaxNode root, BaseObjectCreationExpressionSyntax creation, SemanticModel model)
    {
        TypeDeclarationSyntax type = creation.FirstAncestorOrSelf<TypeDeclarationSyntax>()!;
        string made = model.GetTypeInfo(creation).Type!.ToMinimalDisplayString(model, creation.SpanStart);
        string name = char.ToLowerInvariant(made[0]) + made.Substring(1);
        while (type.DescendantTokens().Any(t => t.IsKind(SyntaxKind.IdentifierToken) && t.ValueText == name)) name += "2";
        string indent = type.Members[0].GetLeadingTrivia().ToFullString().Split('\n').Last();
        MemberDeclarationSyntax field =
            SyntaxFactory.ParseMemberDeclaration($"{indent}private readonly {made} {name} = new{creation.ArgumentList};\n")!;
        TypeDeclarationSyntax changed = type.ReplaceNode(creation, SyntaxFactory.IdentifierName(name).WithTriviaFrom(creation));
        return root.ReplaceNode(type, changed.WithMembers(changed.Members.Insert(0, field)));
    }
}
