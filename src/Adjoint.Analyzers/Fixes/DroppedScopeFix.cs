using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Analyzers.Fixes;

/// <summary><c>using GradScope _ = Autograd.NoGrad();</c></summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class DroppedScopeFix() : Fix("ADJ0001")
{
    private protected override IEnumerable<(string Title, Func<SyntaxNode> Change)> Changes(SyntaxNode root, SyntaxNode node, SemanticModel model)
    {
        switch (node.FirstAncestorOrSelf<StatementSyntax>())
        {
            case LocalDeclarationStatementSyntax declaration:
                yield return ("Restore the mode at the end of the block", () => root.ReplaceNode(declaration,
                    declaration.WithoutLeadingTrivia().WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
                        .WithLeadingTrivia(declaration.GetLeadingTrivia())));
                break;
            case ExpressionStatementSyntax statement:
                ExpressionSyntax scope = statement.Expression is AssignmentExpressionSyntax { Right: var right } ? right : statement.Expression;
                yield return ("Restore the mode at the end of the block", () => root.ReplaceNode(statement,
                    SyntaxFactory.ParseStatement($"using GradScope _ = {scope.WithoutTrivia()};").WithTriviaFrom(statement)));
                break;
        }
    }
}
