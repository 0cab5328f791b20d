using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Adjoint.Tests.Surface;

/// <summary>What an assembly makes public, as C# writes it: a line for each type and each member, in an order of names.</summary>
internal static class PublicApiText
{
    private static readonly SymbolDisplayFormat Form = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints
            | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeAccessibility
            | SymbolDisplayMemberOptions.IncludeExplicitInterface | SymbolDisplayMemberOptions.IncludeConstantValue,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        extensionMethodStyle: SymbolDisplayExtensionMethodStyle.StaticMethod,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    // As a type is named where it is used: its constraints stand with its declaration.
    private static readonly SymbolDisplayFormat Name = Form.WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters)
        .WithKindOptions(SymbolDisplayKindOptions.None);

    /// <summary>The text of an assembly that the tests run with.</summary>
    internal static string Of(string assembly)
    {
        MetadataReference[] all = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))];
        MetadataReference asked = all.Single(reference => Path.GetFileNameWithoutExtension(reference.Display) == assembly);
        var library = (IAssemblySymbol)CSharpCompilation.Create("reader", references: all).GetAssemblyOrModuleSymbol(asked)!;
        var text = new StringBuilder();
        foreach (INamedTypeSymbol type in Types(library.GlobalNamespace).Where(IsSeen).OrderBy(Title, StringComparer.Ordinal))
        {
            text.Append(Title(type)).Append('\n');
            // What stands in an extension block is there once more as a method of the class, in metadata.
            HashSet<ISymbol?> twice = new(type.GetTypeMembers().Where(block => block.IsExtension).SelectMany(block => block.GetMembers())
                .OfType<IMethodSymbol>().Select(member => member.AssociatedExtensionImplementation), SymbolEqualityComparer.Default);
            foreach (string line in type.GetMembers().Where(IsSeen)
                .Where(member => member is not INamedTypeSymbol && !IsWritten(member) && !twice.Contains(member))
                .Select(Line).Distinct().Order(StringComparer.Ordinal))
                text.Append("  ").Append(line).Append('\n');
        }
        return text.ToString();
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol place) =>
        place.GetMembers().OfType<INamespaceOrTypeSymbol>()
            .SelectMany(member => member is INamedTypeSymbol type ? Types(type).Prepend(type) : Types(member));

    private static bool IsSeen(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        && (symbol.ContainingType is not { } container || IsSeen(container)) && !symbol.Name.StartsWith('<');

    // By the compiler: accessors, what makes a record, what every enum and delegate has.
    private static bool IsWritten(ISymbol member) =>
        member is IMethodSymbol { AssociatedSymbol: not null }
        || (member is IMethodSymbol && member.ContainingType.TypeKind is TypeKind.Enum or TypeKind.Delegate)
        || member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute");

    private static string Title(INamedTypeSymbol type)
    {
        string kind = (type.IsReadOnly && type.TypeKind == TypeKind.Struct ? "readonly " : "") + (type.IsRefLikeType ? "ref " : "")
            + (type.TypeKind != TypeKind.Class ? "" : type.IsStatic ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "");
        string[] above = type.TypeKind is TypeKind.Enum or TypeKind.Delegate ? []
            : [.. (type.BaseType is { SpecialType: SpecialType.None } parent ? [parent] : (INamedTypeSymbol[])[])
                .Concat(type.Interfaces.Where(IsSeen)).Select(other => other.ToDisplayString(Name)).Order(StringComparer.Ordinal)];
        return $"{kind}{type.ToDisplayString(Form)}{(above.Length > 0 ? " : " + string.Join(", ", above) : "")}";
    }

    // Of the members of interfaces Roslyn leaves out what they are by default, and "static" with it.
    private static string Line(ISymbol member) =>
        (member.ContainingType.TypeKind != TypeKind.Interface ? ""
            : (member.IsStatic ? "static " : "") + (member.IsAbstract ? "abstract " : "virtual "))
        + member.ToDisplayString(Form.WithKindOptions(SymbolDisplayKindOptions.None));
}
