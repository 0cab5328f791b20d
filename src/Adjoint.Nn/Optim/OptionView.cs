using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Adjoint.Nn;

namespace Adjoint.Optim;

/// <summary>
/// Typed options as the dictionary in which a parameter group has them and a file keeps them, and back. The names are PyTorch's spelling of
/// those of the record: WeightDecay is weight_decay.
/// </summary>
internal static class OptionView<[DynamicallyAccessedMembers(
    DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields
    | DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors)] TOptions>
    where TOptions : class
{
    private static readonly (string Name, Type Type, Func<object, object?> Get, Action<object, object?> Set)[] s_options = Find();

    /// <summary>The dictionary of typed options.</summary>
    internal static OrderedDictionary<string, object?> Of(TOptions options)
    {
        var view = new OrderedDictionary<string, object?>();
        foreach (var (name, _, get, _) in s_options) view[name] = get(options);
        return view;
    }

    /// <summary>The typed options of a group.</summary>
    /// <exception cref="ArgumentException">An option is not of its type, or is not finite.</exception>
    internal static TOptions From(ParamGroup group)
    {
        // Every option is set; what a constructor would say is another thing.
        object options = RuntimeHelpers.GetUninitializedObject(typeof(TOptions));
        foreach (var (name, type, _, set) in s_options) set(options, Converted(group, name, type));
        return (TOptions)options;
    }

    private static object Converted(ParamGroup group, string name, Type type)
    {
        if (type == typeof(bool))
            return group[name] is bool flag
                ? flag
                : throw new ArgumentException(
                    $"ParamGroup: the option \"{name}\" must be true or false, but is {group[name] ?? "null"}.", name);
        double number = group.Number(name);
        if (!double.IsFinite(number)) throw new ArgumentOutOfRangeException(name, number, $"Invalid {name}: {number}. It must be finite.");
        if (type == typeof(double)) return number;
        if (!double.IsInteger(number))
            throw new ArgumentOutOfRangeException(name, number, $"Invalid {name}: {number}. It must be a whole number.");
        // 2⁶³ is the first double that is no long.
        double most = type == typeof(int) ? int.MaxValue + 1.0 : long.MaxValue;
        if (number < -most || number >= most)
            throw new ArgumentOutOfRangeException(
                name, number, $"Invalid {name}: {number}. It must fit into {(type == typeof(int) ? "an int" : "a long")}.");
        return Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
    }

    private static (string, Type, Func<object, object?>, Action<object, object?>)[] Find()
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance;
        (string Name, Type Type, Func<object, object?> Get, Action<object, object?>? Set)[] found =
        [
            .. typeof(TOptions).GetProperties(Own).Select(p =>
                (p.Name, p.PropertyType, (Func<object, object?>)p.GetValue, p.CanWrite ? (Action<object, object?>)p.SetValue : null)),
            .. typeof(TOptions).GetFields(Own).Select(f =>
                (f.Name, f.FieldType, (Func<object, object?>)f.GetValue, f.IsInitOnly ? null : (Action<object, object?>)f.SetValue)),
        ];
        foreach (var (name, type, _, set) in found)
            if (set is null || (type != typeof(double) && type != typeof(bool) && type != typeof(int) && type != typeof(long)))
                throw new NotSupportedException(
                    $"{typeof(TOptions).Name}.{name}: an option is a double, int, long or bool that can be set, but this is a "
                    + $"{TypeText.Of(type)}{(set is null ? " that is computed" : "")}.");
        return [.. found.Select(o => (Members.NameOf(o.Name), o.Type, o.Get, o.Set!))];
    }
}
