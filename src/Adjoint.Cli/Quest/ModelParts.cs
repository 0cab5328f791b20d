using System.Globalization;
using System.Reflection;
using Adjoint.Nn;
using Adjoint.Optim;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Cli.Quest;

/// <summary>Makes modules, losses and optimizers of what a description says: names, and arguments of constructors.</summary>
/// <param name="source">Where it is from, for messages.</param>
internal sealed class ModelParts(string source)
{
    // Printed by PyTorch, and the same for every one of ours.
    private static readonly HashSet<string> s_ignored = ["inplace", "device"];

    // As people write it who imported less.
    private static readonly string[] s_prefixes =
        ["torch.nn.", "torch.optim.", "nn.", "optim.", "Adjoint.Nn.", "Adjoint.Optim.", "Nn.", "Optim."];

    /// <summary>A module or a loss.</summary>
    internal T Made<T>(ModelPart part) where T : Module
    {
        ModelPart.Call call = part as ModelPart.Call ?? new ModelPart.Call(part is ModelPart.Word word ? word.Text : "", []);
        return (T)Make(TypeOf<T>(call.Name, typeof(Module).Namespace!), call, null);
    }

    /// <summary>An optimizer of parameters.</summary>
    internal Optimizer Optimizer(ModelPart part, IEnumerable<Tensor> parameters)
    {
        ModelPart.Call call = part as ModelPart.Call ?? new ModelPart.Call(part is ModelPart.Word word ? word.Text : "", []);
        return (Optimizer)Make(TypeOf<Optimizer>(call.Name, typeof(Optimizer).Namespace!), call, parameters);
    }

    private Type TypeOf<T>(string name, string space)
    {
        Type[] known = [.. typeof(Module).Assembly.GetExportedTypes().Where(t => t.IsAssignableTo(typeof(T)) && !t.IsAbstract
            && !t.IsGenericType && t.Namespace == space && (typeof(T) != typeof(Module) || !t.IsSubclassOf(typeof(Loss))))];
        string kind = typeof(T) == typeof(Loss) ? "loss" : typeof(T) == typeof(Module) ? "module" : "optimizer";
        string own = s_prefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } said
            ? name[said.Length..] : name;
        if (Array.Find(known, t => t.Name == own) is { } type) return type;
        string[] near = Near(own, known);
        string all = string.Join(", ", known.Select(t => t.Name).Order(StringComparer.Ordinal));
        throw new ArgumentException(name.Length == 0 ? $"{source}: a {kind} is expected, such as {known[0].Name}(…)."
            : $"{source}: there is no {kind} \"{name}\"{(near.Length == 1 ? $"; did you mean {near[0]}?" : $". There are {all}.")}");
    }

    // The names that are nearest, at most two letters away: one is what was meant, of several nobody knows which.
    private static string[] Near(string name, Type[] known)
    {
        const int longest = 40;
        if (name.Length is < 3 or > longest) return [];
        (string Name, int Distance)[] all = [.. known.Select(t => (t.Name,
            Symbolic.KnownFunctions.Distance(name.ToLowerInvariant(), t.Name.ToLowerInvariant())))];
        int least = all.Min(one => one.Distance);
        return least > 2 ? [] : [.. all.Where(one => one.Distance == least).Select(one => one.Name)];
    }

    private object Make(Type type, ModelPart.Call call, IEnumerable<Tensor>? parameters)
    {
        string problem = "";
        foreach (ConstructorInfo constructor in type.GetConstructors())
        {
            if (Arguments(constructor, call, parameters, ref problem) is not { } arguments) continue;
            try
            {
                return constructor.Invoke(arguments);
            }
            catch (TargetInvocationException e)
            {
                throw new ArgumentException($"{source}: {call.Name}: {e.InnerException!.Message}", e.InnerException);
            }
        }
        throw new ArgumentException($"{source}: {call.Name}: {problem}");
    }

    private object?[]? Arguments(ConstructorInfo constructor, ModelPart.Call call, IEnumerable<Tensor>? parameters, ref string problem)
    {
        ParameterInfo[] wanted = constructor.GetParameters();
        var values = new object?[wanted.Length];
        var given = new bool[wanted.Length];
        int next = 0;
        if (parameters is not null)
        {
            if (wanted.Length == 0 || wanted[0].ParameterType != typeof(IEnumerable<Tensor>)) return null;
            (values[0], given[0], next) = (parameters, true, 1);
        }
        if (wanted is [{ ParameterType: var list }] && list == typeof(IEnumerable<Module>))
            return [call.Arguments.Select(a => Made<Module>(a.Value)).ToArray()];
        foreach ((string? name, ModelPart value) in call.Arguments)
        {
            if (name is not null && s_ignored.Contains(name)) continue;
            int at = name is null ? next++ : Array.FindIndex(wanted, p => p.Name == Camel(name));
            string spoken = name ?? $"argument {at + 1}";
            if (at < 0 || at >= wanted.Length || given[at])
            {
                problem = $"has no {spoken}. It takes {string.Join(", ", wanted.Skip(parameters is null ? 0 : 1).Select(p => p.Name))}.";
                return null;
            }
            if (!TryConvert(value, wanted[at].ParameterType, out values[at]))
            {
                problem = $"{spoken} must be {Spoken(wanted[at].ParameterType)}.";
                return null;
            }
            given[at] = true;
        }
        for (int i = 0; i < wanted.Length; i++)
        {
            if (given[i]) continue;
            if (!wanted[i].HasDefaultValue)
            {
                problem = $"{wanted[i].Name} is missing.";
                return null;
            }
            values[i] = wanted[i].DefaultValue;
        }
        return values;
    }

    private static bool TryConvert(ModelPart part, Type type, out object? value)
    {
        value = null;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return part is ModelPart.Word { Text: "None" or "null" } || TryConvert(part, inner, out value);
        switch (part)
        {
            case ModelPart.Number number when type == typeof(double):
                value = number.Value;
                return true;
            case ModelPart.Number number when type == typeof(int) || type == typeof(long):
                bool isWhole = long.TryParse(number.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long whole)
                    && (type == typeof(long) || whole is >= int.MinValue and <= int.MaxValue);
                value = type == typeof(long) ? whole : (object)(int)whole;
                return isWhole;
            case ModelPart.Word { Text: "True" or "true" or "False" or "false" } word when type == typeof(bool):
                value = word.Text is "True" or "true";
                return true;
            case ModelPart.Word word when type.IsEnum:
                string name = word.Text.Replace("torch.", "", StringComparison.Ordinal);
                return Enum.TryParse(type, name, ignoreCase: true, out value) && !char.IsDigit(name[0]);
            case ModelPart.Items items when type == typeof(Shape) && ShapeOf(items) is { } shape:
                value = shape;
                return true;
            case ModelPart.Word { Text: "same" or "valid" } word when type == typeof(ConvPadding):
                value = (ConvPadding)word.Text;
                return true;
            case ModelPart.Number or ModelPart.Items when type == typeof(Sizes) || type == typeof(ConvPadding):
                if (SizesOf(part) is not { } numbers) return false;
                value = type == typeof(Sizes) ? numbers : (object)(ConvPadding)numbers;
                return true;
            case ModelPart.Items { All: [ModelPart.Number a, ModelPart.Number b] } when type == typeof(ValueTuple<double, double>):
                value = (a.Value, b.Value);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The sizes of a list of numbers; null if they are none.</summary>
    internal static Shape? ShapeOf(ModelPart part)
    {
        if (part is not ModelPart.Items items) return null;
        var sizes = new List<int>();
        foreach (ModelPart item in items.All)
        {
            if (item is not ModelPart.Number n
                || !int.TryParse(n.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int size)) return null;
            sizes.Add(size);
        }
        return Shape.Of([.. sizes]);
    }

    /// <summary>One number for all dimensions, or one for each; null if it is neither.</summary>
    private static Sizes? SizesOf(ModelPart part)
    {
        if (part is ModelPart.Number number)
            return int.TryParse(number.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int all) ? (Sizes?)all : null;
        return ShapeOf(part) is { NDim: > 0 } each ? (Sizes?)each.Sizes.ToArray() : null;
    }

    private static string Camel(string name)
    {
        string[] words = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words.Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static string Spoken(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? $"{Spoken(inner)} or None"
        : type == typeof(double) ? "a number" : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(bool) ? "True or False" : type == typeof(Shape) ? "a list of sizes" : type == typeof(ValueTuple<double, double>)
        ? "two numbers" : type == typeof(Sizes) ? "a whole number, or one for each dimension"
        : type == typeof(ConvPadding) ? "a whole number, one for each dimension, or same or valid"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : $"left out; a {type.Name} cannot be written here";
}
