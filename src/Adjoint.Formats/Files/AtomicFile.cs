namespace Adjoint.Formats;

/// <summary>Writes a file whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes to a new file beside <paramref name="path"/>, forces it to the disk, and gives it that name. Whatever goes wrong
    /// before, an earlier file of that name is as it was and nothing else is left behind.
    /// </summary>
    /// <remarks>
    /// The new file has the permissions of the old one. Where <paramref name="path"/> is a symbolic link, the file it leads to is replaced
    /// and the link stays. What a process left behind that was killed while it saved is deleted by the next one that saves in the folder.
    /// </remarks>
    /// <param name="path">The name the file gets; a file of that name is replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full, or what has that name is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file there may not be written to.</exception>
    public static void Write(string path, Action<Stream> write) => WriteTogether((path.Given(), write.Given()));

    /// <summary>
    /// Writes several files that belong together. All are written to the disk before the first gets its name; from then on whoever reads
    /// them, also after the process was killed in between, finds only files of the same moment: those that were there before are
    /// deleted, all but the first, then the new ones come in the order given.
    /// </summary>
    /// <param name="files">The names the files get and what writes their content; the most important one first.</param>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    public static void WriteTogether(params IReadOnlyList<(string Path, Action<Stream> Write)> files)
    {
        foreach ((string path, Action<Stream> write) in files.Given())
        {
            path.Given(nameof(files));
            write.Given(nameof(files));
        }
        string[] targets = [.. files.Select(file => Target(file.Path))];
        string[] folders = [.. targets.Select(target => Path.GetDirectoryName(target)!).Distinct()];
        foreach (string folder in folders) TemporaryFile.DeleteAbandoned(folder);
        var written = new List<TemporaryFile>(targets.Length);
        try
        {
            foreach ((string target, (string _, Action<Stream> write)) in targets.Zip(files))
            {
                var file = TemporaryFile.Beside(target);
                written.Add(file);
                try
                {
                    write(file.Content);
                    file.Flush();
                }
                catch (IOException e) when (e.GetType() == typeof(IOException))     // the disk is full, as a rule
                {
                    throw new IOException(
                        $"{target}: cannot be saved, and what was there before is as it was: {file.Renamed(e.Message, target)}", e);
                }
            }
            foreach (string target in targets.Skip(1)) File.Delete(target);
            if (targets.Length > 1) Sync();     // or the disk might have the new first file beside the old second one
            foreach ((TemporaryFile file, string target) in written.Zip(targets)) file.MoveTo(target);
            Sync();
        }
        finally
        {
            foreach (TemporaryFile file in written) file.Dispose();
        }

        void Sync()
        {
            foreach (string folder in folders) UnixFile.SyncDirectory(folder);
        }
    }

    /// <summary>
    /// Throws what <see cref="Write"/> would throw for <paramref name="path"/>, before the work whose result is to be saved.
    /// </summary>
    /// <param name="path">Where a file is going to be written.</param>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    public static void CheckWritable(string path)
    {
        path.Given();
        using TemporaryFile probe = TemporaryFile.Beside(Target(path));
        probe.Flush();
    }

    /// <summary>The file that is replaced: what a link leads to. Only a regular file that may be written to is, or nothing yet.</summary>
    private static string Target(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0')) throw new ArgumentException("The name of a file holds a null character.", nameof(path));
        string target = Path.GetFullPath(path);
        if (new FileInfo(target).LinkTarget is not null) target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        if (Path.GetDirectoryName(target) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{path}: there is no folder {folder} to save into.");
        if (Directory.Exists(target)) throw new IOException($"{path}: this is a directory; a file cannot be saved under that name.");
        if (UnixFile.SpecialKind(target) is { } kind)
            throw new IOException($"{path}: this is {kind}; a file saved under that name would take its place.");
        if (File.Exists(target)) File.OpenHandle(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
        return target;
    }
}
