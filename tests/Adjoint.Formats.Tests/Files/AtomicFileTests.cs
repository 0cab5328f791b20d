using Adjoint.Data;
using Adjoint.Formats;

namespace Adjoint.Tests.Nn.Data;

public class AtomicFileTests
{
    [Fact]
    public void Writes_and_replaces()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder.File("a"), stream => stream.Write([1, 2, 3]));
        AtomicFile.Write(folder.File("a"), stream => stream.Write([4]));
        File.ReadAllBytes(folder.File("a")).ShouldBe([4]);
        Directory.GetFiles(folder.Path).Length.ShouldBe(1);
    }

    [Fact]
    public void A_failure_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder.File("a"), stream => stream.Write([1, 2, 3]));
        Should.Throw<ArithmeticException>(() => AtomicFile.Write(folder.File("a"), stream =>
        {
            stream.Write(new byte[100_000]);
            throw new ArithmeticException();
        }));
        File.ReadAllBytes(folder.File("a")).ShouldBe([1, 2, 3]);
        Directory.GetFiles(folder.Path).Length.ShouldBe(1);
    }

    [Fact]
    public void A_missing_folder_is_an_error() =>
        Should.Throw<DirectoryNotFoundException>(() => AtomicFile.Write("/nowhere/at/all", _ => { }));

    [Fact]
    public void The_permissions_of_the_old_file_are_kept()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        string path = folder.File("a");
        foreach (UnixFileMode mode in (UnixFileMode[])[(UnixFileMode)0x180, (UnixFileMode)0x1ff, (UnixFileMode)0x1a0])      // 600, 777, 640
        {
            File.WriteAllBytes(path, [1]);
            File.SetUnixFileMode(path, mode);
            AtomicFile.Write(path, stream =>
            {
                string temporary = Directory.GetFiles(folder.Path, ".*").Single();
                if (!OperatingSystem.IsWindows())       // what is private is never open to others
                    (File.GetUnixFileMode(temporary) & ~mode).ShouldBe(UnixFileMode.None);
                stream.Write([2]);
            });
            File.GetUnixFileMode(path).ShouldBe(mode);
            File.ReadAllBytes(path).ShouldBe([2]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_stays_and_leads_to_the_new_content(bool exists)
    {
        if (OperatingSystem.IsWindows()) return;        // links need a privilege there
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        if (exists) File.WriteAllBytes(elsewhere.File("real"), [1]);
        File.CreateSymbolicLink(folder.File("middle"), elsewhere.File("real"));
        File.CreateSymbolicLink(folder.File("a"), "middle");
        AtomicFile.Write(folder.File("a"), stream => stream.Write([2, 3]));
        new FileInfo(folder.File("a")).LinkTarget.ShouldBe("middle");
        new FileInfo(folder.File("middle")).LinkTarget.ShouldBe(elsewhere.File("real"));
        File.ReadAllBytes(elsewhere.File("real")).ShouldBe([2, 3]);
        Directory.GetFiles(folder.Path).Length.ShouldBe(2);
    }

    [Fact]
    public void Only_a_regular_file_is_replaced()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder"));
        File.CreateSymbolicLink(folder.File("loop"), folder.File("loop"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", folder.File("pipe"))) mkfifo.WaitForExit();
        foreach ((string path, string kind) in ((string, string)[])
            [(folder.File("folder"), "a directory"), (folder.File("pipe"), "a pipe"), ("/dev/null", "a device"),
                (folder.File("loop"), "loop")])
        {
            Should.Throw<IOException>(() => AtomicFile.Write(path, stream => stream.WriteByte(1))).Message.ShouldContain(kind);
            Should.Throw<IOException>(() => AtomicFile.CheckWritable(path)).Message.ShouldContain(kind);
        }
        Directory.GetFileSystemEntries(folder.Path).Length.ShouldBe(3);
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_and_what_a_living_one_writes_is_not()
    {
        using var folder = new TemporaryFolder();
        string left = folder.File(".model.abcdefgh.adjoint-tmp"), another = folder.File(".a.12345678.adjoint-tmp"),
            own = folder.File(".notes.tmp");
        foreach (string path in (string[])[left, another, own]) File.WriteAllBytes(path, [1]);
        AtomicFile.Write(folder.File("a"), outer =>
        {
            outer.WriteByte(1);
            AtomicFile.Write(folder.File("b"), inner => inner.WriteByte(2));
            Directory.GetFiles(folder.Path, ".*.adjoint-tmp").Length.ShouldBe(1);
        });
        Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)).Order().ShouldBe([".notes.tmp", "a", "b"]);
    }

    [Fact]
    public void A_long_name_is_written_as_well()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(new string('é', 120));
        AtomicFile.Write(path, stream => stream.WriteByte(1));
        File.Exists(path).ShouldBeTrue();
    }

    [Fact]
    public async Task Files_that_belong_together_are_never_seen_of_two_moments()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("model"), metrics = folder.File("metrics");
        Save(0);
        using var end = new CancellationTokenSource();
        Task saving =
            Task.Run(() => { for (int i = 1; i <= 200; i++) Save((byte)i); end.Cancel(); }, TestContext.Current.CancellationToken);
        int seen = 0;
        while (!end.IsCancellationRequested)
        {
            // Metrics are read twice: what did not change meanwhile was of the moment of the model read in between.
            int before = Read(metrics), of = Read(model), after = Read(metrics);
            if (before < 0 || before != after) continue;
            of.ShouldBe(before);
            seen++;
        }
        await saving;
        seen.ShouldBeGreaterThan(0);

        void Save(byte moment) => AtomicFile.WriteTogether((model, s => s.WriteByte(moment)), (metrics, s => s.WriteByte(moment)));

        static int Read(string path)
        {
            try
            {
                return File.ReadAllBytes(path)[0];
            }
            catch (FileNotFoundException)
            {
                return -1;
            }
        }
    }

    [Fact]
    public void When_one_of_several_files_fails_all_stay_as_they_were()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteTogether((folder.File("a"), s => s.WriteByte(1)), (folder.File("b"), s => s.WriteByte(1)));
        string message = Should.Throw<IOException>(() => AtomicFile.WriteTogether(
            (folder.File("a"), s => s.WriteByte(2)), (folder.File("b"), _ => throw new IOException("No space left on device")))).Message;
        message.ShouldBe($"{folder.File("b")}: cannot be saved, and what was there before is as it was: No space left on device");
        foreach (string name in (string[])["a", "b"]) File.ReadAllBytes(folder.File(name)).ShouldBe([1]);
        Directory.GetFiles(folder.Path).Length.ShouldBe(2);
    }
}
