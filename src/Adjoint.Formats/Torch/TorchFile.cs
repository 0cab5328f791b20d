namespace Adjoint.Formats;

/// <summary>Reads and writes files of PyTorch, <c>.pt</c> and <c>.pth</c>: <c>torch.load</c> and <c>torch.save</c>.</summary>
/// <remarks>
/// A file of PyTorch is a pickle, which in Python may run any code. Here it is data: numbers, texts, lists, tuples, dictionaries, sets and
/// tensors are read, and a file that names anything else is refused, as with <c>weights_only=True</c>. Tensors that shared memory when they
/// were saved share it again, views are views, and tensors from a GPU come to the CPU. Half precision, int8 and int16 become the smallest
/// dtype that holds all their values.
/// </remarks>
/// <example><code>
/// var net = new Sequential(new Linear(3, 2));
/// TorchFile.Save("net.pt", net.StateDict());      // torch.load("net.pt")
/// net.LoadStateDict(TorchFile.LoadTensors("net.pt"));
/// </code></example>
public static class TorchFile
{
    /// <summary>Loads the object of the file at <paramref name="path"/>.</summary>
    /// <param name="path">A file as <c>torch.save</c> writes it, or wrote it before version 1.6.</param>
    /// <returns>null, bool, long, <see cref="System.Numerics.BigInteger"/>, double, string, bytes, <see cref="Tensor"/>,
    /// <c>object?[]</c> for a tuple, <c>List&lt;object?&gt;</c>, <c>HashSet&lt;object?&gt;</c>, or
    /// <c>OrderedDictionary&lt;object, object?&gt;</c>, whose keys are texts and longs.</returns>
    /// <exception cref="DataFormatException">It is no such file, is damaged, or holds objects that only code can make.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static object? Load(string path)
    {
        using FileStream file = InputFile.Open(path.Given());
        return Load(file, path);
    }

    /// <summary>Loads the object of the file that <paramref name="stream"/>, which must be able to seek, holds.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <inheritdoc cref="Load(string)"/>
    public static object? Load(Stream stream, string name)
    {
        stream.Given();
        name.Given();
        Span<byte> start = stackalloc byte[16];
        long at = stream.Position;
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = at;
        if (TorchLegacy.Begins(start)) return new TorchLegacy(stream, name).Read();
        if (!start.StartsWith("PK"u8))
            throw new DataFormatException(
                name, at, "a file of PyTorch begins with 'PK' or with the magic number of its older form; this is not one.");
        using var zip = new TorchZip(stream, name);
        return zip.Read();
    }

    /// <summary>Loads the tensors of the file at <paramref name="path"/> by name.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors of a state dictionary by their names. Of dictionaries and lists in each other, names are joined by dots:
    /// <c>model.fc.weight</c>. What is no tensor is left out.</returns>
    /// <exception cref="DataFormatException">As for <see cref="Load(string)"/>; or two tensors would have the same name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static OrderedDictionary<string, Tensor> LoadTensors(string path) => new TorchNames(path.Given()).Of(Load(path));

    /// <summary>Saves <paramref name="value"/>, whole or not at all, as <c>torch.save</c> does.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="value">A tensor, a state dictionary, or any of these in each other: null, truth values, numbers, texts, bytes, dtypes,
    /// tensors, dictionaries, lists, C# tuples and <c>object?[]</c> (tuples of Python).</param>
    /// <exception cref="ArgumentException">It holds something else, or itself.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(string path, object? value)
    {
        path.Given();
        var writer = new TorchWriter();
        byte[] pickle = writer.Pickle(value);
        AtomicFile.Write(path, stream => writer.Write(stream, pickle));
    }
}
