using System.Diagnostics;
using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Tests.Cli;

namespace Adjoint.Tests.Nn.Data;

/// <summary>Every way to read a file, of everything that can have a name and is no regular file: a message, and at once.</summary>
public class InputFileTests
{
    public static TheoryData<string, string> Cases()
    {
        var rows = new TheoryData<string, string>();
        foreach (string reader in Readers.Keys)
            foreach (string kind in (string[])["pipe", "link to pipe", "device", "endless device", "directory", "nothing", "empty name"])
                rows.Add(reader, kind);
        return rows;
    }

    private static readonly Dictionary<string, Action<string>> Readers = new()
    {
        ["safetensors"] = path => SafeTensors.Load(path),
        ["safetensors reader"] = path => new SafeTensorsReader(path).Dispose(),
        ["idx"] = path => IdxReader.Read(path),
        ["eval"] = path =>
        {
            CommandLineRun run = CommandLineRun.Of("eval", "--model", path);
            run.Exit.ShouldBe(2);
            run.Error.TrimEnd().ShouldNotContain("\n");
            throw new IOException(run.Error);
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task What_is_no_regular_file_is_refused_at_once(string reader, string kind)
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        string pipe = folder.File("pipe");
        using (var mkfifo = Process.Start("mkfifo", pipe)) await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(folder.File("link"), pipe);
        (string path, string named) = kind switch
        {
            "pipe" => (pipe, "a pipe"),
            "link to pipe" => (folder.File("link"), "a pipe"),
            "device" => ("/dev/null", "a device"),
            "endless device" => ("/dev/zero", "a device"),
            "directory" => (folder.Path, "a directory"),
            "nothing" => (folder.File("nothing"), "nothing"),
            _ => ("", "empty"),
        };
        Task reading = Task.Run(() => Readers[reader](path), TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<IOException>(reading.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)))
            .Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte.gz")]
    [InlineData("train-labels-idx1-ubyte")]
    [InlineData("t10k-images.idx3-ubyte")]
    public async Task A_pipe_among_the_images_is_refused_at_once(string name)
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("train-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
        File.WriteAllBytes(folder.File("train-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 2, 9, 0]);
        File.WriteAllBytes(folder.File("t10k-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 2, 9, 0]);
        File.Delete(folder.File(name));
        using (var mkfifo = Process.Start("mkfifo", folder.File(name)))
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        Task<CommandLineRun> training = Task.Run(
            () => CommandLineRun.Of("train", "--data", folder.Path, "--out", folder.File("out")), TestContext.Current.CancellationToken);
        (await training.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ShouldRefuse("a pipe");
    }
}
