using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>What to do with a value that lies in a field of a module, to find the layers and parameters in it.</summary>
internal enum Part : byte
{
    /// <summary>Nothing lies in it, or nothing that is the module's own.</summary>
    Leaf,

    /// <summary>Look at the elements; their names are their places.</summary>
    Sequence,

    /// <summary>Look at the values; their names are their keys.</summary>
    Dictionary,

    /// <summary>Look at the items; their names are their places.</summary>
    Tuple,

    /// <summary>Look at the fields.</summary>
    Fields,

    /// <summary>It may make modules each time it is asked, or holds them where they cannot be seen.</summary>
    Lazy,
}

/// <summary>Which types can hold tensors or modules, and how.</summary>
internal static class Parts
{
    private const int Many = 1000;
    private static readonly ConcurrentDictionary<Type, Part> Kinds = new();

    /// <summary>What to do with a value of a type.</summary>
    internal static Part Of(Type type) => Kinds.TryGetValue(type, out Part kind) ? kind : Kinds.GetOrAdd(type, Classify);

    /// <summary>Whether a field of a type can hold tensors or modules, itself or anywhere in its value.</summary>
    internal static bool CanHold(Type type) => new Search(Tensors: true, []).CanHold(type);

    private static Part Classify(Type type)
    {
        if (IsLeaf(type)) return Part.Leaf;
        if (typeof(IEnumerable).IsAssignableFrom(type) && Elements(type).Any(CanHold))
        {
            if (IsInMemory(type)) return typeof(IDictionary).IsAssignableFrom(type) ? Part.Dictionary : Part.Sequence;
            if (IsSystem(type) || IsUnnamed(type)) return HideModules(Elements(type)) ? Part.Lazy : Part.Leaf;
        }
        if (IsSystem(type))
        {
            if (typeof(ITuple).IsAssignableFrom(type)) return Part.Tuple;
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)) return Part.Fields;
            return HideModules(type.GetGenericArguments()) ? Part.Lazy : Part.Leaf;
        }
        if (!new Search(Tensors: true, []).FieldsCanHold(type)) return Part.Leaf;
        return type.IsDefined(typeof(InlineArrayAttribute)) ? Part.Lazy : Part.Fields;
    }

    private static bool HideModules(IEnumerable<Type> types) => types.Any(new Search(Tensors: false, []).CanHold);

    /// <summary>What a type is a sequence of; object when it does not say.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The interfaces of a type of which there is an object are kept.")]
    private static List<Type> Elements(Type type)
    {
        List<Type> elements = [.. from i in type.GetInterfaces()
            where i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)
            select i.GetGenericArguments()[0]];
        return elements.Count > 0 ? elements : [typeof(object)];
    }

    /// <summary>Whether the elements are there, and not made when they are asked for, as LINQ does behind the same interfaces.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The interfaces of a type of which there is an object are kept.")]
    private static bool IsInMemory(Type type) =>
        (type.Namespace != "System.Linq" || type.IsVisible)
        && (typeof(ICollection).IsAssignableFrom(type) || type.GetInterfaces().Any(i => i.IsGenericType
            && (i.GetGenericTypeDefinition() == typeof(ICollection<>) || i.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>))));

    /// <summary>One question of whether a type can hold what is looked for: modules, and perhaps tensors.</summary>
    private readonly record struct Search(bool Tensors, HashSet<Type> Asked)
    {
        internal bool CanHold(Type type)
        {
            if (type == typeof(Tensor) || type == typeof(object)) return Tensors;
            if (typeof(Module).IsAssignableFrom(type)) return true;
            if (IsLeaf(type)) return false;
            if (type.IsGenericParameter) return true;
            // A type whose fields are being looked at adds nothing; types that unfold without end (G<List<T>> in G<T>) are cut off.
            if (!Asked.Add(type)) return false;
            if (Asked.Count > Many) return true;
            if (type.IsArray) return CanHold(type.GetElementType()!);
            if (IsSystem(type)) return type.IsGenericType ? type.GetGenericArguments().Any(CanHold) : type.IsInterface && Tensors;
            if (type.IsInterface) return true;
            // A derived type may hold anything, so a field is looked at; but a Lazy of such a type is no reason to refuse it.
            return (Tensors && !type.IsSealed) || FieldsCanHold(type);
        }

        [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "See Note [Fields under NativeAOT].")]
        internal bool FieldsCanHold(Type type)
        {
            List<FieldInfo> fields = Members.AllFields(type);
            return fields.Count == 0 ? KeptMetadata.MayLack(type) : fields.Select(f => f.FieldType).Any(CanHold);
        }
    }

    /// <summary>What holds nothing, or only refers to what belongs to others: delegates, weak references, optimizers.</summary>
    private static bool IsLeaf(Type type) =>
        type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsFunctionPointer || type == typeof(string) || type == typeof(object)
        || typeof(Delegate).IsAssignableFrom(type) || typeof(MemberInfo).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(WeakReference<>))
        || (IsOfThisLibrary(type) && !typeof(Module).IsAssignableFrom(type) && type != typeof(Tensor));

    // An array is of the assembly of its elements.
    private static bool IsOfThisLibrary(Type type) =>
        !type.IsArray && (type.Assembly == typeof(Module).Assembly || type.Assembly == typeof(Tensor).Assembly);

    private static bool IsUnnamed(Type type) => type.Name.StartsWith('<');

    private static bool IsSystem(Type type) =>
        type.Assembly == typeof(object).Assembly || type.Assembly.GetName().Name is { } name
            && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));
}
