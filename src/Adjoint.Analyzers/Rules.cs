using Microsoft.CodeAnalysis;

namespace Adjoint.Analyzers;

/// <summary>The rules, each with a page in docs/analyzers.</summary>
internal static class Rules
{
    internal static readonly DiagnosticDescriptor DroppedScope = Rule("ADJ0001", "A scope is opened and never ended",
        "The scope of {0} is dropped, so it lasts for all that this code does later; write 'using {1} _ = {0};'");

    internal static readonly DiagnosticDescriptor TensorIdentity = Rule("ADJ0002", "Two tensors are compared as objects",
        "This asks whether both are the same object, not whether their elements are equal; use {0} for the elements, or ReferenceEquals");

    internal static readonly DiagnosticDescriptor AssignedParameter = Rule("ADJ0003", "A parameter is replaced by a plain tensor",
        "'{0}' holds a parameter; a plain tensor assigned to it is refused when the module is asked for its parameters; change it in "
        + "place, or assign AsParameter()");

    internal static readonly DiagnosticDescriptor UnseenModules = Rule("ADJ0004", "Layers lie where their module does not find them",
        "'{0}' {1}, so its parameters are not trained and not saved");

    internal static readonly DiagnosticDescriptor LostLeaf = Rule("ADJ0005", "A leaf is replaced by a result",
        "'{0}' was a leaf that requires grad; this makes it another tensor, which gets no gradient; use {1} inside Autograd.NoGrad()");

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "Adjoint", DiagnosticSeverity.Warning,
        isEnabledByDefault: true, helpLinkUri: $"docs/analyzers/{id}.md");
}
