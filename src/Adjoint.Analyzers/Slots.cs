using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Adjoint.Analyzers;

/// <summary>Which fields and properties hold parameters, as far as the program says so.</summary>
internal static class Slots
{
    /// <summary>The field or automatic property of a module that an expression names, or null.</summary>
    internal static ISymbol? Of(IOperation target, Known known)
    {
        ISymbol? symbol = Known.Plain(target) switch
        {
            IFieldReferenceOperation { Field: { IsStatic: false } field } => field,
            IPropertyReferenceOperation { Property: { IsStatic: false, IsIndexer: false } property } => property,
            _ => null,
        };
        return symbol is not null && known.IsModule(symbol.ContainingType) && known.IsTensor(TypeOf(symbol)) ? symbol : null;
    }

    internal static ITypeSymbol TypeOf(ISymbol symbol) => symbol is IFieldSymbol field ? field.Type : ((IPropertySymbol)symbol).Type;

    /// <summary>
    /// Whether a slot holds a parameter: our own layers by their names, those of the program by an AsParameter() that is assigned to them.
    /// </summary>
    internal static bool HoldsParameter(ISymbol slot, SemanticModel model, CancellationToken cancel)
    {
        if (slot.ContainingAssembly.Name == "Adjoint.Nn")
            return slot is IPropertySymbol { SetMethod: not null } && slot.Name is "Weight" or "Bias";
        foreach (SyntaxReference declaration in slot.ContainingType.DeclaringSyntaxReferences)
        {
            SyntaxNode type = declaration.GetSyntax(cancel);
            foreach (SyntaxNode node in type.DescendantNodes())
            {
                ExpressionSyntax? value = node switch
                {
                    VariableDeclaratorSyntax { Initializer.Value: var v } field
                        when field.Identifier.ValueText == slot.Name && field.Parent?.Parent is FieldDeclarationSyntax => v,
                    PropertyDeclarationSyntax { Initializer.Value: var v } property when property.Identifier.ValueText == slot.Name => v,
                    AssignmentExpressionSyntax { Left: IdentifierNameSyntax name, Right: var v }
                    when name.Identifier.ValueText == slot.Name => v,
                    AssignmentExpressionSyntax
                    {
                        Left: MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name },
                        Right: var v
                    } when name.Identifier.ValueText == slot.Name => v,
                    _ => null,
                };
                if (value is not null && EndsInAsParameter(value)) return true;
            }
        }
        return false;
    }

    private static bool EndsInAsParameter(ExpressionSyntax value) => value switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AsParameter" } } => true,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var on } } => EndsInAsParameter(on),
        ConditionalExpressionSyntax { WhenTrue: var a, WhenFalse: var b } => EndsInAsParameter(a) || EndsInAsParameter(b),
        ParenthesizedExpressionSyntax { Expression: var inner } => EndsInAsParameter(inner),
        PostfixUnaryExpressionSyntax { Operand: var inner } => EndsInAsParameter(inner),
        _ => false,
    };
}
