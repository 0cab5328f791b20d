using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>
/// One deep copy of a module. What is held twice is copied once; what holds neither tensors nor modules is shared, except arrays and
/// collections. Functions of a module that is copied become those of the copy.
/// </summary>
internal sealed class ModuleCopy
{
    private readonly Dictionary<object, object> _copies = new(ReferenceEqualityComparer.Instance);

    internal Module Of(Module module)
    {
        if (_copies.TryGetValue(module, out object? known)) return (Module)known;
        UserCode.CheckStack();
        Module copy = module.Bare();
        _copies[module] = copy;
        // What is computed at each call is no leaf; the copy computes its own.
        foreach (Tensor computed in module.ComputedTensors) _copies[computed] = computed.Detach().Clone();
        foreach (FieldInfo field in Members.AllFields(module.GetType()))
        {
            if (IsHooks(field.FieldType)) continue;
            // What is computed anew with each call has a history that leads to the original.
            object? value = field.GetValue(module);
            if (value is Tensor computed && module.IsComputed(Members.NameOf(field.Name))) value = computed.Detach();
            field.SetValue(copy, Value(value, Place(field)));
        }
        copy.CopyRegistered(module, value => Value(value, module.GetType().Name)!);
        copy.CopyAllHooks(module);
        copy.CopyParametrizations(module, this);
        return copy;
    }

    private static bool IsHooks(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(HookList<>);

    private static string Place(FieldInfo field) => $"{field.DeclaringType!.Name}.{Members.Spelled(field)}";

    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "See Note [Fields under NativeAOT].")]
    private object? Value(object? value, string place)
    {
        if (value is null or string or Type) return value;
        if (_copies.TryGetValue(value, out object? known)) return known;
        UserCode.CheckStack();
        switch (value)
        {
            case Module module: return Of(module);
            case Tensor tensor:
                Tensor copied = tensor.DeepCopy();
                copied.KeepBeyondScopes();
                return _copies[value] = copied;
            case Delegate function: return Function(function, place);
        }
        Type type = value.GetType();
        if (value is Array array) return Elements(array, place);
        if (!type.IsValueType)
        {
            bool collection = type.Namespace == "System.Collections.Generic" && value is ICollection;
            if (!collection && Parts.Of(type) == Part.Leaf && !HidesTensors(type)) return value;
            if (!collection && (type.Assembly == typeof(object).Assembly || HidesTensors(type)) && value is not ITuple)
                throw Refused(place, type);
            if (!KeysStay(value)) throw Refused(place, type);
        }
        else if (type.IsPrimitive || type.IsEnum)
        {
            return value;
        }
        object copy = TensorParts.Clone(value);
        if (!type.IsValueType) _copies[value] = copy;
        foreach (FieldInfo field in Members.AllFields(type))
        {
            // What a collection looks up by is not its content.
            if (field.FieldType.Name.StartsWith("IEqualityComparer", StringComparison.Ordinal)) continue;
            object? before = field.GetValue(copy), after = Value(before, place);
            if (!ReferenceEquals(before, after)) field.SetValue(copy, after);
        }
        return copy;
    }

    // Of the runtime's own types only collections say where they hold what.
    private static bool HidesTensors(Type type) =>
        type.IsGenericType && type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true
        && type.GetGenericTypeDefinition() != typeof(WeakReference<>) && type.GetGenericArguments().Any(Parts.CanHold);

    // Places in a hash table are those of the keys: a copied key would not be found.
    private static bool KeysStay(object value) => value switch
    {
        IDictionary dictionary => dictionary.Keys.Cast<object>().All(IsItsValue),
        IEnumerable set
        when set.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(HashSet<>) =>
            set.Cast<object>().All(IsItsValue),
        _ => true,
    };

    private static bool IsItsValue(object key) => key is string || key.GetType().IsPrimitive || key.GetType().IsEnum;

    private Array Elements(Array array, string place)
    {
        var copy = (Array)array.Clone();
        _copies[array] = copy;
        Type element = array.GetType().GetElementType()!;
        if (element.IsPrimitive || element == typeof(string)) return copy;
        var index = new int[array.Rank];
        for (int d = 0; d < index.Length; d++) index[d] = array.GetLowerBound(d);
        foreach (object? value in array)
        {
            copy.SetValue(Value(value, place), index);
            for (int d = array.Rank - 1; d >= 0 && ++index[d] > array.GetUpperBound(d); d--) index[d] = array.GetLowerBound(d);
        }
        return copy;
    }

    // A closure holds what it uses in an object of the compiler's, which may be shared with others.
    private Delegate Function(Delegate function, string place)
    {
        if (function.Target is not { } target) return function;
        if (function.HasSingleTarget && target is Module module) return function.Method.CreateDelegate(function.GetType(), Of(module));
        if (!function.HasSingleTarget || Members.AllFields(target.GetType()).Any(field => field.GetValue(target) is Module or Tensor))
            throw new NotSupportedException(
                $"DeepCopy: the function in {place} uses a module or tensor that it would share with the original. Make it a method of "
                + "the module.");
        return function;
    }

    private static NotSupportedException Refused(string place, Type type) =>
        new($"DeepCopy: {place} holds a {TypeText.Of(type)}, which cannot be copied. Hold modules and tensors in fields, arrays, lists, tuples or dictionaries by name.");
}
