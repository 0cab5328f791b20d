namespace Adjoint.Formats;

/// <summary>
/// Saves named tensors, such as the state of a module, to a safetensors file and loads them. The format is data only: loading a
/// file runs nothing, whoever made it.
/// </summary>
public static class SafeTensors
{
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

    /// <summary>
    /// Loads every tensor of the file at <paramref name="path"/>, in the order of its data; or, of an index (<c>….index.json</c>), of all
    /// the files that it names, in its order.
    /// </summary>
    /// <remarks>
    /// What no tensor has becomes the smallest dtype that holds all its values: F16, BF16 and the F8 become Float32, I8, I16 and U16 Int32,
    /// U32 and U64 Int64.
    /// </remarks>
    /// <exception cref="DataFormatException">The file is damaged, or a tensor has a dtype or shape that no <see cref="Tensor"/> can
    /// have.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path)
    {
        if (SafeTensorsIndex.IsName(path.Given())) return SafeTensorsIndex.Load(path);
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
            ElementReader.CheckOrder();
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
        StoredType type = StoredTypes.OfSafeTensors(entry.DType) ?? throw new DataFormatException(file, at,
            $"tensor '{entry.Name}' is {entry.DType}; {string.Join(", ", StoredTypes.Rows.Select(row => row.SafeTensors))} can be loaded.");
        return reader.Load(entry, type, file);
    }
}
