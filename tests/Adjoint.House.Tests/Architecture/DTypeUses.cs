using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Architecture;

/// <summary>Every place that asks which dtype something has: Note [One row a dtype].</summary>
/// <remarks>
/// A comparison with a dtype, a pattern, a switch over dtypes or over their size or name, their order, their number, and the same of the
/// element's type behind a type parameter. Whether two dtypes are equal may be asked anywhere: that needs nothing for a new one.
/// </remarks>
internal sealed class DTypeUses
{
    private const string DType = "DType";
    private const string Row = "DTypeRow";

    // What they answer differs from dtype to dtype, and is no yes or no.
    private static readonly string[] s_facts = ["Size", "TorchName", "TorchTensor", "SafeTensors", "Element", "CSharp"];
    private static readonly string[] s_numbers = ["INumber", "IBinary", "IFloating"];
    private static readonly string[] s_comparing = ["Equals", "CompareTo", "HasFlag"];

    private readonly SortedSet<string> _faults = new(StringComparer.Ordinal);

    /// <param name="compilation">The code.</param>
    /// <param name="isExempt">Whether a file is the table or the dispatch.</param>
    /// <param name="isKernel">Whether a file is of the kernels, which know types and no dtypes.</param>
    internal DTypeUses(Compilation compilation, Func<string, bool> isExempt, Func<string, bool> isKernel)
    {
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            if (isExempt(tree.FilePath)) continue;
            SemanticModel model = compilation.GetSemanticModel(tree);
            bool kernel = isKernel(tree.FilePath);
            foreach (SyntaxNode node in tree.GetRoot().DescendantNodes()) Look(node, model, kernel);
        }
    }

    /// <summary>How many expressions were looked at.</summary>
    internal int Places { get; private set; }

    internal IReadOnlyCollection<string> Faults => _faults;

    private void Look(SyntaxNode node, SemanticModel model, bool kernel)
    {
        switch (node)
        {
            case BinaryExpressionSyntax binary when IsComparison(binary):
                Compare(binary, model, kernel);
                break;
            case ConstantPatternSyntax pattern when IsDType(pattern.Expression, model):
            case RelationalPatternSyntax relation when IsDType(relation.Expression, model):
            case CaseSwitchLabelSyntax label when IsDType(label.Value, model):
                Fault(node, "compares with a dtype");
                break;
            case SwitchStatementSyntax choice when IsFactOf(choice.Expression, model):
            case SwitchExpressionSyntax selection when IsFactOf(selection.GoverningExpression, model):
            case IsPatternExpressionSyntax question when IsFactOf(question.Expression, model):
                Fault(node, "chooses by a fact that each dtype has its own of");
                break;
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax called } call
                when s_comparing.Contains(called.Name.Identifier.ValueText)
                    && (IsDType(called.Expression, model) || call.ArgumentList.Arguments.Any(a => IsDType(a.Expression, model))):
                Fault(node, "compares dtypes by a call");
                break;
            case CastExpressionSyntax cast when IsDType(cast.Expression, model) || IsDType(cast, model):
                Fault(node, "takes a dtype for a number");
                break;
            case IsPatternExpressionSyntax { Pattern: DeclarationPatternSyntax or TypePatternSyntax } typed
                when !kernel && IsTypeParameter(typed.Expression, model):
                Fault(node, "asks for the type of an element");
                break;
        }
    }

    private static bool IsComparison(BinaryExpressionSyntax binary) => binary.Kind() is SyntaxKind.EqualsExpression
        or SyntaxKind.NotEqualsExpression or SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression
        or SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression or SyntaxKind.IsExpression;

    private void Compare(BinaryExpressionSyntax binary, SemanticModel model, bool kernel)
    {
        Places++;
        if (binary.IsKind(SyntaxKind.IsExpression))
        {
            if (!kernel && IsTypeParameter(binary.Left, model)) Fault(binary, "asks for the type of an element");
            return;
        }
        bool equality = binary.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression;
        foreach ((ExpressionSyntax left, ExpressionSyntax right) in Pairs(binary.Left, binary.Right))
        {
            bool dtypes = IsDType(left, model) || IsDType(right, model);
            if (dtypes && (!equality || IsKnown(left, model) || IsKnown(right, model))) Fault(binary, "compares with a dtype");
            else if (IsFactOf(left, model) || IsFactOf(right, model)) Fault(binary, "chooses by a fact that each dtype has its own of");
            else if (!kernel && IsElementType(left, model) && IsElementType(right, model))
                Fault(binary, "asks for the type of an element");
        }
    }

    private static IEnumerable<(ExpressionSyntax, ExpressionSyntax)> Pairs(ExpressionSyntax left, ExpressionSyntax right) =>
        left is TupleExpressionSyntax one && right is TupleExpressionSyntax other
            ? one.Arguments.Zip(other.Arguments).SelectMany(pair => Pairs(pair.First.Expression, pair.Second.Expression))
            : [(left, right)];

    private static bool IsDType(ExpressionSyntax expression, SemanticModel model) => TypeOf(expression, model)?.Name == DType;

    private static ITypeSymbol? TypeOf(ExpressionSyntax expression, SemanticModel model)
    {
        ITypeSymbol? type = model.GetTypeInfo(expression).Type;
        return type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0] : type;
    }

    // A dtype that the source names, also by way of a constant or a field that never is another.
    private static bool IsKnown(ExpressionSyntax expression, SemanticModel model) => IsDType(expression, model)
        && (model.GetConstantValue(expression) is { HasValue: true, Value: not null }
            || model.GetSymbolInfo(expression).Symbol is IFieldSymbol { IsStatic: true });

    private static bool IsFactOf(ExpressionSyntax expression, SemanticModel model) =>
        expression is MemberAccessExpressionSyntax access && s_facts.Contains(access.Name.Identifier.ValueText)
        && TypeOf(access.Expression, model)?.Name is DType or Row;

    private static bool IsElementType(ExpressionSyntax expression, SemanticModel model) => expression is TypeOfExpressionSyntax of
        && (model.GetTypeInfo(of.Type).Type is ITypeParameterSymbol { HasUnmanagedTypeConstraint: true }
            || model.GetTypeInfo(of.Type).Type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double
                or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Byte or SpecialType.System_Boolean);

    private static bool IsTypeParameter(ExpressionSyntax expression, SemanticModel model) =>
        model.GetTypeInfo(expression).Type is ITypeParameterSymbol { ConstraintTypes: var types }
        && types.Any(type => Array.Exists(s_numbers, name => type.Name.StartsWith(name, StringComparison.Ordinal)));

    private void Fault(SyntaxNode place, string what)
    {
        FileLinePositionSpan at = place.GetLocation().GetLineSpan();
        _faults.Add($"{at.Path}:{at.StartLinePosition.Line + 1}: {what}: {place.ToString().Split('\n')[0]}");
    }
}
