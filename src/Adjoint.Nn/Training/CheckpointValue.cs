using System.Collections;
using System.Globalization;
using Adjoint.Nn;

namespace Adjoint.Training;

/// <summary>What a checkpoint keeps as a value, and the types that it is read as.</summary>
internal static class CheckpointValue
{
    /// <summary>Refuses what a file does not hold, before a training has run for hours.</summary>
    /// <exception cref="ArgumentException">It is or contains such.</exception>
    internal static void Check(string name, object? value)
    {
        UserCode.CheckStack();
        switch (value)
        {
            case null or bool or string or byte[] or Tensor or double or float or Half:
            case byte or sbyte or short or ushort or int or uint or long or ulong:
                return;
            case IDictionary dictionary when IsPlain(value):
                foreach (DictionaryEntry entry in dictionary)
                    if (entry.Key is not (string or int or long)) throw Refused(name, entry.Key);
                    else Check(name, entry.Value);
                return;
            case IEnumerable list when IsPlain(value):
                foreach (object? item in list) Check(name, item);
                return;
            case System.Runtime.CompilerServices.ITuple tuple:
                for (int i = 0; i < tuple.Length; i++) Check(name, tuple[i]);
                return;
            default: throw Refused(name, value);
        }
    }

    // Enumerating an object of the program's own could do anything: a sampler would draw.
    private static bool IsPlain(object value) =>
        value is Array || value.GetType().Namespace is { } space && space.StartsWith("System.Collections", StringComparison.Ordinal);

    private static ArgumentException Refused(string name, object value) => new(
        $"Checkpoint: \"{name}\" is or holds a {TypeText.Of(value.GetType())}, which cannot be kept. Modules, optimizers, generators, tensors and "
        + "what implements IStateful can; and numbers, texts, bytes, lists and dictionaries.", nameof(name));

    /// <summary>A value that was loaded, as the type of the one that it replaces; as it is where it is of no such type.</summary>
    internal static object? Like(object? loaded, object? present) =>
        present is null || loaded is null ? loaded : Converted(loaded, present.GetType()) ?? loaded;

    /// <summary>A value as another type; null where it does not fit.</summary>
    internal static object? Converted(object? value, Type type)
    {
        if (value is null || type.IsInstanceOfType(value)) return value;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(double[])) return States.Numbers(value);
        if (type == typeof(int[])) return States.Wholes(value);
        if (type == typeof(List<double>)) return States.Numbers(value) is { } numbers ? new List<double>(numbers) : null;
        if (type == typeof(List<int>)) return States.Wholes(value) is { } wholes ? new List<int>(wholes) : null;
        if (type == typeof(string[])) return Texts(value)?.ToArray();
        if (type == typeof(List<string>)) return Texts(value);
        if (value is Tensor { NumEl: 1 } one && type.IsPrimitive)
            value = one.DType.IsFloatingPoint ? one.Item() : one.DType.IsBool ? one.Item<bool>() : one.Item<long>();
        if (!type.IsPrimitive || type == typeof(bool) || type == typeof(char) || value is not (double or float or int or long)) return null;
        try
        {
            object converted = Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
            // A whole number of a fraction, or a float of a double, would be another value.
            return Convert.ToDouble(converted, CultureInfo.InvariantCulture).Equals(Convert.ToDouble(value, CultureInfo.InvariantCulture))
                ? converted : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static List<string>? Texts(object value)
    {
        if (value is string or Tensor or IDictionary || value is not IEnumerable list) return null;
        var texts = new List<string>();
        foreach (object? item in list)
        {
            if (item is not string text) return null;
            texts.Add(text);
        }
        return texts;
    }
}
