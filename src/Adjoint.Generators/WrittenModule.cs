using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Adjoint.Generators;

/// <summary>
/// The text of a module and its functions, or why there is none: texts only, so that the compiler sees at once when nothing changed.
/// </summary>
internal readonly struct WrittenModule : IEquatable<WrittenModule>
{
    private readonly string _path;
    private readonly TextSpan _span;
    private readonly LinePositionSpan _lines;

    private WrittenModule(string path, SyntaxNode said, string name, string text, string? fault)
    {
        (_path, _span, _lines) = (path, said.Span, said.GetLocation().GetLineSpan().Span);
        (Name, Text, Fault) = (name, text, fault);
    }

    /// <summary>The name of the module.</summary>
    internal string Name { get; }

    /// <summary>The source of the module and of what F has of it.</summary>
    internal string Text { get; }

    /// <summary>What could not be understood, and what to do; null if all is well.</summary>
    internal string? Fault { get; }

    /// <summary>Reads what <paramref name="said"/> assigns to <c>Module</c>, and the method of tensors in the same file.</summary>
    internal static WrittenModule Of(string path, AssignmentExpressionSyntax said)
    {
        try
        {
            if (said.Right is not LiteralExpressionSyntax { Token.Value: string declared })
                throw new FormatException("Module has to be a plain text, \"ReLU()\": it is read by the compiler and not run.");
            DeclaredModule module = DeclaredModule.Parse(declared);
            MethodDeclarationSyntax method = Method(said, module.Name);
            var source = new ModuleSource(module, method, Documentation.Of(method), Rule(said));
            return new WrittenModule(path, said, module.Name, source.ToString(), null);
        }
        catch (FormatException fault)
        {
            return new WrittenModule(path, said, "", "", fault.Message);
        }
    }

    /// <summary>Where it is said.</summary>
    internal Location Place() => Location.Create(_path, _span, _lines);

    /// <inheritdoc/>
    public bool Equals(WrittenModule other) =>
        _path == other._path && _lines.Equals(other._lines) && Name == other.Name && Text == other.Text && Fault == other.Fault;

    /// <inheritdoc/>
    public override bool Equals(object? other) => other is WrittenModule module && Equals(module);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode();

    /// <summary>The method that the module calls: of its name but for capitals.</summary>
    private static MethodDeclarationSyntax Method(SyntaxNode said, string module)
    {
        MethodDeclarationSyntax[] methods =
        [
            .. said.SyntaxTree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
                .Where(type => type.Identifier.ValueText == "Tensor")
                .SelectMany(type => type.Members.OfType<MethodDeclarationSyntax>())
                .Where(method => method.Identifier.ValueText.Equals(module, StringComparison.OrdinalIgnoreCase)),
        ];
        return methods.Length == 1 ? methods[0]
            : throw new FormatException(
                $"The module {module} calls the method of Tensor with its name, of which this file must have one, but has "
                + $"{methods.Length}.");
    }

    /// <summary>What the operation does and what its gradient is, in the words of its comment or of its row.</summary>
    private static string? Rule(AssignmentExpressionSyntax said)
    {
        if (said.FirstAncestorOrSelf<StructDeclarationSyntax>() is { } operation) return Documentation.Of(operation).Summary;
        string? gradient =
            said.Parent!.ChildNodes().OfType<AssignmentExpressionSyntax>().Where(other => other.Left.ToString() == "Gradient")
            .Select(other => (other.Right as LiteralExpressionSyntax)?.Token.ValueText).FirstOrDefault();
        return gradient is null ? null : $"The gradient of the input is {gradient}, where y is the output and g its gradient.";
    }
}
