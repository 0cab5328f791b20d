using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Adjoint.Generators;

/// <summary>
/// Writes the modules of plain activations and their functions in F: of every operation whose <c>OpInfo</c> says <c>Module = "…"</c>.
/// </summary>
/// <remarks>
/// // Note [Read from the source]
/// Modules are in another assembly than operations. What an operation says of itself is code, which no reference to its assembly can tell,
/// and its comments are not there at all. So the files of the operations are handed to the compiler of the modules as additional files, and
/// read as what they are. An operation is then one file, and nothing of it has to be said twice.
/// </remarks>
[Generator]
public sealed class ModuleGenerator : IIncrementalGenerator
{
    private const string Property = "Module";

    private static readonly DiagnosticDescriptor s_unreadable = new("ADJ1001", "A module cannot be made of what an operation says",
        "{0}", "Adjoint", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<WrittenModule> modules = context.AdditionalTextsProvider.SelectMany(Modules);
        context.RegisterSourceOutput(modules, static (output, module) =>
        {
            if (module.Fault is null) output.AddSource(module.Name + ".g.cs", SourceText.From(module.Text, Encoding.UTF8));
            else output.ReportDiagnostic(Diagnostic.Create(s_unreadable, module.Place(), module.Fault));
        });
    }

    private static IEnumerable<WrittenModule> Modules(AdditionalText file, CancellationToken cancelled)
    {
        // Parsing takes a hundred times as long as looking whether there is anything to find.
        if (file.GetText(cancelled)?.ToString() is not { } text || !text.Contains(Property + " = ")) yield break;
        SyntaxNode root =
            CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), file.Path, cancellationToken: cancelled)
            .GetRoot(cancelled);
        foreach (AssignmentExpressionSyntax said in root.DescendantNodes().OfType<AssignmentExpressionSyntax>())
        {
            if (said.Left is IdentifierNameSyntax { Identifier.ValueText: Property } && said.Parent is InitializerExpressionSyntax)
                yield return WrittenModule.Of(file.Path, said);
        }
    }
}
