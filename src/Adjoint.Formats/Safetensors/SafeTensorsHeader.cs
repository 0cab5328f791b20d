using System.Text;
using System.Text.Json;

namespace Adjoint.Formats;

/// <summary>
/// The header of a safetensors file: a JSON object with a member <c>{"dtype":…, "shape":[…], "data_offsets":[begin, end]}</c> for each
/// tensor, and <c>__metadata__</c>, whose members are strings.
/// </summary>
/// <param name="entries">The tensors in the order of their data.</param>
/// <param name="metadata">The strings of <c>__metadata__</c>.</param>
internal sealed class SafeTensorsHeader(List<SafeTensorsEntry> entries, Dictionary<string, string> metadata)
{
    /// <summary>Where the JSON begins, after its length in eight bytes.</summary>
    public const int JsonAt = 8;

    /// <summary>The longest header that is read, as in the reference implementation.</summary>
    public const int MaxLength = 100_000_000;

    public const string MetadataKey = "__metadata__";

    public List<SafeTensorsEntry> Entries { get; } = entries;

    public Dictionary<string, string> Metadata { get; } = metadata;

    /// <summary>
    /// Reads the JSON of a header and checks that it describes <paramref name="dataLength"/> bytes without overlap or hole.
    /// </summary>
    public static SafeTensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string file)
    {
        if (!json.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            throw new DataFormatException(file, JsonAt, "the header must begin with '{'; this is not a safetensors file.");
        var parser = new Parser(json, file);
        SafeTensorsHeader header = parser.ReadHeader();
        header.CheckOffsets(dataLength, JsonAt + json.Length, file);
        return header;
    }

    /// <summary>The JSON of the header, padded with spaces so that the data begins at a multiple of eight.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (Metadata.Count > 0)
            {
                writer.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in Metadata) writer.WriteString(key, value);
                writer.WriteEndObject();
            }
            foreach (SafeTensorsEntry entry in Entries)
            {
                writer.WriteStartObject(entry.Name);
                writer.WriteString("dtype", entry.DType);
                writer.WriteStartArray("shape");
                foreach (long size in entry.Shape) writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(entry.Offset);
                writer.WriteNumberValue(entry.Offset + entry.Length);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private void CheckOffsets(long dataLength, long dataAt, string file)
    {
        long end = 0;
        foreach (SafeTensorsEntry entry in Entries)
        {
            if (entry.Offset != end)
                throw new DataFormatException(file, dataAt + Math.Min(end, entry.Offset), entry.Offset < end
                    ? $"the data of tensor '{entry.Name}' begins at {entry.Offset}, inside that of the tensor before it, which ends at "
                        + $"{end}."
                    : $"nothing owns the data from {end} to {entry.Offset}, where tensor '{entry.Name}' begins.");
            if (entry.Length > dataLength - end)
                throw new DataFormatException(file, dataAt + dataLength,
                    $"the data of tensor '{entry.Name}' should be {entry.Length} bytes from {end} on, but the file ends after "
                    + $"{dataLength} bytes of data; it was cut short.");
            end += entry.Length;
        }
        if (end != dataLength)
            throw new DataFormatException(file, dataAt + end, $"nothing owns the last {dataLength - end} bytes; the tensors end at {end}.");
    }

    /// <summary>Walks over the JSON once, checking every token.</summary>
    private ref struct Parser(ReadOnlySpan<byte> json, string file)
    {
        /// <summary>As deep as the reference implementation goes into members that it does not know.</summary>
        private const int MaxDepth = 127;

        // Strings are unescaped by the reader's own GetString, which refuses what is not Unicode.
        private Utf8JsonReader _json = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

        public SafeTensorsHeader ReadHeader()
        {
            try
            {
                var entries = new List<SafeTensorsEntry>();
                var metadata = new Dictionary<string, string>();
                var names = new HashSet<string>();
                Expect(JsonTokenType.StartObject, "the header");
                while (NextName("the header") is string name)
                {
                    if (!names.Add(name)) throw Error($"tensor '{name}' is there twice.");
                    if (name == MetadataKey) ReadMetadata(metadata);
                    else entries.Add(ReadEntry(name));
                }
                if (_json.Read()) throw Error("there is more after the header's last '}'.");
                return new SafeTensorsHeader([.. entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length)], metadata);
            }
            catch (Exception e)
                when (e is JsonException or InvalidOperationException and not DataFormatException or DecoderFallbackException)
            {
                throw new DataFormatException(file, JsonAt + _json.BytesConsumed, $"the header is not valid JSON: {e.Message}", e);
            }
        }

        private void ReadMetadata(Dictionary<string, string> metadata)
        {
            Advance(MetadataKey);
            if (_json.TokenType == JsonTokenType.Null) return;      // the reference takes null for none
            Require(JsonTokenType.StartObject, MetadataKey);
            while (NextName(MetadataKey) is string key)
            {
                Expect(JsonTokenType.String, $"{MetadataKey} member '{key}'");
                if (!metadata.TryAdd(key, _json.GetString()!)) throw Error($"{MetadataKey} has '{key}' twice.");
            }
        }

        private SafeTensorsEntry ReadEntry(string name)
        {
            string what = $"tensor '{name}'";
            string? dtype = null;
            long[]? shape = null, offsets = null;
            Expect(JsonTokenType.StartObject, what);
            while (NextName(what) is string key)
            {
                switch (key)
                {
                    case "dtype" when dtype is null:
                        Expect(JsonTokenType.String, $"the dtype of {what}");
                        dtype = _json.GetString()!;
                        break;
                    case "shape" when shape is null: shape = ReadNumbers($"the shape of {what}"); break;
                    case "data_offsets" when offsets is null: offsets = ReadNumbers($"the data_offsets of {what}"); break;
                    case "dtype" or "shape" or "data_offsets": throw Error($"{what} has '{key}' twice.");
                    default:        // of a later version, or somebody's own: the reference passes over it
                        Advance(what);
                        _json.Skip();
                        break;
                }
            }
            if (dtype is null || shape is null || offsets is null)
                throw Error($"{what} has no {(dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets")}.");
            if (SafeTensorsEntry.ElementSize(dtype) == 0) throw Error($"{what} has the unknown dtype '{dtype}'.");
            if (offsets.Length != 2 || offsets[0] > offsets[1])
                throw Error($"{what} has the data_offsets [{string.Join(", ", offsets)}]; they must be two numbers, begin and end.");
            long length = SafeTensorsEntry.CountBytes(dtype, shape);
            if (length < 0) throw Error($"{what}, {dtype} of shape [{string.Join(", ", shape)}], has more bytes than can be counted.");
            if (length != offsets[1] - offsets[0])
                throw Error($"{what}, {dtype} of shape [{string.Join(", ", shape)}], has {length} bytes, but its data_offsets [{offsets[0]}, {offsets[1]}] enclose {offsets[1] - offsets[0]}.");
            return new SafeTensorsEntry(name, dtype, shape, offsets[0], length);
        }

        private long[] ReadNumbers(string what)
        {
            var numbers = new List<long>();
            Expect(JsonTokenType.StartArray, what);
            while (true)
            {
                Advance(what);
                if (_json.TokenType == JsonTokenType.EndArray) return [.. numbers];
                if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
                    throw Error($"{what} must hold whole numbers from 0 to 2⁶³ − 1.");
                numbers.Add(number);
            }
        }

        /// <summary>The name of the next member, or null at the end of the object.</summary>
        private string? NextName(string what)
        {
            Advance(what);
            return _json.TokenType == JsonTokenType.EndObject ? null : _json.GetString();
        }

        private void Expect(JsonTokenType type, string what)
        {
            Advance(what);
            Require(type, what);
        }

        private readonly void Require(JsonTokenType type, string what)
        {
            if (_json.TokenType != type)
                throw Error($"{what} must be a JSON {Word(type)}, but is {Article(_json.TokenType)} {Word(_json.TokenType)}.");
        }

        private void Advance(string what)
        {
            if (!_json.Read()) throw Error($"the header ends inside {what}.");
        }

        private static string Article(JsonTokenType type) => type is JsonTokenType.StartObject or JsonTokenType.StartArray ? "an" : "a";

        private static string Word(JsonTokenType type) => type switch
        {
            JsonTokenType.StartObject => "object",
            JsonTokenType.StartArray => "array",
            _ => type.ToString().ToLowerInvariant(),
        };

        private readonly DataFormatException Error(string problem) => new(file, JsonAt + _json.TokenStartIndex, problem);
    }
}
