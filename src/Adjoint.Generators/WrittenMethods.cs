using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Adjoint.Generators;

/// <summary>
/// Gives every class that is <c>[Written]</c> the source of its methods as a constant <c>Text</c>: what runs, and what a program that is
/// written by hand holds, is one text.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class WrittenMethods : IIncrementalGenerator
{
    private const string Attribute = "Adjoint.WrittenAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<(string Name, string Text)> written = context.SyntaxProvider.ForAttributeWithMetadataName(
            Attribute, static (node, _) => node is ClassDeclarationSyntax,
            static (found, _) => (found.TargetSymbol.Name, Text((ClassDeclarationSyntax)found.TargetNode)));
        context.RegisterSourceOutput(written, static (output, one) => output.AddSource($"{one.Name}.Written.g.cs", SourceText.From($$"""
            namespace Adjoint;

            internal static partial class {{one.Name}}
            {
                /// <summary>The methods as text.</summary>
                internal const string Text = {{SymbolDisplay.FormatLiteral(one.Text, quote: true)}};
            }

            """, Encoding.UTF8)));
    }

    private static string Text(ClassDeclarationSyntax type) =>
        string.Join("\n\n", type.Members.OfType<MethodDeclarationSyntax>().Select(Text));

    // As it stands there, less deep, with its summary as a comment.
    private static string Text(MethodDeclarationSyntax method)
    {
        SyntaxToken isStatic = SyntaxFactory.Token(SyntaxKind.StaticKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        string body = method.WithModifiers(SyntaxFactory.TokenList(isStatic)).WithLeadingTrivia().ToString();
        string depth = new(' ', method.GetLocation().GetLineSpan().StartLinePosition.Character);
        string[] lines = body.Replace("\r\n", "\n").Split('\n');
        IEnumerable<string> outdented = lines.Select(line => line.StartsWith(depth) ? line.Substring(depth.Length) : line);
        return string.Join("\n", Summary(method).Concat(outdented));
    }

    private static ImmutableArray<string> Summary(MethodDeclarationSyntax method) =>
    [
        .. method.GetLeadingTrivia().ToString().Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("///"))
            .Select(line => line.Substring(3).Replace("<summary>", "").Replace("</summary>", "").Trim()).Where(line => line.Length > 0)
            .Select(line => $"// {line}"),
    ];
}
