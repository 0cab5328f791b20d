using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>Which assemblies keep the names of the fields of their types when they are compiled to native code.</summary>
// Note [Fields under NativeAOT]
// What a module holds is found by reflection over fields, and NativeAOT drops the fields of every type that nobody asks for by name.
// Module carries DynamicallyAccessedMembers, which keeps the fields of all types derived from it. The types in between (a record of two
// layers, a struct, a node of the user's own list) have no common base to carry it; the generator that comes with the package writes a
// DynamicDependency for each of them and declares here that it did. A type without fields from an assembly that did not declare it is an
// error, since it cannot be told from one whose fields were dropped: never an empty list of parameters. docs/decisions/0018 has the
// figures.
[EditorBrowsable(EditorBrowsableState.Never)]
public static class KeptMetadata
{
    private static volatile Assembly[] s_declared = [];

    /// <summary>Called by generated code when an assembly is loaded.</summary>
    public static void Declare(Assembly assembly)
    {
        assembly.Given();
        lock (typeof(KeptMetadata)) s_declared = [.. s_declared, assembly];
    }

    /// <summary>Whether the program was compiled to native code.</summary>
    internal static bool IsNative => !RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>
    /// Whether fields that are not seen may have been dropped. The generator cannot name types that the compiler names itself.
    /// </summary>
    internal static bool MayLack(Type type) => IsNative && (type.Name.StartsWith('<') || !s_declared.Contains(type.Assembly));

    /// <summary>Throws for a type whose fields may have been dropped.</summary>
    internal static void Check(Type type)
    {
        if (!MayLack(type)) return;
        throw new SlotException($"A module holds a {type.Name}, but no fields of this type can be seen in a program that was compiled "
            + "ahead of time, so layers in it would be missed. "
            + "Reference the package Adjoint.Nn with its analyzers in the project that declares the type (it keeps the fields), give "
                + "the type a name of its own if it has none, or mark the field that holds it with [Untracked].");
    }
}
