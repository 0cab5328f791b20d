namespace Adjoint.Formats;

/// <summary>
/// A new file beside the one it will replace. As long as the process lives it holds a lock on it; what a process leaves behind that was
/// killed is recognised by the lock that nobody holds, also across containers that share a folder, where ids of processes say nothing.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private const string Suffix = ".adjoint-tmp";

    /// <summary>Of the name of the file that is replaced, so that the new name stays below the 255 bytes that names may have.</summary>
    private const int StemLength = 40;

    private readonly string _path;
    private FileStream? _stream;

    private TemporaryFile(string path, FileStream stream) => (_path, _stream) = (path, stream);

    /// <summary>The content, to be written.</summary>
    public Stream Content => _stream!;

    /// <summary>A new file in the folder of <paramref name="target"/>, with the mode of the file that is there already.</summary>
    public static TemporaryFile Beside(string target)
    {
        string name = Path.GetFileName(target), stem = name.Length <= StemLength ? name : name[..StemLength];
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,           // Windows renames an open file only then; a lock it is all the same
            BufferSize = 1 << 16,
        };
        UnixFileMode? mode = OperatingSystem.IsWindows() || !File.Exists(target) ? null : File.GetUnixFileMode(target);
        if (mode is { } created && !OperatingSystem.IsWindows()) options.UnixCreateMode = created | UnixFileMode.UserWrite;
        for (int attempt = 1; ; attempt++)
        {
            string path = Path.Combine(Path.GetDirectoryName(target)!, $".{stem}.{Path.GetRandomFileName()[..8]}{Suffix}");
            FileStream stream;
            try
            {
                stream = new FileStream(path, options);
            }
            catch (IOException) when (attempt < 5 && File.Exists(path))
            {
                continue;       // another process looked whether the file, new and not yet locked, was left behind
            }
            try
            {
                // What a new file may not have by the umask, the old one had.
                if (mode is { } kept && !OperatingSystem.IsWindows()) File.SetUnixFileMode(stream.SafeFileHandle, kept);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A file system without modes has none to keep.
            }
            return new TemporaryFile(path, stream);
        }
    }

    /// <summary>Deletes what processes that were killed have left in <paramref name="directory"/>.</summary>
    public static void DeleteAbandoned(string directory)
    {
        try
        {
            var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true };
            foreach (string path in Directory.EnumerateFiles(directory, ".*" + Suffix, options))
            {
                if (UnixFile.SpecialKind(path) is not null || File.ResolveLinkTarget(path, false) is not null) continue;
                try
                {
                    using FileStream locked = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                    if (OperatingSystem.IsWindows()) locked.Dispose();
                    File.Delete(path);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // Its process lives, or it is somebody else's.
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be listed can still be written to.
        }
    }

    /// <summary>Forces the content to the disk.</summary>
    public void Flush() => _stream!.Flush(flushToDisk: true);

    /// <summary>What the system says of this file, said of the one it was to become.</summary>
    public string Renamed(string message, string target) => message.Replace(_path, target);

    /// <summary>Gives the file its name. It stays open, and so locked, until it has that.</summary>
    public void MoveTo(string target)
    {
        File.Move(_path, target, overwrite: true);
        _stream!.Dispose();
        _stream = null;
    }

    /// <summary>Deletes the file, if it has not got its name.</summary>
    public void Dispose()
    {
        if (_stream is null) return;
        try
        {
            File.Delete(_path);
        }
        finally
        {
            try
            {
                _stream.Dispose();
            }
            catch (IOException)
            {
                // It would have written the rest of its buffer into a file that is given up: the first error is the one to tell.
            }
            _stream = null;
            if (OperatingSystem.IsWindows()) File.Delete(_path);
        }
    }
}
