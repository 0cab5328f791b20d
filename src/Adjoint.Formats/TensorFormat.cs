namespace Adjoint.Formats;

/// <summary>A format of files with tensors.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Begins">Whether a file begins so: its first bytes.</param>
/// <param name="Load">Loads the tensors of a file.</param>
/// <param name="List">Lists what a file holds.</param>
internal sealed record TensorFormat(
    string Name, Func<byte[], string, bool> Begins, Func<string, OrderedDictionary<string, Tensor>> Load, Func<string, FileListing> List)
{
    private const int StartBytes = 16;

    // Asked one after the other; safetensors, which begins with a length, comes last and says what is wrong.
    private static readonly TensorFormat[] s_all =
    [
        new("NumPy array", (start, _) => NpyHeader.Begins(start), path => new() { [""] = Npy.Load(path) },
            path => FileListing.Of(new() { [""] = Npy.Load(path) })),
        new("NumPy archive", (start, path) => IsZip(start) && !HasPickle(path), Npz.Load, path => FileListing.Of(Npz.Load(path))),
        new("PyTorch", (start, _) => IsZip(start) || TorchLegacy.Begins(start), TorchFile.LoadTensors, FileListing.OfTorch),
        new("GGUF", (start, _) => start.AsSpan().StartsWith(GgufHeader.Magic), Gguf.Load, FileListing.OfGguf),
        // Nothing but its ending tells such a file.
        new("TorchSharp", (_, path) => path.EndsWith(".dat", StringComparison.OrdinalIgnoreCase), TorchSharpFile.Load,
            path => FileListing.Of(TorchSharpFile.Load(path))),
        new("safetensors", (_, _) => true, SafeTensors.Load, FileListing.OfSafeTensors),
    ];

    /// <summary>The format of the file at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static TensorFormat Of(string path)
    {
        byte[] start = new byte[StartBytes];
        using (FileStream file = InputFile.Open(path)) start = start[..file.ReadAtLeast(start, StartBytes, throwOnEndOfStream: false)];
        return Array.Find(s_all, format => format.Begins(start, path))!;
    }

    private static bool IsZip(byte[] start) => start.AsSpan().StartsWith("PK"u8);

    private static bool HasPickle(string path)
    {
        using FileStream file = InputFile.Open(path);
        using var archive = new Archive(file, path);
        return archive.Entries.Any(entry => entry.Name == TorchZip.PickleName);
    }
}
