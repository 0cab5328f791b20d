using System.Collections;
using System.Globalization;

namespace Adjoint.Training;

/// <summary>Reads what was saved, of whatever types a file gave it back.</summary>
internal static class States
{
    /// <summary>A count: a whole number of at least 0.</summary>
    internal static int Whole(IReadOnlyDictionary<string, object?> state, string name, string whose) =>
        Whole(state.TryGetValue(name, out object? value) ? value : null)
        ?? throw new ArgumentException($"{whose}: the state has no whole number \"{name}\" of at least 0.", nameof(state));

    /// <summary>A count that was saved, of whatever type of number it was read; null where it is none.</summary>
    internal static int? Whole(object? value) => value switch
    {
        int number and >= 0 => number,
        long number and >= 0 and <= int.MaxValue => (int)number,
        // What went through a format that has no whole numbers.
        double number and >= 0 and <= int.MaxValue when double.IsInteger(number) => (int)number,
        Tensor { NumEl: 1 } one => Whole(one.DType.IsFloatingPoint ? one.Item() : one.DType.IsBool ? null : one.Item<long>()),
        _ => null,
    };

    /// <summary>Bytes, as such or as a tensor of them.</summary>
    internal static byte[] Bytes(IReadOnlyDictionary<string, object?> state, string name, string whose) =>
        Bytes(state.TryGetValue(name, out object? value) ? value : null)
        ?? throw new ArgumentException($"{whose}: the state has no bytes \"{name}\".", nameof(state));

    /// <summary>Bytes, as such or as a tensor of them; null where it is none.</summary>
    internal static byte[]? Bytes(object? value) =>
        value as byte[] ?? (value is Tensor x && x.DType == DTypes.Of<byte>() && x.NDim == 1 ? x.ToArray<byte>() : null);

    /// <summary>A list of numbers; null where it is none.</summary>
    internal static double[]? Numbers(object? value)
    {
        if (value is IEnumerable<double> doubles) return [.. doubles];
        if (value is string or byte[] or Tensor or IDictionary || value is not IEnumerable list) return null;
        var numbers = new List<double>();
        foreach (object? item in list)
        {
            if (item is not (double or float or int or long)) return null;
            numbers.Add(Convert.ToDouble(item, CultureInfo.InvariantCulture));
        }
        return [.. numbers];
    }

    /// <summary>A list of whole numbers; null where it is none.</summary>
    internal static int[]? Wholes(object? value) =>
        value is IEnumerable<int> ints ? [.. ints]
        : Numbers(value) is { } numbers && Array.TrueForAll(numbers, n => double.IsInteger(n) && Math.Abs(n) <= int.MaxValue)
            ? Array.ConvertAll(numbers, n => (int)n) : null;

    /// <summary>A dictionary by names; null where it is none.</summary>
    internal static IReadOnlyDictionary<string, object?>? Named(object? value)
    {
        if (value is IReadOnlyDictionary<string, object?> named) return named;
        if (value is not IDictionary dictionary) return null;
        var copy = new OrderedDictionary<string, object?>();
        foreach (DictionaryEntry entry in dictionary)
        {
            if (entry.Key is not string name) return null;
            copy[name] = entry.Value;
        }
        return copy;
    }

    /// <summary>A list of dictionaries by names; null where it is none.</summary>
    internal static IReadOnlyDictionary<string, object?>[]? AllNamed(object? value)
    {
        if (value is string or Tensor or IDictionary || value is not IEnumerable list) return null;
        var all = new List<IReadOnlyDictionary<string, object?>>();
        foreach (object? item in list)
        {
            if (Named(item) is not { } named) return null;
            all.Add(named);
        }
        return [.. all];
    }
}
