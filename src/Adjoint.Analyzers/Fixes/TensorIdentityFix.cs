using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Analyzers.Fixes;

/// <summary><c>x.Eq(y)</c>, or <c>ReferenceEquals(x, y)</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class TensorIdentityFix() : Fix("ADJ0002")
{
    private protected override IEnumerable<(string Title, Func<SyntaxNode> Change)> Changes(
        SyntaxNode root, SyntaxNode node, SemanticModel model)
    {
        (ExpressionSyntax? left, ExpressionSyntax? right) = node switch
        {
            BinaryExpressionSyntax comparison => (comparison.Left, comparison.Right),
            InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } two } => (two[0].Expression, two[1].Expression),
            InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Expression: var on },
                ArgumentList.Arguments: { Count: 1 } one
            } => (on, one[0].Expression),
            _ => (null, null),
        };
        if (left is null || right is null) yield break;
        bool differs = node.IsKind(SyntaxKind.NotEqualsExpression);
        yield return ("Compare the elements", () => root.ReplaceNode(node, Call(left, differs ? "Ne" : "Eq", right).WithTriviaFrom(node)));
        yield return ("Compare the objects", () => root.ReplaceNode(node,
            SyntaxFactory.ParseExpression($"{(differs ? "!" : "")}ReferenceEquals({left.WithoutTrivia()}, {right.WithoutTrivia()})")
            .WithTriviaFrom(node)));
    }
}
