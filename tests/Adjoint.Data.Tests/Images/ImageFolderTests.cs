using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Vision;

namespace Adjoint.Tests.Data;

public class ImageFolderTests
{
    [Fact]
    public void What_was_saved_is_read_again()
    {
        using var folder = new TemporaryFolder();
        Tensor colour = Tensor.RandInt(0, 256, Shape.Of(3, 5, 7), generator: new Generator(1)).To(DType.UInt8);
        ImageFile.Save(folder.File("a.png"), colour);
        ImageFile.Read(folder.File("a.png")).Eq(colour).All().Item().ShouldBe(1);
        Tensor grey = Tensor.Rand([1, 4, 3], generator: new Generator(2));
        ImageFile.Save(folder.File("b.png"), grey);
        Tensor read = ImageFile.Read(folder.File("b.png"), grey: true);
        read.Shape.ShouldBe(Shape.Of(1, 4, 3));
        (read.To(DType.Float32) / 255 - grey).Abs().Max().Item().ShouldBeLessThanOrEqualTo(0.5 / 255 + 1e-6);
        ImageFile.Read(folder.File("b.png")).Shape.ShouldBe(Shape.Of(3, 4, 3));
    }

    /// <summary>Files that Pillow wrote, and the bytes that it reads in them: tests/Parity/image_fixtures.py.</summary>
    [Theory]
    [InlineData("rgb.png", 0), InlineData("grey.png", 0), InlineData("palette.png", 0), InlineData("alpha.png", 0), InlineData("rgb.bmp", 0)]
    [InlineData("sampled.jpg", 12), InlineData("full.jpg", 3), InlineData("grey.jpg", 2), InlineData("turned.jpg", 3)]
    public void Reads_what_Pillow_reads(string name, int most)
    {
        string place = Parity.Fixtures.PathOf(Path.Combine("images", name));
        byte[] expected = File.ReadAllBytes(Parity.Fixtures.PathOf(Path.Combine("images", name + ".bytes")));
        Tensor image = ImageFile.Read(place);
        image.NumEl.ShouldBe(expected.Length);
        Tensor difference = image.Permute(1, 2, 0).To(DType.Float32).Flatten() - Tensor.From(expected).To(DType.Float32);
        difference.Abs().Max().Item().ShouldBeLessThanOrEqualTo(most);
        difference.Abs().Mean().Item().ShouldBeLessThanOrEqualTo(most / 4.0);
    }

    [Fact]
    public void Classes_are_folders_and_examples_are_their_pictures_in_order()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["dog/2.png", "dog/10.png", "cat/b/1.png", "cat/a.png", "Emu/x.PNG"];
        for (int i = 0; i < names.Length; i++)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(names[i]))!);
            ImageFile.Save(folder.File(names[i]), Tensor.Full([3, 4, 6 + i], i * 10L, DType.UInt8));
        }
        File.WriteAllText(folder.File("cat/notes.txt"), "no picture");
        var data = new ImageFolder(folder.Path, new Compose(new Resize(4, 4), new ToTensor()));
        data.Classes.ShouldBe(["Emu", "cat", "dog"]);
        data.Files.Select(f => Path.GetRelativePath(folder.Path, f.Path).Replace('\\', '/'))
            .ShouldBe(["Emu/x.PNG", "cat/a.png", "cat/b/1.png", "dog/10.png", "dog/2.png"]);
        (Tensor x, Tensor y) = new DataLoader(data, 5, workers: 3).Single();
        x.Shape.ShouldBe(Shape.Of(5, 3, 4, 4));
        y.ToArray<long>().ShouldBe([0L, 1, 1, 2, 2]);
        x.Select(1, 0).Select(1, 0).Select(1, 0).ToArray<float>().ShouldBe([40 / 255f, 30 / 255f, 20 / 255f, 10 / 255f, 0], 1e-6f);
    }

    [Fact]
    public void What_is_no_picture_or_no_folder_of_classes_is_said()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<FileNotFoundException>(() => new ImageFolder(folder.Path)).Message.ShouldContain("no folder");
        Should.Throw<DirectoryNotFoundException>(() => new ImageFolder(folder.File("nowhere")));
        Directory.CreateDirectory(folder.File("cat"));
        Should.Throw<FileNotFoundException>(() => new ImageFolder(folder.Path)).Message.ShouldContain("cat");
        File.WriteAllText(folder.File("cat/1.png"), "this is text");
        Should.Throw<DataFormatException>(() => new ImageFolder(folder.Path)[0]).File.ShouldEndWith("1.png");
        Should.Throw<ArgumentOutOfRangeException>(() => new ImageFolder(folder.Path)[1]);
    }

    /// <summary>Damaged files of each format: cut short, and with bytes changed. They are errors of the file, or are read; nothing else.</summary>
    [Theory, InlineData("rgb.png"), InlineData("palette.png"), InlineData("rgb.bmp"), InlineData("sampled.jpg"), InlineData("grey.jpg")]
    public void Damaged_pictures_are_the_files_fault(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(Parity.Fixtures.PathOf(Path.Combine("images", name)));
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 150; i++)
        {
            byte[] bytes = i % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int k = 0; k < i % 3 * 2 && bytes.Length > 0; k++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            string path = folder.File("damaged");
            File.WriteAllBytes(path, bytes);
            try
            {
                ImageFile.Read(path);
            }
            catch (DataFormatException e)
            {
                e.File.ShouldBe(path);
                refused++;
            }
        }
        refused.ShouldBeGreaterThan(20);
    }
}
