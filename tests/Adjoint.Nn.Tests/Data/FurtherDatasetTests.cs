using Adjoint.Data;
using Adjoint.Formats;

namespace Adjoint.Tests.Nn.Data;

public class FurtherDatasetTests
{
    private static byte[] Idx(params int[] dims)
    {
        var bytes = new List<byte> { 0, 0, 8, (byte)dims.Length };
        foreach (int dim in dims) bytes.AddRange([0, 0, (byte)(dim >> 8), (byte)dim]);
        return [.. bytes];
    }

    [Fact]
    public void Cifar_is_read_channel_by_channel()
    {
        using var folder = new TemporaryFolder();
        for (int file = 1; file <= 5; file++)
        {
            byte[] record = [(byte)file, .. Enumerable.Repeat((byte)(10 * file), 1024), .. Enumerable.Repeat((byte)100, 1024),
                .. Enumerable.Repeat((byte)255, 1024)];
            File.WriteAllBytes(folder.File($"data_batch_{file}.bin"), [.. record, .. record]);
        }
        ImageDataset train = Cifar10.Load(directory: folder.Path);
        (Tensor x, Tensor y) = train.All();
        x.Shape.ShouldBe(Shape.Of(10, 3, 32, 32));
        y.ToArray<long>().ShouldBe([1L, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        x.Mean([2, 3]).Select(0, 9).ToArray<float>().ShouldBe([50 / 255f, 100 / 255f, 1], 1e-6f);
        Tensor normalized = Cifar10.Load(directory: folder.Path, normalize: true)[9][0];
        for (int c = 0; c < 3; c++)
            normalized.Select(0, c).Mean().Item()
                .ShouldBe((new[] { 50, 100, 255 }[c] / 255.0 - Cifar10.Mean[c]) / Cifar10.Std[c], 1e-5);
        Should.Throw<IOException>(() => Cifar10.Load(train: false, folder.Path)).Message.ShouldContain("test_batch.bin");

        File.WriteAllBytes(folder.File("test.bin"), [7, 99, .. new byte[3072]]);
        Cifar100.Load(train: false, folder.Path)[0][1].Item().ShouldBe(99);
        Cifar100.Load(train: false, folder.Path, coarse: true)[0][1].Item().ShouldBe(7);
        File.WriteAllBytes(folder.File("train.bin"), [7, 100, .. new byte[3072]]);
        Should.Throw<DataFormatException>(() => Cifar100.Load(directory: folder.Path)).Message.ShouldContain("0 to 99");
        File.WriteAllBytes(folder.File("train.bin"), new byte[3073]);
        Should.Throw<DataFormatException>(() => Cifar100.Load(directory: folder.Path)).Message.ShouldContain("3074");
    }

    [Fact]
    public void Emnist_is_as_in_its_files_or_upright()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("emnist-letters-test-images-idx3-ubyte"), [.. Idx(1, 2, 3), 1, 2, 3, 4, 5, 6]);
        File.WriteAllBytes(folder.File("emnist-letters-test-labels-idx1-ubyte"), [.. Idx(1), 26]);
        ImageDataset letters = Emnist.Load(EmnistSplit.Letters, train: false, folder.Path);
        letters.Images.Pixels.ShouldBe(new byte[] { 1, 2, 3, 4, 5, 6 });
        letters[0][1].Item().ShouldBe(26);
        LabelledImages upright = Emnist.Load(EmnistSplit.Letters, train: false, folder.Path, upright: true).Images;
        (upright.Height, upright.Width).ShouldBe((3, 2));
        upright.Pixels.ShouldBe(new byte[] { 1, 4, 2, 5, 3, 6 });
        Should.Throw<IOException>(() => Emnist.Load(EmnistSplit.Digits, train: false, folder.Path)).Message.ShouldContain("emnist-digits-test");
        Should.Throw<ArgumentOutOfRangeException>(() => Emnist.Load((EmnistSplit)9));
        File.WriteAllBytes(folder.File("emnist-letters-test-labels-idx1-ubyte"), [.. Idx(1), 27]);
        Should.Throw<DataFormatException>(() => Emnist.Load(EmnistSplit.Letters, train: false, folder.Path));
    }

    [Fact]
    public void Fashion_and_Kuzushiji_have_the_form_of_Mnist()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("train-images-idx3-ubyte"), [.. Idx(2, 1, 2), 0, 255, 51, 102]);
        File.WriteAllBytes(folder.File("train-labels-idx1-ubyte"), [.. Idx(2), 3, 9]);
        FashionMnist.Load(directory: folder.Path)[1][0].ToArray<float>().ShouldBe([0.2f, 0.4f], 1e-7f);
        Kmnist.Load(directory: folder.Path, normalize: true)[0][0].ToArray<float>()
            .ShouldBe([-Kmnist.Mean / Kmnist.Std, (1 - Kmnist.Mean) / Kmnist.Std], 1e-5f);
        FashionMnist.Classes[9].ShouldBe("Ankle boot");
        Should.Throw<DirectoryNotFoundException>(() => Kmnist.Load(directory: folder.File("nowhere")));
    }

    [Fact]
    public void Windows_are_stretches_and_what_comes_next()
    {
        var windows = new WindowDataset(Tensor.Arange(10), length: 4, stride: 3);
        windows.Count.ShouldBe(2);
        windows[1][0].ToArray<long>().ShouldBe([3L, 4, 5, 6]);
        windows[1][1].ToArray<long>().ShouldBe([4L, 5, 6, 7]);
        (Tensor x, Tensor y) = new DataLoader(new WindowDataset(Tensor.Rand(9, 2), 4, horizon: 2), 4).Single();
        x.Shape.ShouldBe(Shape.Of(4, 4, 2));
        x.Narrow(1, 2, 2).Eq(y.Narrow(1, 0, 2)).All().Item().ShouldBe(1);
        new WindowDataset(Tensor.Arange(4), length: 4).Count.ShouldBe(0);
        new WindowDataset(Tensor.Arange(5), length: 4).Count.ShouldBe(1);
        Should.Throw<ArgumentOutOfRangeException>(() => windows[2]).Message.ShouldContain("has 2");
    }

    [Fact]
    public void A_vocabulary_counts_characters_or_the_most_frequent_words()
    {
        Vocabulary letters = Vocabulary.OfCharacters("héllo 😀 world");
        letters.Tokens.ShouldBe([" ", "d", "h", "l", "o", "r", "w", "é", "😀"]);
        letters.Decode(letters.EncodeCharacters("hello 😀".Replace('e', 'o'))).ShouldBe("hollo 😀");
        Should.Throw<KeyNotFoundException>(() => letters.EncodeCharacters("x")).Message.ShouldContain("'x'");

        Vocabulary words = Vocabulary.OfTokens("the cat and the dog and the bird".Split(' '), minFrequency: 1, unknown: "<unk>");
        words.Tokens.ShouldBe(["<unk>", "the", "and", "bird", "cat", "dog"]);
        words.Encode(["the", "mouse"]).ToArray<long>().ShouldBe([1L, 0]);
        words.Decode(Tensor.From([1L, 4])).ShouldBe("the cat");
        Vocabulary.OfTokens(words.Tokens.Concat(words.Tokens), maxTokens: 2, specials: ["<pad>"]).Count.ShouldBe(2);
        Should.Throw<ArgumentException>(() => words.Decode(Tensor.From([6L]))).ParamName.ShouldBe("numbers");
        Should.Throw<ArgumentException>(() => new Vocabulary(["a", "a"])).Message.ShouldContain("'a'");
        Should.Throw<ArgumentException>(() => new Vocabulary(["a"], unknown: "b")).ParamName.ShouldBe("unknown");
    }

    [Fact]
    public void A_transform_is_called_whenever_an_example_is_asked_for()
    {
        int calls = 0;
        TransformedDataset doubled = new TensorDataset(Tensor.Arange(4), Tensor.Arange(4)).WithTransform(x => { calls++; return x * 2; }, y => y + 1);
        (Tensor x, Tensor y) = new DataLoader(doubled, 4).Single();
        x.ToArray<long>().ShouldBe([0L, 2, 4, 6]);
        y.ToArray<long>().ShouldBe([1L, 2, 3, 4]);
        _ = doubled[0];
        calls.ShouldBe(5);
        Should.Throw<InvalidOperationException>(() => doubled.WithTransform(_ => null!)[1]).Message.ShouldContain("transform gave null for example 1");
        Should.Throw<InvalidOperationException>(() => new TensorDataset(Tensor.Arange(4)).WithTransform(x => x, x => x)[0])
            .Message.ShouldContain("no target");
    }
}
