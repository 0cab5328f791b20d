namespace Adjoint.Formats;

/// <summary>A file is not what its format says it should be: damaged, cut short, hostile, or another format altogether.</summary>
public sealed class DataFormatException : TensorException
{
    /// <summary>Says what is wrong with <paramref name="file"/>, and where.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="offset">The byte at which it is wrong, of the data after unpacking.</param>
    /// <param name="problem">What was expected and what was found.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public DataFormatException(string file, long offset, string problem, Exception? inner = null)
        : base(OneLine($"{file.Given()}, byte {offset}: {problem.Given()}"), inner) => (File, Offset) = (file, offset);

    /// <summary>The file's name.</summary>
    public string File { get; }

    /// <summary>The byte at which it is wrong, of the data after unpacking.</summary>
    public long Offset { get; }

    // What a file says of itself is quoted: it could be long, or move the cursor of whoever reads it.
    private static string OneLine(string message)
    {
        const int Most = 2000;
        if (message.Length > Most) message = message[..Most] + " …";
        return message.AsSpan().ContainsAnyInRange('\0', '\u001f') || message.AsSpan().ContainsAnyInRange('\u007f', '\u009f')
            ? string.Concat(message.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : $"{c}")) : message;
    }
}
