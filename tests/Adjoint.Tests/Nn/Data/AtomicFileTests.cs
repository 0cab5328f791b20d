using Adjoint.Data;

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
}
