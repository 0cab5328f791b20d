using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Adjoint;

/// <summary>What a node saved, by PyTorch's names, for readers of the graph.</summary>
internal static class SavedValues
{
    /// <summary>The saved tensors that exist, and the parameters of the operation (the fields of its struct).</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2090", Justification = "A parameter that the operation reads is kept by that use; others need not be shown.")]
    internal static IReadOnlyDictionary<string, object?> Of<TOp>(Node node, TOp op, params ReadOnlySpan<(string Name, Saved Value)> tensors)
        where TOp : struct
    {
        var values = new Dictionary<string, object?>();
        foreach ((string name, Saved value) in tensors)
            if (value.GetOrNull(node) is { } tensor) values[name] = tensor;
        foreach (FieldInfo field in typeof(TOp).GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            // A parameter of a primary constructor is kept in a field named <parameter>P; others hold what is derived from them.
            if (field.Name.StartsWith('<')) values[field.Name.Trim('<', '_').Split('>')[0]] = field.GetValue(op);
        }
        return values;
    }
}
