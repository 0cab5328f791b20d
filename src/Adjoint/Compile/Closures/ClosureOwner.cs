using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Whose a type is, and so what of its objects is looked at.</summary>
internal enum ClosureOwner
{
    /// <summary>The user's: fields that the function's code names.</summary>
    User,

    /// <summary>This library's: all fields.</summary>
    Ours,

    /// <summary>A collection or tuple of the framework: all fields.</summary>
    Collection,

    /// <summary>Anything else of the framework, or what never changes: which object it is, and no more.</summary>
    Closed,
}

/// <summary>Tells whose types are.</summary>
internal static class ClosureOwners
{
    internal static ClosureOwner Of(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type == typeof(string)) return ClosureOwner.Closed;
        string assembly = type.Assembly.GetName().Name ?? "";
        if (assembly is "Adjoint" or "Adjoint.Nn" or "Adjoint.Formats" or "Adjoint.Symbolic" or "Adjoint.Plots" or "Adjoint.Algebra"
            or "Adjoint.Kernels")
            return IsUnchanging(type) ? ClosureOwner.Closed : ClosureOwner.Ours;
        if (!IsFramework(assembly)) return ClosureOwner.User;
        return IsCollection(type) ? ClosureOwner.Collection : ClosureOwner.Closed;
    }

    /// <summary>Whether the code of a type is the user's.</summary>
    internal static bool IsUsers(Type? type) => type is not null && Of(type) == ClosureOwner.User;

    /// <summary>Whether a static field only remembers a delegate that the compiler made once.</summary>
    internal static bool IsDelegateCache(FieldInfo field) => field.IsStatic && field.Name.Contains('<', StringComparison.Ordinal)
        && typeof(Delegate).IsAssignableFrom(field.FieldType)
        && field.DeclaringType is { } type && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static bool IsFramework(string assembly) =>
        assembly is "System" or "mscorlib" or "netstandard" || assembly.StartsWith("System.", StringComparison.Ordinal)
        || assembly.StartsWith("Microsoft.", StringComparison.Ordinal);

    // A generator is drawn from where it stands; a graph, a shape and a dtype are what they are.
    private static bool IsUnchanging(Type type) =>
        type == typeof(Generator) || type == typeof(Shape) || type == typeof(DType) || type == typeof(Graph)
        || typeof(Node).IsAssignableFrom(type) || typeof(ModeScope).IsAssignableFrom(type);

    private static bool IsCollection(Type type) =>
        type.IsArray || type.IsValueType
        || type.Namespace is { } space && space.StartsWith("System.Collections", StringComparison.Ordinal)
        || type.FullName is { } name && (name.StartsWith("System.Tuple`", StringComparison.Ordinal)
            || name.StartsWith("System.Lazy`", StringComparison.Ordinal)
            || name.StartsWith("System.Runtime.CompilerServices.StrongBox`", StringComparison.Ordinal));
}
