using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Analyzers.Fixes;

/// <summary>A step in place instead of an assignment: <c>using (Autograd.NoGrad()) w.SubInPlace(lr * g);</c></summary>
public abstract class InPlaceFix(string id) : Fix(id)
{
    private protected static IEnumerable<(string Title, Func<SyntaxNode> Change)> InPlace(
        SyntaxNode root, AssignmentExpressionSyntax assignment)
    {
        (string? method, ExpressionSyntax? by) = assignment switch
        {
            { Right: BinaryExpressionSyntax step } when assignment.IsKind(SyntaxKind.SimpleAssignmentExpression)
                && SyntaxFactory.AreEquivalent(step.Left, assignment.Left) => (Method(step.OperatorToken.ValueText), step.Right),
            _ when !assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) =>
                (Method(assignment.OperatorToken.ValueText.TrimEnd('=')), assignment.Right),
            _ => (null, null),
        };
        if (method is null || by is null || assignment.Parent is not ExpressionStatementSyntax statement) yield break;
        ExpressionSyntax step2 = Call(assignment.Left, method, by);
        string text = IsWithoutGrad(statement) ? $"{step2};" : $"using (Autograd.NoGrad()) {step2};";
        yield return (
            "Change it in place", () => root.ReplaceNode(statement, SyntaxFactory.ParseStatement(text).WithTriviaFrom(statement)));
    }

    private static string? Method(string sign) => sign switch
    {
        "+" => "AddInPlace",
        "-" => "SubInPlace",
        "*" => "MulInPlace",
        "/" => "DivInPlace",
        _ => null,
    };

    /// <summary>Whether a scope in which nothing is recorded is seen around a statement.</summary>
    private static bool IsWithoutGrad(StatementSyntax statement)
    {
        foreach (SyntaxNode around in statement.AncestorsAndSelf())
        {
            if (around is UsingStatementSyntax scope && Names($"{scope.Expression}{scope.Declaration}")) return true;
            SyntaxNode place = around.Parent is GlobalStatementSyntax global ? global : around;
            IEnumerable<SyntaxNode> before = place.Parent?.ChildNodes().TakeWhile(n => n != place) ?? [];
            if (before.Select(n => n is GlobalStatementSyntax g ? g.Statement : n).OfType<LocalDeclarationStatementSyntax>()
                .Any(d => d.UsingKeyword != default && Names(d.Declaration.ToString()))) return true;
        }
        return false;

        static bool Names(string text) => text.Contains("NoGrad") || text.Contains("InferenceMode");
    }
}

/// <summary>ADJ0005: changes the leaf in place.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class LostLeafFix() : InPlaceFix("ADJ0005")
{
    private protected override IEnumerable<(string Title, Func<SyntaxNode> Change)> Changes(
        SyntaxNode root, SyntaxNode node, SemanticModel model) =>
        node is AssignmentExpressionSyntax assignment ? InPlace(root, assignment) : [];
}

/// <summary>ADJ0003: changes the parameter in place, or makes what is assigned one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AssignedParameterFix() : InPlaceFix("ADJ0003")
{
    private protected override IEnumerable<(string Title, Func<SyntaxNode> Change)> Changes(
        SyntaxNode root, SyntaxNode node, SemanticModel model)
    {
        if (node is not AssignmentExpressionSyntax assignment) yield break;
        foreach ((string, Func<SyntaxNode>) change in InPlace(root, assignment)) yield return change;
        if (assignment.IsKind(SyntaxKind.SimpleAssignmentExpression))
            yield return (
                "Assign a new parameter",
                () => root.ReplaceNode(assignment.Right, Call(assignment.Right, "AsParameter").WithTriviaFrom(assignment.Right)));
    }
}
