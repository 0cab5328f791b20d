using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>
/// The tensors in a value that a module takes or gives: itself, or in tuples, records, arrays, lists and dictionaries, in order.
/// </summary>
internal static class TensorParts
{
    /// <summary>The tensors in a value.</summary>
    internal static Tensor[] In(object? value)
    {
        List<Tensor> found = [];
        Map(value, tensor =>
        {
            found.Add(tensor);
            return tensor;
        });
        return [.. found];
    }

    /// <summary>A value with other tensors at the places of its own; the value itself if they are the same.</summary>
    internal static object? With(object? value, IReadOnlyList<Tensor> tensors)
    {
        int place = 0;
        return Map(value, _ => tensors[place++]);
    }

    /// <summary>
    /// A value with what a function makes of each of its tensors; the value itself if nothing changes. Modules in it are not entered.
    /// </summary>
    /// <exception cref="NotSupportedException">A tensor would be replaced in an object that cannot be copied without being another for who
    /// else holds it.</exception>
    internal static object? Map(object? value, Func<Tensor, Tensor> map)
    {
        if (value is null or Module) return value;
        if (value is Tensor tensor) return map(tensor);
        UserCode.CheckStack();
        switch (Parts.Of(value.GetType()))
        {
            case Part.Tuple or Part.Fields: return MapFields(value, map);
            case Part.Dictionary: return MapValues((IDictionary)value, map);
            case Part.Sequence: return MapElements((IEnumerable)value, map);
            default: return value;
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A record whose copying was trimmed away is refused.")]
    private static object MapFields(object value, Func<Tensor, Tensor> map)
    {
        Type type = value.GetType();
        object? copy = null;
        foreach ((_, FieldInfo field) in Members.OfPart(type))
        {
            object? before = field.GetValue(value), after = Map(before, map);
            if (ReferenceEquals(before, after)) continue;
            if (!type.IsValueType && value is not ITuple && type.GetMethod("<Clone>$") is null) throw Fixed(type);
            field.SetValue(copy ??= Clone(value), after);
        }
        return copy ?? value;
    }

    private static object MapElements(IEnumerable sequence, Func<Tensor, Tensor> map)
    {
        object?[] before = [.. sequence.Cast<object?>()], after = Array.ConvertAll(before, element => Map(element, map));
        if (before.AsSpan().SequenceEqual(after, Sameness)) return sequence;
        switch (sequence)
        {
            case Array { Rank: 1 } array:
                var copy = (Array)array.Clone();
                for (int i = 0; i < after.Length; i++) copy.SetValue(after[i], copy.GetLowerBound(0) + i);
                return copy;
            case List<Tensor>: return new List<Tensor>(after.Cast<Tensor>());
            default: throw Fixed(sequence.GetType());
        }
    }

    private static object MapValues(IDictionary dictionary, Func<Tensor, Tensor> map)
    {
        object?[] keys = [.. dictionary.Keys.Cast<object?>()], before = [.. dictionary.Values.Cast<object?>()];
        object?[] after = Array.ConvertAll(before, element => Map(element, map));
        if (before.AsSpan().SequenceEqual(after, Sameness)) return dictionary;
        IDictionary copy = dictionary switch
        {
            Dictionary<string, Tensor> d => new Dictionary<string, Tensor>(d, d.Comparer),
            OrderedDictionary<string, Tensor> d => new OrderedDictionary<string, Tensor>(d, d.Comparer),
            _ => throw Fixed(dictionary.GetType()),
        };
        for (int i = 0; i < after.Length; i++) copy[keys[i]!] = after[i];
        return copy;
    }

    private static readonly IEqualityComparer<object?> Sameness =
        EqualityComparer<object?>.Create((a, b) => ReferenceEquals(a, b), o => o is null ? 0 : RuntimeHelpers.GetHashCode(o));

    private static NotSupportedException Fixed(Type type) => new(
        $"The tensors in a {TypeText.Of(type)} cannot be replaced: who else holds it would see another. Hold them in a field, a tuple, a record, an array, "
        + "a List<Tensor> or a Dictionary<string, Tensor>.");

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "MemberwiseClone")]
    internal static extern object Clone(object value);
}
