using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Adjoint.Analyzers;

/// <summary>ADJ0003: a plain tensor assigned to a field or property that holds a parameter.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AssignedParameter : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.AssignedParameter];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            var known = new Known(start.Compilation);
            if (known.Tensor is null || known.Module is null) return;
            start.RegisterOperationAction(c => Check(c, known), OperationKind.SimpleAssignment, OperationKind.CompoundAssignment);
        });
    }

    private static void Check(OperationAnalysisContext context, Known known)
    {
        var assignment = (IAssignmentOperation)context.Operation;
        if (Slots.Of(assignment.Target, known) is not { } slot) return;
        // An operator of the instance changes it in place, and assigns nothing.
        bool plain = assignment is ICompoundAssignmentOperation compound
            ? compound.OperatorMethod is { IsStatic: true } : IsPlain(assignment.Value, known);
        if (!plain || !Slots.HoldsParameter(slot, assignment.SemanticModel!, context.CancellationToken)) return;
        context.ReportDiagnostic(
            Diagnostic.Create(Rules.AssignedParameter, assignment.Syntax.GetLocation(), $"{slot.ContainingType.Name}.{slot.Name}"));
    }

    /// <summary>Whether a value surely is no parameter: the result of an operation. What comes from elsewhere may be one.</summary>
    private static bool IsPlain(IOperation value, Known known) => Known.Plain(value) switch
    {
        IBinaryOperation or IUnaryOperation => true,
        IConditionalOperation { WhenTrue: var a, WhenFalse: { } b } => IsPlain(a, known) && IsPlain(b, known),
        IConversionOperation { OperatorMethod: not null } => true,
        ICollectionExpressionOperation => true,
        IInvocationOperation call =>
            !Known.Calls(call, "AsParameter") && known.IsTensor(call.Type) && known.IsTensor(call.TargetMethod.ContainingType)
            && call.TargetMethod.Name is not ("RequiresGradInPlace" or "DeepCopy")
            && !call.TargetMethod.Name.EndsWith("InPlace", StringComparison.Ordinal),
        IPropertyReferenceOperation { Property: { IsIndexer: true } property } => known.IsTensor(property.ContainingType),
        _ => false,
    };
}
