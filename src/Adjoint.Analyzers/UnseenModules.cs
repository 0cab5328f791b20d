using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Adjoint.Analyzers;

/// <summary>
/// ADJ0004: layers in static fields, lazy sequences, closures or locals of Forward, where their module does not find them.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnseenModules : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.UnseenModules];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            var known = new Known(start.Compilation);
            if (known.Module is null) return;
            start.RegisterSymbolAction(c => CheckField(c, (IFieldSymbol)c.Symbol, known), SymbolKind.Field);
            start.RegisterSymbolAction(c => CheckProperty(c, known), SymbolKind.Property);
            start.RegisterOperationAction(c => CheckCreation(c, known), OperationKind.ObjectCreation);
            start.RegisterOperationAction(c => CheckLambda(c, known), OperationKind.AnonymousFunction);
            start.RegisterOperationAction(c => CheckMethodGroup(c, known), OperationKind.MethodReference);
        });
    }

    private static void CheckProperty(SymbolAnalysisContext context, Known known)
    {
        IFieldSymbol? behind = context.Symbol.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, context.Symbol));
        if (behind is not null) CheckField(context, behind, known);
    }

    private static void CheckField(SymbolAnalysisContext context, IFieldSymbol field, Known known)
    {
        if (!known.IsModule(field.ContainingType) || IsUntracked(field)) return;
        string? why = field switch
        {
            { IsConst: true } => null,
            { IsStatic: true } when known.MentionsModule(field.Type) => "is static, so no module holds it",
            { IsStatic: false } => WhyUnseen(field.Type, known),
            _ => null,
        };
        if (why is null) return;
        ISymbol named = field.AssociatedSymbol ?? field;
        context.ReportDiagnostic(Diagnostic.Create(Rules.UnseenModules, named.Locations[0], named.Name, why));
    }

    private static bool IsUntracked(ISymbol field) => field.GetAttributes().Any(a => a.AttributeClass?.Name == "UntrackedAttribute");

    private static string? WhyUnseen(ITypeSymbol type, Known known)
    {
        if (type is not INamedTypeSymbol { IsGenericType: true } named
            || !named.ContainingNamespace.ToDisplayString().StartsWith("System", StringComparison.Ordinal)) return null;
        if (named.Name is "Dictionary" or "IDictionary" or "IReadOnlyDictionary" && known.MentionsModule(named.TypeArguments[0]))
            return "has modules as its keys";
        if (!named.TypeArguments.Any(known.MentionsModule)) return null;
        return named.Name switch
        {
            "IEnumerable" or "IEnumerator" or "IQueryable" or "IAsyncEnumerable" =>
                "is a sequence that may make its layers each time it is asked",
            "Lazy" or "Task" or "ValueTask" or "ThreadLocal" or "AsyncLocal" or "TaskCompletionSource" =>
                $"hides its layers in a {named.Name}",
            _ => null,
        };
    }

    /// <summary>A layer with parameters that is made in Forward is another one in every call.</summary>
    private static void CheckCreation(OperationAnalysisContext context, Known known)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (context.ContainingSymbol is not IMethodSymbol { IsStatic: false, MethodKind: MethodKind.Ordinary } method) return;
        if (!known.IsModule(method.ContainingType)) return;
        if (!known.IsModule(creation.Type) || !HasParameters(creation.Type!, known)) return;
        bool forward = method is { Name: "Forward", IsOverride: true };
        // Other methods may make layers for the fields; but not call them at once.
        if (!forward && creation.Parent is not IInvocationOperation { TargetMethod.Name: "Call" }) return;
        context.ReportDiagnostic(Diagnostic.Create(Rules.UnseenModules, creation.Syntax.GetLocation(), $"new {creation.Type!.Name}",
            $"in {method.Name} makes another layer in every call"));
    }

    /// <summary>A field with new Linear(1, 1).Call, or with Call of a local layer: only the delegate holds the layer.</summary>
    private static void CheckMethodGroup(OperationAnalysisContext context, Known known)
    {
        var method = (IMethodReferenceOperation)context.Operation;
        if (method.Parent is not IDelegateCreationOperation { Parent: var parent } || KeptBy(parent) is not { } kept) return;
        if (!known.IsModule(kept.ContainingType) || !known.IsModule(method.Instance?.Type) || IsUntracked(kept)) return;
        bool hidden = method.Instance is IObjectCreationOperation
            || method.Instance is ILocalReferenceOperation local && !IsKeptElsewhere(local, method);
        if (!hidden) return;
        context.ReportDiagnostic(Diagnostic.Create(Rules.UnseenModules, method.Syntax.GetLocation(), method.Instance!.Syntax.ToString(),
            $"is held only by the delegate in '{kept.Name}'"));
    }

    private static bool HasParameters(ITypeSymbol type, Known known) =>
        type.GetMembers().Any(m => m is IFieldSymbol { IsStatic: false } f && (known.IsTensor(f.Type) || known.MentionsModule(f.Type))
            || m is IPropertySymbol { IsStatic: false, IsIndexer: false } p && known.IsTensor(p.Type));

    /// <summary>A local layer in a lambda that a module keeps in a field is held by the lambda alone.</summary>
    private static void CheckLambda(OperationAnalysisContext context, Known known)
    {
        var lambda = (IAnonymousFunctionOperation)context.Operation;
        if (lambda.Parent is not IDelegateCreationOperation { Parent: var parent } || KeptBy(parent) is not { } kept
            || !known.IsModule(kept.ContainingType)) return;
        foreach (ILocalReferenceOperation local in lambda.Descendants().OfType<ILocalReferenceOperation>())
        {
            if (!known.MentionsModule(local.Type) || IsInside(local.Local, lambda) || IsKeptElsewhere(local, lambda)) continue;
            context.ReportDiagnostic(
                Diagnostic.Create(
                    Rules.UnseenModules, local.Syntax.GetLocation(), local.Local.Name, $"is held only by the lambda in '{kept.Name}'"));
            return;
        }
    }

    private static ISymbol? KeptBy(IOperation? parent) => parent switch
    {
        IFieldInitializerOperation field => field.InitializedFields.FirstOrDefault(),
        IPropertyInitializerOperation property => property.InitializedProperties.FirstOrDefault(),
        ISimpleAssignmentOperation { Target: IFieldReferenceOperation { Field: { IsStatic: false } field } } => field,
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { IsStatic: false } property } } => property,
        _ => null,
    };

    private static bool IsInside(ILocalSymbol local, IAnonymousFunctionOperation lambda) =>
        local.DeclaringSyntaxReferences.Any(d => lambda.Syntax.Span.Contains(d.Span));

    /// <summary>Whether the local is also given to somebody outside of the lambda, who may hold it.</summary>
    private static bool IsKeptElsewhere(ILocalReferenceOperation local, IOperation lambda)
    {
        IOperation root = lambda;
        while (root.Parent is { } parent) root = parent;
        return root.Descendants().OfType<ILocalReferenceOperation>().Any(other =>
            SymbolEqualityComparer.Default.Equals(other.Local, local.Local) && !lambda.Syntax.Span.Contains(other.Syntax.Span));
    }
}
