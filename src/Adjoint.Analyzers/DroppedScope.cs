using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Adjoint.Analyzers;

/// <summary>ADJ0001: <c>Autograd.NoGrad();</c> without <c>using</c>.</summary>
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
            if (new Known(start.Compilation) is not { Scope: { } scope }) return;
            start.RegisterOperationAction(c => Check(c, scope), OperationKind.Invocation);
        });
    }

    private static void Check(OperationAnalysisContext context, INamedTypeSymbol scope)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!SymbolEqualityComparer.Default.Equals(call.Type, scope) || !IsDropped(call)) return;
        context.ReportDiagnostic(Diagnostic.Create(Rules.DroppedScope, call.Syntax.GetLocation(), call.Syntax.ToString()));
    }

    private static bool IsDropped(IInvocationOperation call) => call.Parent switch
    {
        IExpressionStatementOperation => true,
        // Whoever writes _ = SetGradEnabled(false) wants the mode of the thread changed; nobody wants to keep NoGrad for good.
        ISimpleAssignmentOperation { Target: IDiscardOperation } => call.TargetMethod.Name != "SetGradEnabled",
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation variable } => !IsReleased(variable),
        // A lambda or method with an expression body whose value nobody takes.
        IBlockOperation => false,
        _ => false,
    };

    /// <summary>Whether a local is declared with using, or used in any other way: disposed, returned, handed on.</summary>
    private static bool IsReleased(IVariableDeclaratorOperation variable)
    {
        if (variable.Syntax.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is not { } declaration) return true;
        if (declaration.UsingKeyword != default) return true;
        SyntaxNode? body = declaration.Ancestors().FirstOrDefault(n => n is MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or CompilationUnitSyntax);
        return body is null || body.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == variable.Symbol.Name);
    }
}
