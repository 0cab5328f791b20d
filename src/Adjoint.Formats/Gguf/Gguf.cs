namespace Adjoint.Formats;

/// <summary>Reads the tensors of GGUF files, the format of llama.cpp.</summary>
/// <remarks>Versions 2 and 3, little-endian. Packed elements (Q4_0 to Q8_0, Q2_K to Q6_K) become Float32.</remarks>
public static class Gguf
{
    /// <summary>Loads every tensor of the file at <paramref name="path"/>, in its order.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name, their dimensions in PyTorch's order: the last one runs fastest.</returns>
    /// <exception cref="DataFormatException">It is no GGUF file, is damaged, or has elements of another type.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path)
    {
        using FileStream file = InputFile.Open(path.Given());
        return Load(file, path);
    }

    /// <summary>Loads every tensor of the file that <paramref name="stream"/>, which must be able to seek, holds.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <inheritdoc cref="Load(string)"/>
    public static OrderedDictionary<string, Tensor> Load(Stream stream, string name)
    {
        GgufHeader header = GgufHeader.Read(new FileBytes(stream.Given(), name.Given()));
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach (GgufEntry entry in header.Entries)
        {
            stream.Position = header.DataAt + entry.Offset;
            string what = $"tensor '{entry.Name}'";
            if (entry.Packed is null)
                tensors.Add(entry.Name, new ElementReader(stream, name).Read(entry.Type!, entry.Sizes, what, stream.Position));
            else
                tensors.Add(entry.Name, Unpacked(entry, entry.Packed, stream));
        }
        return tensors;
    }

    /// <summary>What the file at <paramref name="path"/> says of its model, by name.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Numbers, truth values, texts, and lists of them.</returns>
    /// <exception cref="DataFormatException">It is no GGUF file, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static OrderedDictionary<string, object> Metadata(string path)
    {
        using FileStream file = InputFile.Open(path.Given());
        return GgufHeader.Read(new FileBytes(file, path)).Metadata;
    }

    private static Tensor Unpacked(GgufEntry entry, GgufType type, Stream stream)
    {
        Tensor x = Tensor.Empty([.. entry.Sizes.Select(size => (int)size)]);
        using var memory = new Loan();
        Unpack(memory.Of<float>(x), type, stream);
        return x;
    }

    private static void Unpack(Span<float> elements, GgufType type, Stream stream)
    {
        byte[] block = new byte[type.Size];
        for (int at = 0; at < elements.Length; at += type.Count)
        {
            stream.ReadExactly(block);
            type.Unpack(block, elements.Slice(at, type.Count));
        }
    }
}
