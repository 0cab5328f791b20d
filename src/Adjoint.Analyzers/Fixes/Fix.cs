using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Analyzers.Fixes;

/// <summary>A code fix that replaces syntax of one document.</summary>
public abstract class Fix(string id) : CodeFixProvider
{
    public sealed override ImmutableArray<string> FixableDiagnosticIds => [id];

    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null) return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            SyntaxNode node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            foreach ((string title, Func<SyntaxNode> change) in Changes(root, node, model))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(change())), equivalenceKey: title),
                    diagnostic);
            }
        }
    }

    /// <summary>What can be done about the node, as new roots.</summary>
    private protected abstract IEnumerable<(string Title, Func<SyntaxNode> Change)> Changes(
        SyntaxNode root, SyntaxNode node, SemanticModel model);

    /// <summary>A place as something a member can be called on.</summary>
    private protected static ExpressionSyntax Callable(ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax
        or ParenthesizedExpressionSyntax or ThisExpressionSyntax
            or PostfixUnaryExpressionSyntax or LiteralExpressionSyntax
            ? expression.WithoutTrivia() : SyntaxFactory.ParenthesizedExpression(expression.WithoutTrivia());

    private protected static ExpressionSyntax Call(ExpressionSyntax on, string method, params ExpressionSyntax[] arguments) =>
        SyntaxFactory.ParseExpression($"{Callable(on)}.{method}({string.Join(", ", arguments.Select(a => a.WithoutTrivia().ToString()))})");
}
