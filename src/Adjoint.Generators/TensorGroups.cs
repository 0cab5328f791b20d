using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Adjoint.Generators;

/// <summary>
/// Writes groups of methods: of every static class that is marked <c>[TensorGroup]</c>, the methods on a tensor.
/// <c>Linalg.VectorNorm(x)</c> is declared, <c>x.Linalg.VectorNorm()</c> follows. So Tensor has one word for a group, not one for each
/// function in it.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class TensorGroups : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<INamedTypeSymbol> groups = context.SyntaxProvider.ForAttributeWithMetadataName(
            "Adjoint.TensorGroupAttribute", static (node, _) => node is ClassDeclarationSyntax,
            static (found, _) => (INamedTypeSymbol)found.TargetSymbol);
        context.RegisterSourceOutput(groups, static (output, group) =>
            output.AddSource($"{group.Name}Group.g.cs", SourceText.From(Text(group), Encoding.UTF8)));
    }

    private static string Text(INamedTypeSymbol group)
    {
        string name = group.Name;
        var text = new StringBuilder($$"""
            #nullable enable
            namespace Adjoint;

            /// <summary>The functions of <see cref="global::Adjoint.{{name}}"/> as methods of a tensor: <c>x.{{name}}</c>.</summary>
            public sealed class {{name}}Group
            {
                private readonly Tensor _tensor;

                internal {{name}}Group(Tensor tensor) => _tensor = tensor;


            """);
        foreach (IMethodSymbol method in group.GetMembers().OfType<IMethodSymbol>().Where(IsOne))
        {
            IParameterSymbol of = method.Parameters.First(IsTensor);
            IEnumerable<IParameterSymbol> given = method.Parameters.Where(p => p.Ordinal != of.Ordinal);
            string arguments = string.Join(", ", method.Parameters.Select(p => p.Ordinal == of.Ordinal ? "_tensor" : p.Name));
            text.Append($"    /// <inheritdoc cref=\"global::Adjoint.{name}.{method.Name}({StaticForms.Cref(method.Parameters)})\"/>\n");
            text.Append($"    public {method.ReturnType.ToDisplayString(StaticForms.TypeFormat)} {method.Name}(");
            text.Append(string.Join(", ", given.Select(StaticForms.Parameter)));
            text.Append($") => global::Adjoint.{name}.{method.Name}({arguments});\n\n");
        }
        return text.Append($$"""
            }

            /// <summary>The word <c>x.{{name}}</c>.</summary>
            [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
            public static class {{name}}Word
            {
                extension(Tensor tensor)
                {
                    /// <summary>The functions of <see cref="global::Adjoint.{{name}}"/> for this tensor.</summary>
                    public {{name}}Group {{name}} => new(tensor.Given());
                }
            }

            """).ToString();
    }

    private static bool IsOne(IMethodSymbol method) =>
        method is { DeclaredAccessibility: Accessibility.Public, MethodKind: MethodKind.Ordinary } && method.Parameters.Any(IsTensor);

    // It need not be the first one: Polygamma(n, x), as PyTorch has it.
    private static bool IsTensor(IParameterSymbol parameter) => parameter.Type.Name == "Tensor";
}
