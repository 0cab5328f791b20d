namespace Adjoint.Data;

/// <summary>
/// The lines of text files, one after the other, as examples; read as they are asked for, so that a file may be of any size.
/// </summary>
/// <param name="paths">The files, UTF-8, one after the other.</param>
/// <param name="encode">Makes an example of a line; null leaves the line out.</param>
public sealed class TextLines(IReadOnlyList<string> paths, Func<string, Tensor[]?> encode) : IterableDataset
{
    private readonly string[] _paths = [.. paths.AllGiven()];
    private readonly Func<string, Tensor[]?> _encode = encode.Given();

    /// <summary>Begins a pass: the files are opened one after the other.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public override IEnumerator<Tensor[]> GetEnumerator()
    {
        foreach (string path in _paths)
        {
            using var reader = new StreamReader(Formats.InputFile.Open(path));
            while (reader.ReadLine() is { } line)
                if (_encode(line) is { } example) yield return example;
        }
    }
}
