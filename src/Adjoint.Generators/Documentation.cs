using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Generators;

/// <summary>The documentation comment of a declaration, piece by piece and as it is written.</summary>
internal sealed class Documentation
{
    private readonly Dictionary<string, string> _parameters = [];

    /// <summary>What it is.</summary>
    internal string Summary { get; private set; } = "";

    /// <summary>What it throws, each a line of its own.</summary>
    internal List<string> Exceptions { get; } = [];

    internal static Documentation Of(MemberDeclarationSyntax declared)
    {
        var documentation = new Documentation();
        foreach (
            XmlElementSyntax element in declared.GetLeadingTrivia().Select(trivia => trivia.GetStructure())
            .OfType<DocumentationCommentTriviaSyntax>()
            .SelectMany(comment => comment.Content.OfType<XmlElementSyntax>()))
        {
            switch (element.StartTag.Name.LocalName.ValueText)
            {
                case "summary": documentation.Summary = Text(element.Content); break;
                case "param": documentation._parameters[Name(element)] = Text(element.Content); break;
                case "exception": documentation.Exceptions.Add($"{element.StartTag}{Text(element.Content)}{element.EndTag}"); break;
            }
        }
        return documentation;
    }

    /// <summary>What a parameter is.</summary>
    /// <exception cref="FormatException">It is not said.</exception>
    internal string Parameter(string name) => _parameters.TryGetValue(name, out string? text) ? text
        : throw new FormatException(
            $"The parameter {name} of the method has no <param name=\"{name}\">, from which that of the module is made.");

    private static string Name(XmlElementSyntax element) =>
        element.StartTag.Attributes.OfType<XmlNameAttributeSyntax>().FirstOrDefault()?.Identifier.Identifier.ValueText ?? "";

    /// <summary>The words on one line, without the marks of comments.</summary>
    private static string Text(SyntaxList<XmlNodeSyntax> content) =>
        string.Join(" ",
            content.ToFullString().Split('\n').Select(line => line.Trim().TrimStart('/').Trim()).Where(line => line.Length > 0));
}
