using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Adjoint.Analyzers;

/// <summary>ADJ0005: <c>w -= lr * w.Grad</c> on a leaf, which makes w another tensor.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LostLeaf : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.LostLeaf];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            var known = new Known(start.Compilation);
            if (known.Tensor is null) return;
            start.RegisterOperationAction(c => Check(c, known), OperationKind.SimpleAssignment, OperationKind.CompoundAssignment);
        });
    }

    private static void Check(OperationAnalysisContext context, Known known)
    {
        var assignment = (IAssignmentOperation)context.Operation;
        if (!known.IsTensor(assignment.Target.Type) || Slots.Of(assignment.Target, known) is not null) return;
        string method = assignment switch
        {
            ICompoundAssignmentOperation { OperatorMethod.IsStatic: true } compound => InPlace(compound.OperatorKind),
            ISimpleAssignmentOperation { Value: var value }
            when Known.Plain(value) is IBinaryOperation step && IsStep(step, assignment.Target) => InPlace(step.OperatorKind),
            _ => "",
        };
        if (method.Length == 0 || !IsStepOf(assignment.Value, assignment.Target) && !WasLeaf(assignment.Target)) return;
        context.ReportDiagnostic(
            Diagnostic.Create(Rules.LostLeaf, assignment.Syntax.GetLocation(), assignment.Target.Syntax.ToString(), method));
    }

    internal static string InPlace(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Add => "AddInPlace",
        BinaryOperatorKind.Subtract => "SubInPlace",
        BinaryOperatorKind.Multiply => "MulInPlace",
        BinaryOperatorKind.Divide => "DivInPlace",
        _ => "",
    };

    /// <summary>w = w - lr * w.Grad: a step of w itself, and not a new tensor of that name.</summary>
    private static bool IsStep(IBinaryOperation step, IOperation target) =>
        Known.Plain(step.LeftOperand).Syntax.ToString() == target.Syntax.ToString() && IsStepOf(step.RightOperand, target);

    /// <summary>Whether a value asks for the gradient of what is assigned, which only a leaf has.</summary>
    private static bool IsStepOf(IOperation value, IOperation target) =>
        value.DescendantsAndSelf().OfType<IPropertyReferenceOperation>()
            .Any(p => p.Property.Name == "Grad" && p.Instance?.Syntax.ToString() == target.Syntax.ToString());

    /// <summary>Whether the variable was made a leaf that requires grad, where it is declared or later.</summary>
    private static bool WasLeaf(IOperation target)
    {
        ISymbol? symbol = target switch
        {
            ILocalReferenceOperation local => local.Local,
            IFieldReferenceOperation field => field.Field,
            IParameterReferenceOperation parameter => parameter.Parameter,
            _ => null,
        };
        if (symbol is null) return false;
        bool declared = symbol.DeclaringSyntaxReferences.Any(d =>
            d.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: InvocationExpressionSyntax value } && MakesLeaf(value));
        if (declared) return true;
        SyntaxNode? around = symbol is IFieldSymbol
            ? symbol.ContainingType.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
            : target.Syntax.Ancestors()
                .FirstOrDefault(n => n is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax);
        return around?.DescendantNodes().Any(n => MakesLeaf(n, symbol)) == true;
    }

    /// <summary>w = …(requiresGrad: true), w.RequiresGrad = true, w.RequiresGradInPlace().</summary>
    private static bool MakesLeaf(SyntaxNode node, ISymbol symbol) => node switch
    {
        AssignmentExpressionSyntax { Left: var left, Right: InvocationExpressionSyntax made } when Names(left, symbol) => MakesLeaf(made),
        AssignmentExpressionSyntax
        {
            Left: MemberAccessExpressionSyntax
            {
                Name.Identifier.ValueText: "RequiresGrad",
                Expression: var on
            }
        } set =>
            Names(on, symbol) && set.Right.ToString() == "true",
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var on } } call =>
            Names(on, symbol) && MakesLeaf(call),
        _ => false,
    };

    private static bool Names(ExpressionSyntax expression, ISymbol symbol) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText == symbol.Name,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var member } =>
            symbol is IFieldSymbol && member == symbol.Name,
        _ => false,
    };

    private static bool MakesLeaf(InvocationExpressionSyntax value)
    {
        string name = value.Expression is MemberAccessExpressionSyntax member ? member.Name.Identifier.ValueText : "";
        if (name is "RequiresGradInPlace" or "AsParameter")
            return !value.ArgumentList.Arguments.Any(a => a.Expression.ToString() == "false");
        return value.ArgumentList.Arguments.Any(
            a => a.NameColon?.Name.Identifier.ValueText == "requiresGrad" && a.Expression.ToString() == "true");
    }
}
