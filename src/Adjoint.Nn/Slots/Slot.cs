using System.Reflection;

namespace Adjoint.Nn;

/// <summary>A place in a module that holds a tensor with a role, or a module.</summary>
/// <param name="Name">Its name in a state dictionary, as <c>layers.0</c>.</param>
/// <param name="Value">The tensor or the module.</param>
/// <param name="Origin">The field of the module in which it was found, or null in a container.</param>
/// <param name="IsWhole">Whether the field itself holds it, and not something in the field.</param>
/// <param name="Role">What the tensor is to the module; see Note [A slot keeps its role].</param>
internal readonly record struct Slot(
    string Name, object Value, FieldInfo? Origin = null, bool IsWhole = false, TensorRole Role = TensorRole.None)
{
    /// <summary>The place as a reader of the program knows it.</summary>
    internal string Place(Module module) => Origin is null ? $"{TypeText.Of(module.GetType())}, \"{Name}\""
        : IsWhole ? $"{Origin.DeclaringType!.Name}.{Members.Spelled(Origin)}"
        : $"{Origin.DeclaringType!.Name}.{Members.Spelled(Origin)}, \"{Name}\"";
}
