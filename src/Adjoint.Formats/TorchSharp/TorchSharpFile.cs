using System.Text;

namespace Adjoint.Formats;

/// <summary>Reads and writes the state of a module as TorchSharp does, <c>.dat</c>: <c>module.load</c> and <c>module.save</c>.</summary>
/// <remarks>
/// The number of tensors, and for each its name, PyTorch's number of its dtype, its dimensions, their sizes, and its elements row by row;
/// numbers have seven bits in each byte.
/// </remarks>
public static class TorchSharpFile
{
    /// <summary>Loads every tensor of the file at <paramref name="path"/>, in its order.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name. Float16 and BFloat16 become Float32, Int8 and Int16 Int32.</returns>
    /// <exception cref="DataFormatException">It is no such file, or is damaged.</exception>
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
        var bytes = new FileBytes(stream.Given(), name.Given());
        var reader = new ElementReader(stream, name);
        var tensors = new OrderedDictionary<string, Tensor>();
        for (long left = bytes.Packed(); left > 0; left--)
        {
            string key = bytes.Text((ulong)bytes.Packed());
            long number = bytes.Packed(), dims = bytes.Packed();
            StoredType type = StoredTypes.OfTorchNumber(number)
                ?? throw bytes.Error($"tensor '{key}' has the type {number}, which is not read.");
            if (dims > ElementReader.MostDims)
                throw bytes.Error($"tensor '{key}' has {dims} dimensions; at most {ElementReader.MostDims} can be loaded.");
            long[] sizes = new long[dims];
            for (int i = 0; i < sizes.Length; i++) sizes[i] = bytes.Packed();
            if (ElementReader.CountBytes(type, sizes) > bytes.Left)
                throw bytes.Error(
                    $"tensor '{key}' of shape [{string.Join(", ", sizes)}] is larger than the rest of the file; it was cut short.");
            if (!tensors.TryAdd(key, reader.Read(type, sizes, $"tensor '{key}'", bytes.Position)))
                throw bytes.Error($"tensor '{key}' is there twice.");
        }
        return bytes.Left == 0 ? tensors : throw bytes.Error("the file goes on after its tensors.");
    }

    /// <summary>Saves <paramref name="tensors"/> by name, whole or not at all.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="tensors">The tensors; history is not saved.</param>
    /// <exception cref="ArgumentException">Two have the same name.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        KeyValuePair<string, Tensor>[] all = [.. tensors.Given()];
        var names = new HashSet<string>();
        foreach ((string name, Tensor tensor) in all)
        {
            tensor.Given(nameof(tensors));
            if (!names.Add(name.Given(nameof(tensors))))
                throw new ArgumentException($"The name '{name}' is taken; every tensor needs a name of its own.", nameof(tensors));
        }
        AtomicFile.Write(path.Given(), stream =>
        {
            using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
            writer.Write7BitEncodedInt(all.Length);
            foreach ((string name, Tensor tensor) in all) Write(writer, name, tensor.Detach());
        });
    }

    private static void Write(BinaryWriter writer, string name, Tensor tensor)
    {
        ElementReader.CheckOrder();
        writer.Write(name);
        writer.Write7BitEncodedInt(StoredTypes.Of(tensor.DType).TorchNumber);
        writer.Write7BitEncodedInt(tensor.Shape.Count);
        foreach (int size in tensor.Shape) writer.Write7BitEncodedInt(size);
        using var memory = new Loan();
        writer.Write(memory.Bytes(Elements.ToContiguous(tensor)));
    }
}
