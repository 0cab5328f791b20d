namespace Adjoint.Formats;

/// <summary>Opens files that somebody else has made.</summary>
internal static class InputFile
{
    /// <summary>Opens the regular file at <paramref name="path"/> to be read.</summary>
    /// <exception cref="IOException">There is none, or it is a directory, a pipe or a device.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading it is not allowed.</exception>
    public static FileStream Open(string path)
    {
        if (path.Length == 0) throw new FileNotFoundException("'': a file's name cannot be empty.");
        if (path.Contains('\0')) throw new ArgumentException("The name of a file holds a null character.", nameof(path));
        // The system calls a directory a file that may not be read.
        if (Directory.Exists(path)) throw new IOException($"{path}: this is a directory; a file was expected.");
        if (UnixFile.SpecialKind(path) is { } kind) throw new IOException($"{path}: this is {kind}; a regular file was expected.");
        return File.OpenRead(path);
    }
}
