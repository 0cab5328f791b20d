using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The tensors in what the function of a <see cref="MemoryScope"/> returns.</summary>
internal static class ScopeResults
{
    /// <summary>Refuses a type whose tensors could not be seen.</summary>
    /// <exception cref="NotSupportedException">It is one.</exception>
    internal static void Check(Type type)
    {
        if (type == typeof(object) || type.IsInterface || type.IsArray) return; // seen by the value
        if (typeof(ITuple).IsAssignableFrom(type) && type.IsGenericType)
        {
            foreach (Type part in type.GetGenericArguments()) Check(part);
            return;
        }
        if (!HasNone(type) && type != typeof(Tensor) && !HoldsTensors(type)) throw Unseen(type);
    }

    /// <summary>Keeps all of them.</summary>
    /// <exception cref="NotSupportedException">There may be some that cannot be seen.</exception>
    internal static void Keep(MemoryScope scope, object? result)
    {
        switch (result)
        {
            case null: return;
            case Tensor tensor:
                scope.Keep(tensor);
                return;
            case IReadOnlyCollection<Tensor?> tensors:
                foreach (Tensor? x in tensors)
                    if (x is not null) scope.Keep(x);
                return;
            case IReadOnlyCollection<KeyValuePair<string, Tensor>> named:
                foreach ((_, Tensor x) in named)
                    if (x is not null) scope.Keep(x);
                return;
            case ITuple tuple:
                for (int i = 0; i < tuple.Length; i++) Keep(scope, tuple[i]);
                return;
            case Array array when HasNone(array.GetType().GetElementType()!): return;
            default:
                if (!HasNone(result.GetType())) throw Unseen(result.GetType());
                return;
        }
    }

    private static bool HoldsTensors(Type type) =>
        typeof(IReadOnlyCollection<Tensor>).IsAssignableFrom(type)
        || typeof(IReadOnlyCollection<KeyValuePair<string, Tensor>>).IsAssignableFrom(type);

    private static bool HasNone(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal)
        || type == typeof(TimeSpan) || type == typeof(Shape)
        || (Nullable.GetUnderlyingType(type) is { } inner && HasNone(inner))
        || (type.IsGenericType && type.Namespace == "System.Collections.Generic" && Array.TrueForAll(type.GetGenericArguments(), HasNone));

    private static NotSupportedException Unseen(Type type) => new(
        $"Cpu.Memory.Scope: cannot see the tensors of a {type.Name}, which would be given back. Return a tensor, a list, a dictionary or a "
        + "tuple of tensors, or write: using MemoryScope scope = Cpu.Memory.Scope(); and scope.Keep(...) for each. What is "
        + "computed later, as in a task, needs a scope within.");
}
