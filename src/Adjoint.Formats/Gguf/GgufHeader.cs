namespace Adjoint.Formats;

/// <summary>
/// The header of a GGUF file: <c>GGUF</c>, a version, how many tensors and values there are, the values (a name, a type, what it is), the
/// tensors (a name, their sizes, a type, where they begin).
/// </summary>
/// <param name="Metadata">The values.</param>
/// <param name="Entries">The tensors.</param>
/// <param name="DataAt">Where their data begins.</param>
internal sealed record GgufHeader(OrderedDictionary<string, object> Metadata, List<GgufEntry> Entries, long DataAt)
{
    private const int TextType = 8, ListType = 9;
    private const long UsualAlignment = 32;

    internal static ReadOnlySpan<byte> Magic => "GGUF"u8;

    /// <summary>Reads it.</summary>
    /// <exception cref="DataFormatException">It is none, or its tensors are not in the file.</exception>
    internal static GgufHeader Read(FileBytes bytes)
    {
        if (bytes.Left < Magic.Length || !bytes.Bytes(4).AsSpan().SequenceEqual(Magic))
            throw bytes.Error("a GGUF file begins with 'GGUF'; this is not one.");
        uint version = bytes.UInt32();
        if (version is not (2 or 3)) throw bytes.Error($"the file has version {version} of the format; 2 and 3 are read.");
        ulong tensors = bytes.UInt64(), values = bytes.UInt64();
        var metadata = new OrderedDictionary<string, object>();
        for (; values > 0; values--)
        {
            string name = bytes.Text(bytes.UInt64());
            if (!metadata.TryAdd(name, Value(bytes, bytes.UInt32(), name))) throw bytes.Error($"'{name}' is there twice.");
        }
        var entries = new List<GgufEntry>();
        var names = new HashSet<string>();
        for (; tensors > 0; tensors--)
        {
            GgufEntry entry = Entry(bytes);
            if (!names.Add(entry.Name)) throw bytes.Error($"tensor '{entry.Name}' is there twice.");
            entries.Add(entry);
        }
        long alignment = metadata.TryGetValue("general.alignment", out object? asked) ? asked is long and > 0 and <= 1 << 20 ? (long)asked
            : throw bytes.Error("'general.alignment' is no size.") : UsualAlignment;
        long dataAt = (bytes.Position + alignment - 1) / alignment * alignment, length = bytes.Position + bytes.Left;
        foreach (GgufEntry entry in entries)
            if (entry.Offset < 0 || entry.Offset > length - dataAt || entry.Length > length - dataAt - entry.Offset)
                throw bytes.Error($"tensor '{entry.Name}' has {entry.Length} bytes from {entry.Offset} on, beyond the end; "
                    + "the file was cut short.");
        return new GgufHeader(metadata, entries, dataAt);
    }

    private static GgufEntry Entry(FileBytes bytes)
    {
        string name = bytes.Text(bytes.UInt64());
        uint dims = bytes.UInt32();
        if (dims > ElementReader.MostDims)
            throw bytes.Error($"tensor '{name}' has {dims} dimensions; at most {ElementReader.MostDims} can be loaded.");
        long[] sizes = new long[dims];
        for (int i = 0; i < sizes.Length; i++) sizes[^(i + 1)] = (long)Math.Min(bytes.UInt64(), long.MaxValue);
        uint number = bytes.UInt32();
        long offset = (long)Math.Min(bytes.UInt64(), long.MaxValue);
        StoredType? type = StoredTypes.OfGgmlNumber(number);
        GgufType? packed = type is null ? GgufType.Of(number) : null;
        if (type is null && packed is null)
            throw bytes.Error($"tensor '{name}' has elements of type {number}; plain ones and "
                + $"{string.Join(", ", GgufType.Rows.Select(row => row.Name))} are read.");
        long count = ElementReader.CountBytes(type ?? StoredTypes.Of(DType.Float32), sizes);
        if (count < 0)
            throw bytes.Error($"tensor '{name}' of shape [{string.Join(", ", sizes)}] is too large; at most 2 GiB can be loaded.");
        if (packed is null) return new GgufEntry(name, sizes, type, null, offset, count);
        count /= sizeof(float);
        // A row is whole blocks.
        if (sizes.Length == 0 || sizes[^1] % packed.Count != 0)
            throw bytes.Error(
                $"tensor '{name}' of shape [{string.Join(", ", sizes)}] has rows that are no whole blocks of {packed.Count}.");
        return new GgufEntry(name, sizes, null, packed, offset, count / packed.Count * packed.Size);
    }

    private static object Value(FileBytes bytes, uint type, string name)
    {
        if (type == TextType) return bytes.Text(bytes.UInt64());
        if (type != ListType) return Number(bytes, type, name);
        uint of = bytes.UInt32();
        ulong count = bytes.UInt64();
        // Lists of lists are none that models have; and each element takes a byte at least.
        if (of == ListType) throw bytes.Error($"'{name}' is a list of lists, which is not read.");
        if (count > (ulong)bytes.Left) throw bytes.Error($"'{name}' has {count} elements, more than the file has bytes; it was cut short.");
        var list = new List<object>();
        for (; count > 0; count--) list.Add(Value(bytes, of, name));
        return list;
    }

    private static object Number(FileBytes bytes, uint type, string name) => type switch
    {
        0 => (long)bytes.Byte(),
        1 => (long)(sbyte)bytes.Byte(),
        2 => (long)BitConverter.ToUInt16(bytes.Bytes(2)),
        3 => (long)BitConverter.ToInt16(bytes.Bytes(2)),
        4 => (long)bytes.UInt32(),
        5 => (long)(int)bytes.UInt32(),
        6 => (double)BitConverter.UInt32BitsToSingle(bytes.UInt32()),
        7 => bytes.Byte() != 0,
        10 => bytes.UInt64(),
        11 => (long)bytes.UInt64(),
        12 => BitConverter.UInt64BitsToDouble(bytes.UInt64()),
        _ => throw bytes.Error($"'{name}' has the type {type}, which is not known."),
    };
}
