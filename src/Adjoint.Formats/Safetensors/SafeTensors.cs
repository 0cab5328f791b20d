using System.Buffers.Binary;

namespace Adjoint.Formats;

/// <summary>
/// Saves named tensors, such as the state of a module, to a safetensors file and loads them. The format is data only: loading a
/// file runs nothing, whoever made it.
/// </summary>
public static class SafeTensors
{
    /// <summary>PyTorch allows as many.</summary>
    private const int MostDims = 64;

    /// <summary>Saves <paramref name="tensors"/> by name, whole or not at all.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="tensors">The tensors; history is not saved.</param>
    /// <param name="metadata">Strings to keep with them.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensorsWriter.Write(path.Given(), Items(tensors.Given()), metadata);

    /// <summary>Writes <paramref name="tensors"/> by name to <paramref name="stream"/>, as a safetensors file has them.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">The tensors; history is not saved.</param>
    /// <param name="metadata">Strings to keep with them.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static void Save(
        Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensorsWriter.Write(stream.Given(), Items(tensors.Given()), metadata);

    /// <summary>Loads every tensor of the file at <paramref name="path"/>, in the order of its data.</summary>
    /// <remarks>F16 and BF16 become Float32, which holds all their values.</remarks>
    /// <exception cref="DataFormatException">The file is damaged, or a tensor has a dtype or shape that no <see cref="Tensor"/> can
    /// have.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path)
    {
        path.Given();
        using var reader = new SafeTensorsReader(path);
        return Load(reader, path);
    }

    /// <summary>Loads every tensor of <paramref name="reader"/>; <paramref name="file"/> is its name in errors.</summary>
    /// <inheritdoc cref="Load(string)"/>
    public static OrderedDictionary<string, Tensor> Load(SafeTensorsReader reader, string file)
    {
        reader.Given();
        file.Given();
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach (SafeTensorsEntry entry in reader.Entries) tensors.Add(entry.Name, Load(reader, entry, file));
        return tensors;
    }

    private static SafeTensorsItem[] Items(IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        [.. tensors.Select(pair => ToItem(pair.Key.Given(nameof(tensors)), pair.Value.Given(nameof(tensors))))];

    private static SafeTensorsItem ToItem(string name, Tensor tensor)
    {
        string dtype = tensor.DType.Row.SafeTensors;
        if ((long)tensor.NumEl * tensor.DType.Size > int.MaxValue)
            throw new ArgumentException(
                $"Tensor '{name}' of shape {tensor.Shape} is too large; at most 2 GiB can be saved.", "tensors");
        long[] shape = [.. tensor.Shape.Select(size => (long)size)];
        return new SafeTensorsItem(name, dtype, shape, () =>
        {
            CheckOrder();
            using var memory = new Loan();
            return memory.Bytes(Elements.ToContiguous(tensor.Detach())).ToArray();
        });
    }

    /// <summary>Loads the tensor of <paramref name="entry"/>.</summary>
    /// <inheritdoc cref="Load(SafeTensorsReader, string)"/>
    public static Tensor Load(SafeTensorsReader reader, SafeTensorsEntry entry, string file)
    {
        reader.Given();
        entry.Given();
        file.Given();
        long at = reader.PositionOf(entry);
        if (entry.Shape.Length > MostDims)
            throw new DataFormatException(file, at,
                $"tensor '{entry.Name}' has {entry.Shape.Length} dimensions; at most {MostDims} can be loaded.");
        if (entry.Length > int.MaxValue || entry.Shape.Any(size => size > int.MaxValue))
            throw new DataFormatException(file, at,
                $"tensor '{entry.Name}' of shape [{string.Join(", ", entry.Shape)}] is too large; at most 2 GiB can be loaded.");
        Shape shape = Shape.Of([.. entry.Shape.Select(size => (int)size)]);
        if (DTypes.OfSafeTensors(entry.DType) is { } known) return Read(known);
        return entry.DType switch
        {
            "F16" => Widen(bits => (float)BitConverter.UInt16BitsToHalf(bits)),
            "BF16" => Widen(bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
            _ => throw new DataFormatException(file, at, $"tensor '{entry.Name}' is {entry.DType}; "
                + $"{string.Join(", ", DTypes.Rows.Select(row => row.SafeTensors))}, F16 and BF16 can be loaded."),
        };

        Tensor Read(DType dtype)
        {
            CheckOrder();
            Tensor tensor = Tensor.Empty(shape, dtype);
            using var memory = new Loan();
            reader.Read(entry, memory.Bytes(tensor));
            if (dtype.IsBool && memory.Bytes(tensor).IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and int wrong)
                throw new DataFormatException(file, at + wrong,
                    $"tensor '{entry.Name}' is {entry.DType}, but element {wrong} is neither 0 nor 1.");
            return tensor;
        }

        Tensor Widen(Func<ushort, float> value)
        {
            byte[] halves = new byte[entry.Length];
            reader.Read(entry, halves);
            Tensor tensor = Tensor.Empty(shape);
            using var memory = new Loan();
            Widened(halves, value, memory.Of<float>(tensor));
            return tensor;
        }
    }

    private static void Widened(ReadOnlySpan<byte> halves, Func<ushort, float> value, Span<float> floats)
    {
        for (int i = 0; i < floats.Length; i++) floats[i] = value(BinaryPrimitives.ReadUInt16LittleEndian(halves[(2 * i)..]));
    }

    /// <summary>Elements go as they lie, and the file is little-endian, as is every machine .NET 10 runs on but one (s390x).</summary>
    private static void CheckOrder()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("safetensors files are read and written on little-endian machines only.");
    }
}
