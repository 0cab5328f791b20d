using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Adjoint.Analyzers;

/// <summary>ADJ0001: <c>Autograd.NoGrad();</c>, or any other scope, without <c>using</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DroppedScope : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.DroppedScope];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            var known = new Known(start.Compilation);
            if (known.Mode is null) return;
            start.RegisterOperationAction(c => Check(c, known), OperationKind.Invocation);
        });
    }

    private static void Check(OperationAnalysisContext context, Known known)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!known.IsScope(call.Type) || !IsDropped(call, call.TargetMethod.Name)) return;
        context.ReportDiagnostic(Diagnostic.Create(Rules.DroppedScope, call.Syntax.GetLocation(), call.Syntax.ToString(), call.Type!.Name));
    }

    private static bool IsDropped(IOperation scope, string method) => scope.Parent switch
    {
        IExpressionStatementOperation => true,
        // Whoever writes _ = SetGradEnabled(false) wants the mode changed for good; nobody wants to keep NoGrad.
        ISimpleAssignmentOperation { Target: IDiscardOperation } => method is not ("SetGradEnabled" or "SetDetectAnomaly"),
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation variable } => !IsReleased(variable),
        IConditionalOperation or ICoalesceOperation or IParenthesizedOperation or IConversionOperation => IsDropped(scope.Parent, method),
        _ => false,
    };

    /// <summary>Whether a local is declared with using, or used in any other way: disposed, returned, handed on.</summary>
    private static bool IsReleased(IVariableDeclaratorOperation variable)
    {
        if (variable.Syntax.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is not { } declaration) return true;
        if (declaration.UsingKeyword != default) return true;
        SyntaxNode? body =
            declaration.Ancestors()
            .FirstOrDefault(
                n => n is MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
                or CompilationUnitSyntax);
        // A statement of a program is a member to the compiler; its variables are known to all of them.
        if (body is GlobalStatementSyntax) body = body.Parent;
        return body is null
            || body.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == variable.Symbol.Name);
    }
}
