using System.Collections;
using System.Globalization;

namespace Adjoint.Formats;

/// <summary>What a file holds.</summary>
/// <param name="Facts">What it says besides tensors.</param>
/// <param name="Tensors">Its tensors.</param>
internal sealed record FileListing(IReadOnlyList<(string Name, string Value)> Facts, IReadOnlyList<FileListing.Entry> Tensors)
{
    // More of a list than this says nothing to who reads it.
    private const int MostShown = 8, MostDeep = 4;

    /// <summary>A tensor.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Type">The type of its elements, as the format calls it.</param>
    /// <param name="Shape">Its shape.</param>
    /// <param name="Bytes">The bytes of its elements in the file.</param>
    internal sealed record Entry(string Name, string Type, long[] Shape, long Bytes)
    {
        internal string ShapeText => $"[{string.Join(", ", Shape)}]";

        internal long Elements => Shape.Aggregate(1L, (count, size) => unchecked(count * size));
    }

    /// <summary>Of a file that is data of tensors only.</summary>
    internal static FileListing Of(OrderedDictionary<string, Tensor> tensors) =>
        new([], [.. tensors.Select(pair => Of(pair.Key, pair.Value))]);

    internal static FileListing OfSafeTensors(string path)
    {
        if (SafeTensorsIndex.IsName(path)) return Of(SafeTensorsIndex.Load(path));
        using var reader = new SafeTensorsReader(path);
        return new([.. reader.Metadata.Select(pair => (pair.Key, pair.Value))],
            [.. reader.Entries.Select(entry => new Entry(entry.Name, entry.DType, entry.Shape, entry.Length))]);
    }

    internal static FileListing OfGguf(string path)
    {
        using FileStream file = InputFile.Open(path);
        GgufHeader header = GgufHeader.Read(new FileBytes(file, path));
        return new([.. header.Metadata.Select(pair => (pair.Key, Text(pair.Value)))],
            [.. header.Entries.Select(entry => new Entry(entry.Name, entry.TypeName, entry.Sizes, entry.Length))]);
    }

    internal static FileListing OfTorch(string path)
    {
        object? value = TorchFile.Load(path);
        // Refuses what contains itself, so that the other walk ends.
        OrderedDictionary<string, Tensor> tensors = new TorchNames(path).Of(value);
        var facts = new List<(string, string)>();
        AddFacts(value, "", facts);
        return new(facts, [.. tensors.Select(pair => Of(pair.Key, pair.Value))]);
    }

    private static Entry Of(string name, Tensor x) =>
        new(name, x.DType.TorchName, [.. x.Shape.Select(size => (long)size)], (long)x.NumEl * x.DType.Size);

    private static void AddFacts(object? value, string name, List<(string, string)> facts)
    {
        if (value is Tensor) return;
        if (value is not OrderedDictionary<object, object?> dictionary)
        {
            facts.Add((name, Text(value)));
            return;
        }
        foreach ((object key, object? item) in dictionary)
            if (!HoldsTensorsOnly(item)) AddFacts(item, name.Length == 0 ? $"{key}" : $"{name}.{key}", facts);
    }

    private static bool HoldsTensorsOnly(object? value) =>
        value is Tensor || value is OrderedDictionary<object, object?> { Count: > 0 } all && all.Values.All(item => item is Tensor);

    private static string Text(object? value, int depth = 0)
    {
        if (depth == MostDeep) return "…";
        return value switch
        {
            null => "None",
            string text => text,
            Tensor x => $"tensor {x.Shape}",
            byte[] bytes => $"{bytes.Length} bytes",
            OrderedDictionary<object, object?> all =>
                $"{{{Some(all.Select(pair => $"{pair.Key}: {Text(pair.Value, depth + 1)}"), all.Count)}}}",
            ICollection all => $"[{Some(all.Cast<object?>().Select(item => Text(item, depth + 1)), all.Count)}]",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => $"{value}",
        };
    }

    private static string Some(IEnumerable<string> all, int count) =>
        string.Join(", ", all.Take(MostShown)) + (count > MostShown ? $", … {count - MostShown} more" : "");
}
