namespace Adjoint.Formats;

/// <summary>Reads and writes one tensor as a file of NumPy, <c>.npy</c>: <c>numpy.load</c> and <c>numpy.save</c>.</summary>
/// <example><code>
/// Npy.Save("points.npy", Tensor.Ones(2, 3));    // np.load("points.npy")
/// Tensor points = Npy.Load("points.npy");       // np.save("points.npy", a)
/// </code></example>
public static class Npy
{
    /// <summary>Loads the array of the file at <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A tensor of the array's shape. Float16 becomes Float32, int8, int16 and uint16 Int32, uint32 and uint64 Int64. An array in
    /// Fortran's order becomes a tensor with such strides.</returns>
    /// <exception cref="DataFormatException">It is no array of numbers or truth values, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Tensor Load(string path)
    {
        using FileStream file = InputFile.Open(path.Given());
        return Load(file, path);
    }

    /// <summary>Loads the array that is all the rest of <paramref name="stream"/>, which must be able to seek.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <inheritdoc cref="Load(string)"/>
    public static Tensor Load(Stream stream, string name) =>
        Load(stream.Given(), name.Given(), stream.Length - stream.Position);

    /// <summary>Saves <paramref name="tensor"/>, row by row, whole or not at all.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="tensor">The tensor; history is not saved.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(string path, Tensor tensor)
    {
        path.Given();
        tensor.Given();
        AtomicFile.Write(path, stream => Save(stream, tensor));
    }

    /// <summary>Writes <paramref name="tensor"/>, row by row, to <paramref name="stream"/>.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensor">The tensor; history is not saved.</param>
    public static void Save(Stream stream, Tensor tensor)
    {
        stream.Given();
        tensor.Given();
        ElementReader.CheckOrder();
        stream.Write(NpyHeader.Of(tensor.DType, tensor.Shape));
        using var memory = new Loan();
        stream.Write(memory.Bytes(Elements.ToContiguous(tensor.Detach())));
    }

    /// <summary>Loads the array that <paramref name="stream"/> holds, of which at most so many bytes are there.</summary>
    internal static Tensor Load(Stream stream, string name, long most)
    {
        NpyHeader header = NpyHeader.Read(stream, name);
        long bytes = ElementReader.CountBytes(header.Type, header.Sizes);
        // Before memory is taken on the word of a header.
        if (bytes > most - header.Length)
            throw new DataFormatException(
                name, header.Length, $"the array of shape [{string.Join(", ", header.Sizes)}] has {bytes} bytes, but the file has at most "
                + $"{Math.Max(0, most - header.Length)} more; it was cut short.");
        long[] sizes = header.IsFortran ? [.. header.Sizes.Reverse()] : header.Sizes;
        Tensor x = new ElementReader(stream, name, header.IsBigEndian).Read(header.Type, sizes, "the array", header.Length);
        if (stream.ReadByte() >= 0)
            throw new DataFormatException(name, header.Length + bytes, "the file goes on after the elements of its array.");
        return header.IsFortran && header.Sizes.Length > 1 ? x.Permute([.. Enumerable.Range(0, sizes.Length).Reverse()]) : x;
    }
}
