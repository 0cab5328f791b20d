using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;

namespace Adjoint.Nn;

/// <summary>The fields of a type of module that can hold tensors or modules, in the order of their declaration, base types first.</summary>
internal static class Members
{
    private static readonly ConcurrentDictionary<Type, (string Name, FieldInfo Field)[]> Cache = new();

    /// <summary>What the fields of <paramref name="module"/> hold now: tensors and modules, by their names in a state dictionary.</summary>
    internal static IEnumerable<(string Name, object Value)> Of(Module module)
    {
        foreach ((string name, FieldInfo field) in Cache.GetOrAdd(module.GetType(), Fields))
            if (field.GetValue(module) is (Tensor or Module) and { } value) yield return (name, value);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "DynamicallyAccessedMembers on Module keeps the fields of every type derived from it.")]
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "See above.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "See above.")]
    private static (string, FieldInfo)[] Fields(Type type)
    {
        var found = new List<(string, FieldInfo)>();
        for (Type? t = type; t is not null && t != typeof(Module); t = t.BaseType)
        {
            IEnumerable<(string, FieldInfo)> own =
                from field in t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                where CanHold(field.FieldType)
                orderby field.MetadataToken
                select (NameOf(field.Name), field);
            found.InsertRange(0, own);
        }
        return [.. found];
    }

    private static bool CanHold(Type type) =>
        type == typeof(Tensor) || typeof(Module).IsAssignableFrom(type) || type.IsAssignableFrom(typeof(Module));

    /// <summary>
    /// PyTorch's spelling of a field's name: <c>fc1</c>, <c>_fc1</c> and the property <c>Fc1</c> are fc1; <c>runningMean</c> is running_mean.
    /// </summary>
    internal static string NameOf(string field)
    {
        // The field of a property is <Name>k__BackingField, that of a captured constructor parameter <name>P.
        if (field.StartsWith('<')) field = field[1..field.IndexOf('>', StringComparison.Ordinal)];
        field = field.TrimStart('_');
        var name = new StringBuilder(field.Length + 4);
        for (int i = 0; i < field.Length; i++)
        {
            if (i > 0 && char.IsUpper(field[i]) && char.IsLower(field[i - 1])) name.Append('_');
            name.Append(char.ToLowerInvariant(field[i]));
        }
        return name.ToString();
    }
}
