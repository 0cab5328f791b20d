using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Adjoint.Analyzers;

/// <summary>The types of the library, as a compilation knows them.</summary>
internal sealed class Known
{
    internal readonly INamedTypeSymbol? Tensor, Module, Mode, Fork;

    internal Known(Compilation compilation)
    {
        Tensor = compilation.GetTypeByMetadataName("Adjoint.Tensor");
        Module = compilation.GetTypeByMetadataName("Adjoint.Nn.Module");
        Mode = compilation.GetTypeByMetadataName("Adjoint.ModeScope");
        Fork = compilation.GetTypeByMetadataName("Adjoint.GeneratorFork");
    }

    internal bool IsTensor(ITypeSymbol? type) => Tensor is not null && SymbolEqualityComparer.Default.Equals(type, Tensor);

    internal bool IsModule(ITypeSymbol? type)
    {
        if (Module is null) return false;
        return type is ITypeParameterSymbol parameter ? parameter.ConstraintTypes.Any(IsModule) : Derives(type, Module);
    }

    /// <summary>Whether a type is a scope: something that ends when it is disposed, and that nobody disposes by accident.</summary>
    internal bool IsScope(ITypeSymbol? type) => Derives(type, Mode) || Derives(type, Fork);

    private static bool Derives(ITypeSymbol? type, INamedTypeSymbol? from)
    {
        for (ITypeSymbol? t = type; t is not null && from is not null; t = t.BaseType)
            if (SymbolEqualityComparer.Default.Equals(t, from)) return true;
        return false;
    }

    /// <summary>Whether a type is a module, or holds one in its type arguments or elements.</summary>
    internal bool MentionsModule(ITypeSymbol? type) => IsModule(type)
        || (type is IArrayTypeSymbol array && MentionsModule(array.ElementType))
        || (type is INamedTypeSymbol named && named.TypeArguments.Any(MentionsModule));

    /// <summary>The value without the conversions and brackets around it.</summary>
    internal static IOperation Plain(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion: value = conversion.Operand; break;
                case IParenthesizedOperation brackets: value = brackets.Operand; break;
                default: return value;
            }
        }
    }

    /// <summary>
    /// Whether an expression calls a method of this name somewhere along its chain of calls: x.AsParameter(), Tensor.Ones(3).AsParameter().
    /// </summary>
    internal static bool Calls(IOperation value, string method) =>
        Plain(value) is IInvocationOperation call && (call.TargetMethod.Name == method || (call.Instance is { } on && Calls(on, method))
            || (call.Instance is null && call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0
                && Calls(call.Arguments[0].Value, method)));
}
