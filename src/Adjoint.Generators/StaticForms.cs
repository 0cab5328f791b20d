using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Adjoint.Generators;

/// <summary>
/// Writes the static form of every method that makes tensors of a tensor, or compares two: <c>Tensor.Exp(x)</c> for <c>x.Exp()</c>. So an
/// operation that is added tomorrow has one, and nobody writes it. They are extensions: Tensor itself does not grow, and a static
/// Add(x, y) may stand beside an instance Add(other, alpha), whose parameters look the same.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class StaticForms : IIncrementalGenerator
{
    internal static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_parameter = TypeFormat
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeModifiers)
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat s_cref = new(
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<string> text = context.CompilationProvider.Select(static (compilation, _) => Text(compilation));
        context.RegisterSourceOutput(text, static (output, written) =>
        {
            if (written.Length > 0) output.AddSource("StaticForms.g.cs", SourceText.From(written, Encoding.UTF8));
        });
    }

    private static string Text(Compilation compilation)
    {
        // Only where Tensor is made: in its friends the forms would be there twice.
        if (compilation.Assembly.GetTypeByMetadataName("Adjoint.Tensor") is not { } tensor) return "";
        var text = new StringBuilder("""
            #nullable enable
            namespace Adjoint;

            /// <summary>
            /// The methods of tensors with the tensor as their first argument, as PyTorch's functions have it: <c>Tensor.Exp(x)</c>.
            /// </summary>
            [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
            public static class StaticForms
            {
                extension(Tensor)
                {

            """);
        foreach (IMethodSymbol method in tensor.GetMembers().OfType<IMethodSymbol>().Where(method => HasForm(method, tensor)))
            Write(text, method);
        return text.Append("    }\n}\n").ToString();
    }

    private static bool HasForm(IMethodSymbol method, INamedTypeSymbol tensor) =>
        method is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public, IsStatic: false, IsGenericMethod: false }
        && !method.Name.EndsWith("InPlace", System.StringComparison.Ordinal)
        && (IsOfTensors(method.ReturnType, tensor) || IsComparison(method, tensor));

    // AllClose(x, y).
    private static bool IsComparison(IMethodSymbol method, INamedTypeSymbol tensor) =>
        method is { IsOverride: false, ReturnType.SpecialType: SpecialType.System_Boolean, Parameters.Length: > 0 }
        && SymbolEqualityComparer.Default.Equals(method.Parameters[0].Type, tensor);

    private static bool IsOfTensors(ITypeSymbol type, INamedTypeSymbol tensor) => type switch
    {
        IArrayTypeSymbol array => IsOfTensors(array.ElementType, tensor),
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.All(part => IsOfTensors(part.Type, tensor)),
        _ => SymbolEqualityComparer.Default.Equals(type, tensor),
    };

    private static void Write(StringBuilder text, IMethodSymbol method)
    {
        ImmutableArray<IParameterSymbol> given = method.Parameters;
        IEnumerable<string> parameters = new[] { "Tensor input" }.Concat(given.Select(Parameter));
        string arguments = string.Join(", ", given.Select(p => p.Name));
        string cref = Cref(given);
        text.Append($"        /// <inheritdoc cref=\"Tensor.{method.Name}({cref})\"/>\n");
        int priority = method.GetAttributes().Where(a => a.AttributeClass?.Name == "OverloadResolutionPriorityAttribute")
            .Select(a => (int)a.ConstructorArguments[0].Value!).FirstOrDefault();
        if (priority != 0) text.Append($"        [global::System.Runtime.CompilerServices.OverloadResolutionPriority({priority})]\n");
        string result = method.ReturnType.ToDisplayString(TypeFormat);
        text.Append($"        public static {result} {method.Name}({string.Join(", ", parameters)}) => ");
        text.Append($"input.Given().{method.Name}({arguments});\n\n");
    }

    internal static string Cref(IEnumerable<IParameterSymbol> parameters) =>
        string.Join(", ", parameters.Select(p => p.Type.ToDisplayString(s_cref).Replace('<', '{').Replace('>', '}')));

    // The display of a default that is an enum's member has the member without its type.
    internal static string Parameter(IParameterSymbol parameter) =>
        parameter is { HasExplicitDefaultValue: true, Type: INamedTypeSymbol { TypeKind: TypeKind.Enum } type }
            ? $"{type.ToDisplayString(TypeFormat)} {parameter.Name} = ({type.ToDisplayString(TypeFormat)}){parameter.ExplicitDefaultValue}"
            : parameter.ToDisplayString(s_parameter);
}
