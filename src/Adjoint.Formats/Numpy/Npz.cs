using System.IO.Compression;

namespace Adjoint.Formats;

/// <summary>Reads and writes named tensors as an archive of NumPy, <c>.npz</c>: <c>numpy.load</c> and <c>numpy.savez</c>.</summary>
/// <example><code>
/// var net = new Sequential(new Linear(3, 2));
/// Npz.Save("state.npz", net.StateDict());       // np.load("state.npz")["0.weight"]
/// net.LoadStateDict(Npz.Load("state.npz"));
/// </code></example>
public static class Npz
{
    private const string Ending = ".npy";

    /// <summary>Loads every array of the file at <paramref name="path"/>, by name and in its order.</summary>
    /// <param name="path">The file, packed or not.</param>
    /// <returns>The tensors, as of <see cref="Npy.Load(string)"/>.</returns>
    /// <exception cref="DataFormatException">It is no archive of arrays of numbers or truth values, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path)
    {
        using FileStream file = InputFile.Open(path.Given());
        using var archive = new Archive(file, path);
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string name = entry.FullName.EndsWith(Ending, StringComparison.Ordinal) ? entry.FullName[..^Ending.Length] : entry.FullName;
            if (tensors.ContainsKey(name)) throw new DataFormatException(path, 0, $"array '{name}' is there twice.");
            using Stream stream = archive.Open(entry);
            tensors.Add(name, Npy.Load(stream, $"{path}/{entry.FullName}", Archive.MostBytes(entry)));
        }
        return tensors;
    }

    /// <summary>Saves <paramref name="tensors"/> by name, whole or not at all.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="tensors">The tensors; history is not saved.</param>
    /// <param name="compressed">Whether to pack them: <c>numpy.savez_compressed</c>.</param>
    /// <exception cref="ArgumentException">Two have the same name, or a name is empty.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compressed = false)
    {
        KeyValuePair<string, Tensor>[] all = [.. tensors.Given()];
        var names = new HashSet<string>();
        foreach ((string name, Tensor tensor) in all)
        {
            tensor.Given(nameof(tensors));
            if (name.Given(nameof(tensors)).Length == 0) throw new ArgumentException("A tensor has an empty name.", nameof(tensors));
            if (!names.Add(name))
                throw new ArgumentException($"The name '{name}' is taken; every tensor needs a name of its own.", nameof(tensors));
        }
        CompressionLevel level = compressed ? CompressionLevel.Optimal : CompressionLevel.NoCompression;
        AtomicFile.Write(path.Given(), stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string name, Tensor tensor) in all)
            {
                using Stream entry = Archive.Create(archive, name + Ending, level);
                Npy.Save(entry, tensor);
            }
        });
    }
}
