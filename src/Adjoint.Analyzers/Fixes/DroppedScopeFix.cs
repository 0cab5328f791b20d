using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Analyzers.Fixes;

/// <summary>ADJ0001: <c>using GradScope _ = Autograd.NoGrad();</c></summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class DroppedScopeFix() : Fix("ADJ0001")
{
    private protected override IEnumerable<(string Title, Func<SyntaxNode> Change)> Changes(
        SyntaxNode root, SyntaxNode node, SemanticModel model)
    {
        // Only where the scope is what the statement is about, and a declaration may stand: not in a lambda of it, not behind an if.
        switch (node.FirstAncestorOrSelf<StatementSyntax>())
        {
            case LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } declaration
                when variables[0].Initializer?.Value is { } value && value.Contains(node)
                && !IsInside<AnonymousFunctionExpressionSyntax>(node, value):
                yield return ("End it at the end of the block", () => root.ReplaceNode(declaration,
                    declaration.WithoutLeadingTrivia()
                    .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
                        .WithLeadingTrivia(declaration.GetLeadingTrivia())));
                break;
            case ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax or SwitchSectionSyntax } statement
                when (statement.Expression is AssignmentExpressionSyntax { Right: var right } ? right : statement.Expression) == node:
                string type = model.GetTypeInfo(node).Type!.ToMinimalDisplayString(model, node.SpanStart);
                yield return ("End it at the end of the block", () => root.ReplaceNode(statement,
                    SyntaxFactory.ParseStatement($"using {type} {Unused(statement)} = {node.WithoutTrivia()};").WithTriviaFrom(statement)));
                break;
        }
    }

    private static bool IsInside<T>(SyntaxNode node, SyntaxNode within) where T : SyntaxNode =>
        node.Ancestors().TakeWhile(n => n != within.Parent).OfType<T>().Any();

    /// <summary>A name for the variable: _ where there is none yet.</summary>
    private static string Unused(SyntaxNode at)
    {
        SyntaxNode around = at.Ancestors().FirstOrDefault(n => n is MemberDeclarationSyntax and not GlobalStatementSyntax)
            ?? at.SyntaxTree.GetRoot();
        var taken = new HashSet<string>(around.DescendantNodes().Select(n => n switch
        {
            VariableDeclaratorSyntax v => v.Identifier.ValueText,
            ParameterSyntax p => p.Identifier.ValueText,
            SingleVariableDesignationSyntax d => d.Identifier.ValueText,
            _ => "",
        }));
        for (int i = 0; ; i++)
        {
            string name = i switch { 0 => "_", 1 => "scope", _ => $"scope{i}" };
            if (!taken.Contains(name)) return name;
        }
    }
}
