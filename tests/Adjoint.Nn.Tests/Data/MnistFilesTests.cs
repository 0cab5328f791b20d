using System.IO.Compression;
using System.Security.Cryptography;
using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Tests.Architecture;

namespace Adjoint.Tests.Nn.Data;

public class MnistFilesTests
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "data", "mnist");

    [Fact]
    public void The_files_have_the_sums_listed_beside_them()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, "SHA256SUMS"));
        lines.Length.ShouldBe(4);
        foreach (string line in lines)
        {
            string[] parts = line.Split("  ");
            using FileStream file = File.OpenRead(Path.Combine(Folder, parts[1]));
            Convert.ToHexStringLower(SHA256.HashData(file)).ShouldBe(parts[0], parts[1]);
        }
    }

    [Theory]
    [InlineData(true, 60_000, new[] { 5, 0, 4, 1, 9 }, new[] { 5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949 })]
    [InlineData(false, 10_000, new[] { 7, 2, 1, 0, 4 }, new[] { 980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009 })]
    public void Reads_the_real_digits(bool train, int count, int[] first, int[] perClass)
    {
        LabelledImages digits = MnistFiles.Find().Read(train);
        (digits.Count, digits.Height, digits.Width).ShouldBe((count, 28, 28));
        digits.Pixels.Length.ShouldBe(count * 28 * 28);
        digits.Labels.Take(5).Select(label => (int)label).ShouldBe(first);
        Enumerable.Range(0, 10).Select(c => digits.Labels.Count(label => label == c)).ShouldBe(perClass);
        digits.Image(count - 1).Length.ShouldBe(28 * 28);
    }

    [Fact]
    public void Plain_and_packed_files_may_be_mixed()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "t10k-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
        Write(folder, "t10k-labels-idx1-ubyte.gz", Packed.Gzip([0, 0, 8, 1, 0, 0, 0, 2, 9, 0]));
        LabelledImages images = MnistFiles.Find(folder.Path).Read(train: false);
        (images.Height, images.Width).ShouldBe((1, 2));
        images.Image(1).ToArray().ShouldBe([3, 4]);
    }

    /// <summary>Either set × every name of either file, alone or in a folder of its name × plain or gzipped.</summary>
    [Fact]
    public void Files_are_found_as_archives_name_them()
    {
        byte[] pixels = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4], classes = [0, 0, 8, 1, 0, 0, 0, 2, 9, 0];
        int found = 0;
        foreach (bool train in (bool[])[false, true])
            foreach (string images in Names(train ? "train-images" : "t10k-images", "idx3-ubyte"))
                foreach (string labels in Names(train ? "train-labels" : "t10k-labels", "idx1-ubyte"))
                {
                    using var folder = new TemporaryFolder();
                    foreach ((string name, byte[] bytes) in ((string, byte[])[])[(images, pixels), (labels, classes)])
                    {
                        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
                        Write(folder, name, name.EndsWith(".gz", StringComparison.Ordinal) ? Packed.Gzip(bytes) : bytes);
                    }
                    MnistFiles.Find(folder.Path).Read(train).Count.ShouldBe(2, $"{images}, {labels}");
                    found++;
                }
        found.ShouldBe(2 * 12 * 12);

        static string[] Names(string file, string kind) =>
        [
            .. from extension in (string[])["", ".gz"]
               from name in (string[])[$"{file}-{kind}", $"{file}.{kind}"]
               from inside in (string[])["", $"{file}-{kind}/", $"{file}.{kind}/"]
               select inside + name + extension,
        ];
    }

    [Theory]
    [InlineData("train-images.zip", "There is train-images.zip;")]
    [InlineData("Train_Images-idx3", "There is Train_Images-idx3;")]
    [InlineData("t10k-images-idx3-ubyte", null)]
    [InlineData("train-labels-idx1-ubyte", null)]
    public void A_near_miss_is_named(string there, string? named)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "train-labels.idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 0]);
        Write(folder, there, [1]);
        string message = Should.Throw<FileNotFoundException>(() =>
        {
            File.Delete(folder.File("train-labels-idx1-ubyte"));
            MnistFiles.Find(folder.Path).Read(train: true);
        }).Message;
        message.ShouldContain(
            "train-images-idx3-ubyte: no such file, and no train-images-idx3-ubyte.gz or train-images.idx3-ubyte beside it.");
        if (named is null) message.ShouldNotContain("There is");
        else message.ShouldContain(named);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3 }, "2 images, but 3 labels")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 1, 10 }, "byte 9: label 1 is 10")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 1 }, "labels have 1 dimension")]
    public void Labels_that_do_not_belong_to_the_images_are_an_error(byte[] labels, string problem)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
        Write(folder, "train-labels-idx1-ubyte", labels);
        Should.Throw<DataFormatException>(() => MnistFiles.Find(folder.Path).Read(train: true)).Message.ShouldContain(problem);
    }

    /// <summary>A gigabyte of zeros packs into a megabyte; it is not unpacked when there are not as many labels.</summary>
    [Fact]
    public void Images_without_labels_are_not_unpacked()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 1, 1]);
        using (var gzip = new GZipStream(File.Create(folder.File("train-images-idx3-ubyte.gz")), CompressionLevel.Fastest))
        {
            gzip.Write([0, 0, 8, 3, 0, 4, 0, 0, 0, 0, 0, 16, 0, 0, 0, 16]);
            for (int i = 0; i < 64; i++) gzip.Write(new byte[1 << 20]);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<DataFormatException>(() => MnistFiles.Find(folder.Path).Read(train: true)).Message.ShouldContain(
            "262144 images, but 2 labels");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 << 20);
    }

    [Fact]
    public void A_directory_in_the_place_of_a_file_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 1]);
        Directory.CreateDirectory(folder.File("train-images-idx3-ubyte"));
        Should.Throw<IOException>(() => MnistFiles.Find(folder.Path).Read(train: true)).Message.ShouldContain(
            "train-images-idx3-ubyte: this is a directory");
    }

    [Fact]
    public void Images_that_are_none_are_an_error()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 1]);
        Write(folder, "train-images-idx3-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 1]);
        Should.Throw<DataFormatException>(() => MnistFiles.Find(folder.Path).Read(train: true)).Message.ShouldContain("3 dimensions");
        Write(folder, "train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
        Should.Throw<DataFormatException>(() => MnistFiles.Find(folder.Path).Read(train: true)).Message.ShouldContain("no images: 0×1×1");
    }

    [Fact]
    public void Missing_files_and_folders_are_named()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<FileNotFoundException>(() => MnistFiles.Find(folder.Path).Read(train: true)).Message.ShouldContain(
            folder.File("train-images-idx3-ubyte"));
        Should.Throw<DirectoryNotFoundException>(() => MnistFiles.Find(folder.File("nowhere"))).Message.ShouldContain(
            folder.File("nowhere"));
    }

    private static void Write(TemporaryFolder folder, string name, byte[] bytes) => File.WriteAllBytes(folder.File(name), bytes);
}
