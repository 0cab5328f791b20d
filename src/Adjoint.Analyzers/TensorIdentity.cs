using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Adjoint.Analyzers;

/// <summary>ADJ0002: two tensors compared as objects, by an operator or by Equals.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TensorIdentity : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.TensorIdentity];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            var known = new Known(start.Compilation);
            if (known.Tensor is null) return;
            start.RegisterOperationAction(c => CheckOperator(c, known), OperationKind.Binary);
            start.RegisterOperationAction(c => CheckCall(c, known), OperationKind.Invocation);
        });
    }

    private static void CheckOperator(OperationAnalysisContext context, Known known)
    {
        var comparison = (IBinaryOperation)context.Operation;
        if (comparison.OperatorKind is not (BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals)
            || comparison.OperatorMethod is not null) return;
        // (object)x == y says that it means the object.
        if (!known.IsTensor(Known.Plain(comparison.LeftOperand).Type) || !known.IsTensor(Known.Plain(comparison.RightOperand).Type)) return;
        context.ReportDiagnostic(
            Diagnostic.Create(
                Rules.TensorIdentity, comparison.Syntax.GetLocation(), comparison.OperatorKind == BinaryOperatorKind.Equals ? "Eq" : "Ne"));
    }

    private static void CheckCall(OperationAnalysisContext context, Known known)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name != "Equals" || call.TargetMethod.ReturnType.SpecialType != SpecialType.System_Boolean) return;
        IEnumerable<IOperation> compared = call.Arguments.Select(a => a.Value);
        if (call.Instance is not null) compared = compared.Prepend(call.Instance);
        List<IOperation> two = [.. compared];
        if (two.Count != 2 || !two.TrueForAll(value => known.IsTensor(Known.Plain(value).Type))) return;
        context.ReportDiagnostic(Diagnostic.Create(Rules.TensorIdentity, call.Syntax.GetLocation(), "Eq"));
    }
}
