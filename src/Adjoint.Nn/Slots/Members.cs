using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;

namespace Adjoint.Nn;

/// <summary>The fields of a type in which tensors or modules may lie, in the order of their declaration, base types first.</summary>
internal static class Members
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    internal const DynamicallyAccessedMemberTypes Fields =
        DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields;

    private static readonly ConcurrentDictionary<Type, Member[]> Cache = new();

    /// <summary>A field and its name in a state dictionary.</summary>
    internal readonly record struct Member(string Name, FieldInfo Field);

    /// <summary>The fields of a module.</summary>
    internal static Member[] Of(Module module)
    {
        // GetType of a Module, handed to a parameter that asks for fields, is what the trimmer follows to all types derived from it.
        Type type = module.GetType();
        return Cache.TryGetValue(type, out Member[]? known) ? known : Cache.GetOrAdd(type, Find(type));
    }

    /// <summary>The fields of something that is no module, of which a module holds a value.</summary>
    /// <exception cref="SlotException">The fields of the type may have been dropped.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "See Note [Fields under NativeAOT].")]
    internal static Member[] OfPart(Type type)
    {
        if (Cache.TryGetValue(type, out Member[]? known)) return known;
        if (AllFields(type).Count == 0) KeptMetadata.Check(type);
        return Cache.GetOrAdd(type, Find(type));
    }

    /// <summary>All instance fields of a type, those of its base types first.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "See Note [Fields under NativeAOT].")]
    internal static List<FieldInfo> AllFields([DynamicallyAccessedMembers(Fields)] Type type)
    {
        List<FieldInfo> found = [.. InOrder(type.GetFields(Own))];
        for (Type? t = type.BaseType; t is not null && t != typeof(Module) && t != typeof(object) && t != typeof(ValueType); t = t.BaseType)
            found.InsertRange(0, InOrder(t.GetFields(Own)));
        return found;
    }

    private static Member[] Find([DynamicallyAccessedMembers(Fields)] Type type) =>
        [.. from field in AllFields(type)
            where Parts.CanHold(field.FieldType) && !field.IsDefined(typeof(UntrackedAttribute))
            select new Member(NameOf(field.Name), field)];

    // NativeAOT has no tokens; it lists fields as they are declared.
    private static IEnumerable<FieldInfo> InOrder(FieldInfo[] fields) =>
        KeptMetadata.IsNative ? fields : fields.OrderBy(f => f.MetadataToken);

    /// <summary>The name of a field as it is written in the program.</summary>
    // The field of a property is <Name>k__BackingField, that of a captured constructor parameter <name>P.
    internal static string Spelled(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    /// <summary>
    /// PyTorch's spelling of a field's name: <c>fc1</c>, <c>_fc1</c> and the property <c>Fc1</c> are fc1; <c>runningMean</c> is
    /// running_mean.
    /// </summary>
    internal static string NameOf(string field)
    {
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
