using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Architecture;

namespace Adjoint.Tests.Formats;

/// <summary>Files by PyTorch and NumPy, and those of ours that they were seen to read: tests/Parity/file_fixtures.py.</summary>
internal static class WrittenFiles
{
    internal static string PathOf(string name) => Path.Combine(SourceTree.Root, "tests", "Parity", "fixtures", "files", name);

    /// <summary>Whether what is written here is what PyTorch and NumPy were asked to read. Writes it where that is asked for.</summary>
    internal static void ShouldBeAsRead(string name, Action<string> write)
    {
        if (Environment.GetEnvironmentVariable("ADJOINT_WRITE_FILES") is not null) write(PathOf(name));
        using var folder = new TemporaryFolder();
        write(folder.File(name));
        File.ReadAllBytes(folder.File(name)).ShouldBe(File.ReadAllBytes(PathOf(name)), name);
    }
}
