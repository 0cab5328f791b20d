using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Adjoint.Nn;
using Adjoint.Training;

namespace Adjoint.Optim;

/// <summary>
/// Typed options as the dictionary in which a parameter group shows them and a file keeps them, and back. The names are PyTorch's
/// spelling of those of the record: WeightDecay is weight_decay.
/// </summary>
internal sealed class OptionView
{
    private static readonly ConcurrentDictionary<Type, OptionView> s_views = new();

    // A copy of a record has everything that the record has, whatever its constructor would do.
    private static readonly Func<object, object> s_copy = typeof(object)
        .GetMethod("MemberwiseClone", BindingFlags.NonPublic | BindingFlags.Instance)!.CreateDelegate<Func<object, object>>();

    private static readonly Type[] s_types =
        [
            typeof(double), typeof(bool), typeof(int), typeof(long), typeof(string), typeof(IReadOnlyList<int>),
            typeof(IReadOnlyList<double>),
        ];

    private readonly (string Name, Type Type, Func<object, object?> Get, Action<object, object?> Set)[] _options;

    private OptionView((string Name, Type Type, Func<object, object?> Get, Action<object, object?> Set)[] options)
    {
        _options = options;
        Names = [.. options.Select(o => o.Name)];
    }

    /// <summary>The names, in the order of their declarations, those of base records first.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>The view of a type of options.</summary>
    /// <exception cref="NotSupportedException">An option is of another type, or is computed.</exception>
    internal static OptionView Of<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields)] TOptions>()
        where TOptions : class
    {
        if (!s_views.TryGetValue(typeof(TOptions), out OptionView? view))
            s_views[typeof(TOptions)] = view = new OptionView(Find(typeof(TOptions)));
        return view;
    }

    /// <summary>The view of options, which may be a record of the user's that derives from the one asked for and has more.</summary>
    /// <exception cref="NotSupportedException">An option is of another type, or is computed.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "An option whose setter was trimmed away is refused as computed; "
        + "native code, which keeps nothing of a type that nobody named, is refused altogether.")]
    internal static OptionView Of<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields)] TOptions>(TOptions options)
        where TOptions : class
    {
        Type type = options.Given().GetType();
        // Those of our own that derive from each other have nothing more.
        if (type == typeof(TOptions) || type.Assembly == typeof(OptionView).Assembly) return Of<TOptions>();
        if (KeptMetadata.IsNative)
            throw new NotSupportedException(
                $"{type.Name}: options of a type that derives from {typeof(TOptions).Name} cannot be seen in a program that was compiled "
                + $"ahead of time. Let the optimizer or schedule name the type itself: …<{type.Name}>.");
        if (!s_views.TryGetValue(type, out OptionView? view)) s_views[type] = view = new OptionView(Find(type));
        return view;
    }

    /// <summary>The value of an option.</summary>
    internal object? Get(object options, int index) => _options[index].Get(options);

    /// <summary>The place of an option, or −1.</summary>
    internal int IndexOf(string name) => Array.FindIndex(_options, o => o.Name == name);

    /// <summary>Refuses a name that is no option but nearly one: what it says would be kept and do nothing.</summary>
    /// <exception cref="ArgumentException">It differs from an option by its casing, its underscores, or one letter.</exception>
    internal void CheckNotMeant(string name)
    {
        string plain = Plain(name);
        if (Array.Find(_options, o => o.Name != name && IsNear(Plain(o.Name), plain)).Name is { } meant)
            throw new ArgumentException($"ParamGroup: there is no option \"{name}\"; \"{meant}\" is nearly the same. The options are "
                + $"{string.Join(", ", Names)}; anything else a group keeps under a name that cannot be taken for one of them.", nameof(name));
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    // One letter more, less, or another one; short names are no spelling of each other.
    private static bool IsNear(string option, string name)
    {
        if (option == name) return true;
        if (Math.Min(option.Length, name.Length) < 5 || Math.Abs(option.Length - name.Length) > 1) return false;
        int same = option.AsSpan().CommonPrefixLength(name);
        ReadOnlySpan<char> a = option.AsSpan(same), b = name.AsSpan(same);
        if (a.Length == b.Length) return a[1..].SequenceEqual(b[1..]);
        return a.Length > b.Length ? a[1..].SequenceEqual(b) : b[1..].SequenceEqual(a);
    }

    /// <summary>A copy of typed options with other values; names that are no options of the record are left out.</summary>
    /// <exception cref="ArgumentException">A value is not of the type of its option.</exception>
    internal object With(object options, params IEnumerable<KeyValuePair<string, object?>> values) => With("ParamGroup", options, values);

    /// <summary>The same for somebody else, who is named in errors.</summary>
    internal object With(string whose, object options, IEnumerable<KeyValuePair<string, object?>> values)
    {
        object copy = s_copy(options);
        // A list is copied too: the caller's may change.
        foreach (var (name, type, get, set) in _options)
            if (IsList(type)) set(copy, Converted(whose, get(options), name, type));
        foreach ((string name, object? value) in values)
            if (IndexOf(name) is >= 0 and int at) _options[at].Set(copy, Converted(whose, value, name, _options[at].Type));
        return copy;
    }

    /// <summary>A copy of typed options with the values of others, which must have the same options.</summary>
    /// <exception cref="ArgumentException">They have more or fewer.</exception>
    internal object With(object options, object others, OptionView of, string whose = "ParamGroup")
    {
        if (!of.Names.SequenceEqual(Names))
            throw new ArgumentException(
                $"These are options by another record, {TypeText.Of(others.GetType())}, than "
                + $"{TypeText.Of(options.GetType())}, which the optimizer or "
                + "schedule was made with: one has options that the other has not.", nameof(options));
        return With(whose, options, of.All(others));
    }

    /// <summary>All options with their values, as they are saved: lists are copies.</summary>
    internal IEnumerable<KeyValuePair<string, object?>> All(object options) =>
        _options.Select(o => KeyValuePair.Create(o.Name, o.Get(options) switch
        {
            IReadOnlyList<int> list => list.ToArray(),
            var other => other,
        }));

    /// <summary>Refuses numbers that are not finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not.</exception>
    internal void CheckFinite(object options)
    {
        foreach (var (name, _, get, _) in _options)
            foreach (double value in get(options) switch { double one => [one], IReadOnlyList<double> list => list, _ => [] })
                if (!double.IsFinite(value))
                    throw new ArgumentOutOfRangeException(name, value, $"Invalid {name}: {value}. It must be finite.");
    }

    /// <summary>An option that is a number, of whatever type of number it was given.</summary>
    internal static double Number(object? value, string name, string whose = "ParamGroup") => value switch
    {
        double number => number,
        Half number => (double)number,
        // A state that was saved, or a user, may give any kind of number.
        float or decimal or int or long or short or byte or sbyte or uint or ulong or ushort =>
            Convert.ToDouble(value, CultureInfo.InvariantCulture),
        { } other =>
            throw new ArgumentException(
                $"{whose}: the option \"{name}\" must be a number, but is {other} ({TypeText.Of(other.GetType())}).", name),
        null => throw new ArgumentNullException(name, $"{whose}: the option \"{name}\" must be a number, but is null."),
    };

    private static bool IsList(Type type) => type == typeof(IReadOnlyList<int>) || type == typeof(IReadOnlyList<double>);

    private static object? Converted(string whose, object? value, string name, Type type)
    {
        if (type.IsEnum) return OptionWord.Read(whose, value, name, type);
        if (type == typeof(string))
            return value is null or string
                ? value
                : throw new ArgumentException($"{whose}: the option \"{name}\" must be a text, but is {value}.", name);
        if (type == typeof(bool))
            return value is bool flag
                ? flag
                : throw new ArgumentException($"{whose}: the option \"{name}\" must be true or false, but is {value ?? "null"}.", name);
        if (type == typeof(IReadOnlyList<int>))
            return States.Wholes(value) is { } wholes
                ? Array.AsReadOnly(wholes)
                : throw new ArgumentException(
                    $"{whose}: the option \"{name}\" must be a list of whole numbers, but is {value ?? "null"}.", name);
        if (type == typeof(IReadOnlyList<double>))
            return States.Numbers(value) is { } numbers
                ? Array.AsReadOnly(numbers)
                : throw new ArgumentException($"{whose}: the option \"{name}\" must be a list of numbers, but is {value ?? "null"}.", name);
        double number = Number(value, name, whose);
        if (type == typeof(double)) return number;
        if (type == typeof(long) && value is long) return value;
        if (!double.IsInteger(number))
            throw new ArgumentOutOfRangeException(name, number, $"Invalid {name}: {number}. It must be a whole number.");
        // 2⁶³ is the first double that is no long.
        double most = type == typeof(int) ? int.MaxValue + 1.0 : long.MaxValue;
        if (number < -most || number >= most)
            throw new ArgumentOutOfRangeException(
                name, number, $"Invalid {name}: {number}. It must fit into {(type == typeof(int) ? "an int" : "a long")}.");
        return Convert.ChangeType(number, type, CultureInfo.InvariantCulture)!;
    }

    private static (string, Type, Func<object, object?>, Action<object, object?>)[] Find(
        [DynamicallyAccessedMembers(
            DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields)] Type options)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance;
        (MemberInfo Member, Type Type, Func<object, object?> Get, Action<object, object?>? Set)[] found =
        [
            .. options.GetProperties(Own).Select(p =>
                ((MemberInfo)p, p.PropertyType, (Func<object, object?>)p.GetValue, p.CanWrite ? Setter(p) : null)),
            .. options.GetFields(Own).Select(f =>
                ((MemberInfo)f, f.FieldType, (Func<object, object?>)f.GetValue, f.IsInitOnly ? null : (Action<object, object?>)f.SetValue)),
        ];
        foreach (var (member, type, _, set) in found)
            if (set is null || !(s_types.Contains(type) || type.IsEnum))
                throw new NotSupportedException(
                    $"{options.Name}.{member.Name}: an option is a double, int, long, bool, string, enum, or an IReadOnlyList of int or double, "
                    + $"that can be set, but this is a {TypeText.Of(type)}{(set is null ? " that is computed" : "")}.");
        return
        [
            .. found.OrderBy(o => Depth(o.Member.DeclaringType!)).Select(o => (NameOf(o.Member), o.Type,
                o.Type.IsEnum ? options => OptionWord.Of(o.Get(options)!)
                : o.Type == typeof(IReadOnlyList<double>)
                    ? options => (o.Get(options) as IReadOnlyList<double>)?.ToArray() : o.Get, o.Set!)),
        ];
    }

    private static string NameOf(MemberInfo member) =>
        member.GetCustomAttribute<OptionNameAttribute>()?.Name ?? Members.NameOf(member.Name);

    // What a setter of the user's throws is the user's.
    private static Action<object, object?> Setter(PropertyInfo property) =>
        (options, value) => property.SetValue(options, value, BindingFlags.DoNotWrapExceptions, null, null, null);

    private static int Depth(Type type) => type.BaseType is { } below ? 1 + Depth(below) : 0;
}
