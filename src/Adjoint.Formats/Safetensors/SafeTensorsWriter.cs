using System.Buffers.Binary;

namespace Adjoint.Formats;

/// <summary>Writes safetensors files.</summary>
public static class SafeTensorsWriter
{
    /// <summary>Writes the file at <paramref name="path"/> whole or not at all; see <see cref="AtomicFile"/>.</summary>
    /// <inheritdoc cref="Write(Stream, IEnumerable{SafeTensorsItem}, IReadOnlyDictionary{string, string}?)"/>
    public static void Write(string path, IEnumerable<SafeTensorsItem> items, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path.Given(), Writing(items.Elements(), metadata));

    private static Action<Stream> Writing(SafeTensorsItem[] items, IReadOnlyDictionary<string, string>? metadata) => stream =>
        Write(stream, items, metadata);

    /// <summary>
    /// Writes <paramref name="items"/> and <paramref name="metadata"/> to <paramref name="stream"/>. Wider elements come first, so that the
    /// data of every tensor is aligned; otherwise the order is kept.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// Two tensors have the same name, a name is <c>__metadata__</c>, a dtype is unknown, a shape is negative or too large, or a tensor's
    /// data does not have the length of its shape.
    /// </exception>
    public static void Write(Stream stream, IEnumerable<SafeTensorsItem> items, IReadOnlyDictionary<string, string>? metadata = null)
    {
        stream.Given();
        UserCode.CheckStack();
        SafeTensorsItem[] ordered = [.. items.Elements().OrderByDescending(item => SafeTensorsEntry.ElementSize(item.DType))];
        foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
        {
            CheckText(key, nameof(metadata));
            CheckText(value.Given(nameof(metadata)), nameof(metadata));
        }
        List<SafeTensorsEntry> entries = PlaceAll(ordered);
        byte[] json = new SafeTensorsHeader(entries, new(metadata ?? new Dictionary<string, string>())).ToJson();
        if (json.Length > SafeTensorsHeader.MaxLength)
            throw new ArgumentException(
                $"The header would have {json.Length} bytes; at most {SafeTensorsHeader.MaxLength} can be read back.", nameof(metadata));

        Span<byte> length = stackalloc byte[SafeTensorsHeader.JsonAt];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        stream.Write(length);
        stream.Write(json);
        foreach ((SafeTensorsItem item, SafeTensorsEntry entry) in ordered.Zip(entries))
        {
            ReadOnlyMemory<byte> data = item.Data();
            if (data.Length != entry.Length)
                throw new ArgumentException(
                    $"Tensor '{item.Name}', {item.DType} of shape [{string.Join(", ", item.Shape)}], has {entry.Length} bytes, but its "
                    + $"data has {data.Length}.", nameof(items));
            stream.Write(data.Span);
        }
    }

    /// <summary>Gives every tensor its place behind the one before it.</summary>
    // Half a character has no bytes in UTF-8: another would be written without a word, and two names could become one.
    private static void CheckText(string text, string given)
    {
        for (int i = 0; i < text.Length; i += char.IsSurrogate(text[i]) ? 2 : 1)
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])))
                throw new ArgumentException(
                    $"The text \"{text}\" has half a character (U+{(int)text[i]:X4}) at place {i}, which no file can hold.", given);
    }

    private static List<SafeTensorsEntry> PlaceAll(SafeTensorsItem[] items)
    {
        var entries = new List<SafeTensorsEntry>(items.Length);
        var names = new HashSet<string> { SafeTensorsHeader.MetadataKey };
        long offset = 0;
        foreach (SafeTensorsItem item in items)
        {
            CheckText(item.Name, nameof(items));
            if (!names.Add(item.Name))
                throw new ArgumentException($"The name '{item.Name}' is taken; every tensor needs a name of its own.", nameof(items));
            if (SafeTensorsEntry.ElementSize(item.DType) == 0)
                throw new ArgumentException(
                    $"Tensor '{item.Name}' has the dtype '{item.DType}', which safetensors does not know.", nameof(items));
            long length = SafeTensorsEntry.CountBytes(item.DType, item.Shape);
            if (length < 0 || length > long.MaxValue - offset)
                throw new ArgumentException(
                    $"Tensor '{item.Name}' has the shape [{string.Join(", ", item.Shape)}], which is negative or too large.",
                    nameof(items));
            entries.Add(new SafeTensorsEntry(item.Name, item.DType, item.Shape, offset, length));
            offset += length;
        }
        return entries;
    }
}
