using System.Text;
using System.Text.Json;

namespace Adjoint.Formats;

/// <summary>
/// The index of tensors that are spread over several safetensors files of a folder: a JSON object whose member <c>weight_map</c> gives each
/// tensor's file.
/// </summary>
internal static class SafeTensorsIndex
{
    private const string Ending = ".index.json";

    /// <summary>Whether a file is named as an index is.</summary>
    internal static bool IsName(string path) => path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>Loads the tensors that an index names.</summary>
    /// <exception cref="DataFormatException">It is no index, or a file of it is damaged or lacks a tensor.</exception>
    internal static OrderedDictionary<string, Tensor> Load(string path)
    {
        List<(string Name, string File)> map = Read(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var found = new Dictionary<string, Tensor>();
        foreach (IGrouping<string, (string Name, string File)> part in map.GroupBy(entry => entry.File))
        {
            string file = Path.Combine(folder, part.Key);
            using var reader = new SafeTensorsReader(file);
            Dictionary<string, SafeTensorsEntry> entries = reader.Entries.ToDictionary(entry => entry.Name);
            foreach ((string name, _) in part)
                found.Add(name, entries.TryGetValue(name, out SafeTensorsEntry? entry) ? SafeTensors.Load(reader, entry, file)
                    : throw new DataFormatException(file, 0, $"there is no tensor '{name}', which {path} says is here."));
        }
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach ((string name, _) in map) tensors.Add(name, found[name]);
        return tensors;
    }

    private static List<(string Name, string File)> Read(string path)
    {
        byte[] json;
        using (FileStream file = InputFile.Open(path))
        {
            if (file.Length > SafeTensorsHeader.MaxLength)
                throw new DataFormatException(
                    path, 0, $"the index has {file.Length} bytes; at most {SafeTensorsHeader.MaxLength} are read.");
            json = new byte[file.Length];
            file.ReadExactly(json);
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("weight_map", out JsonElement weights) || weights.ValueKind != JsonValueKind.Object)
                throw new DataFormatException(path, 0, "an index of safetensors files has a member 'weight_map'; this has none.");
            var map = new List<(string, string)>();
            var names = new HashSet<string>();
            foreach (JsonProperty weight in weights.EnumerateObject())
            {
                if (!names.Add(weight.Name)) throw new DataFormatException(path, 0, $"tensor '{weight.Name}' is there twice.");
                map.Add((weight.Name, FileOf(weight, path)));
            }
            return map;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException and not DataFormatException or DecoderFallbackException)
        {
            throw new DataFormatException(path, 0, $"the index is not valid JSON: {e.Message}", e);
        }
    }

    // Only files beside the index: whoever made it has no business elsewhere.
    private static string FileOf(JsonProperty weight, string path)
    {
        string? file = weight.Value.ValueKind == JsonValueKind.String ? weight.Value.GetString() : null;
        if (string.IsNullOrEmpty(file) || file is "." or ".." || file.AsSpan().IndexOfAny("/\\:\0") >= 0)
            throw new DataFormatException(
                path, 0, $"tensor '{weight.Name}' is said to be in {weight.Value.GetRawText()}, which is not the name of a file beside the "
                + "index.");
        return file;
    }
}
