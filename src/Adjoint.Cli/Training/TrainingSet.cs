using Adjoint.Data;
using Adjoint.Vision;

namespace Adjoint.Cli.Training;

/// <summary>What <c>--data</c> names: examples to train with, examples to test with.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Train">The examples to train with.</param>
/// <param name="Test">The examples to test with.</param>
/// <param name="Input">The shape of an input.</param>
/// <param name="Classes">How many classes.</param>
/// <param name="What">What a class is called: digit, class.</param>
internal sealed record TrainingSet(string Name, Dataset Train, Dataset Test, IReadOnlyList<int> Input, int Classes, string What = "class")
{
    /// <summary>What is held back to test with where the data does not say it: a fifth, always the same one.</summary>
    private const double TestShare = 0.2;

    private const int MostClasses = 1000;

    /// <summary>What the option says of itself.</summary>
    public const string Description =
        "What to learn: mnist, fashion-mnist or kmnist; a folder with MNIST's four files or CIFAR's binary ones, or of pictures with a folder "
        + "for each class (in train and test, or a fifth is held back); or a FILE.csv, whose last column is the class. By default data/mnist, here "
        + "or above.";

    private static readonly string[] s_pictures = [".png", ".jpg", ".jpeg", ".bmp"], s_tables = [".csv", ".tsv"];

    /// <summary>Finds and reads it.</summary>
    /// <param name="data">A name, a folder or a file; null: MNIST.</param>
    /// <param name="side">Rows and columns that pictures of folders get.</param>
    /// <param name="isTestOnly">Whether the examples to train with may be missing; those of the test stand for them then.</param>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static TrainingSet Load(string? data, int side, bool isTestOnly = false)
    {
        bool isFolder = data is not null && Directory.Exists(data);
        return data switch
        {
            null => OfMnist("MNIST", train => Mnist.Load(train), isTestOnly, "digit"),
            "mnist" when !isFolder => OfMnist("MNIST", train => Mnist.Load(train), isTestOnly, "digit"),
            "fashion-mnist" when !isFolder => OfMnist("Fashion-MNIST", train => FashionMnist.Load(train), isTestOnly),
            "kmnist" when !isFolder => OfMnist("KMNIST", train => Kmnist.Load(train), isTestOnly),
            _ when isFolder && File.Exists(Path.Combine(data, "data_batch_1.bin")) =>
                OfImages("CIFAR-10", Cifar10.Load(!isTestOnly, data), Cifar10.Load(false, data), Cifar10.Classes.Count),
            _ when isFolder && File.Exists(Path.Combine(data, "train.bin")) =>
                OfImages("CIFAR-100", Cifar100.Load(!isTestOnly, data), Cifar100.Load(false, data), 100),
            _ when isFolder && HoldsPictures(data) => OfPictures(data, side),
            _ when s_tables.Contains(Path.GetExtension(data), StringComparer.OrdinalIgnoreCase) => OfTable(data),
            _ => OfMnist("MNIST", train => Mnist.Load(train, data), isTestOnly, "digit"),
        };
    }

    private static TrainingSet OfMnist(string name, Func<bool, ImageDataset> load, bool isTestOnly, string what = "class") =>
        OfImages(name, load(!isTestOnly), load(false), MnistFiles.Classes) with { What = what };

    private static TrainingSet OfImages(string name, ImageDataset train, ImageDataset test, int classes)
    {
        if (Pixels(train) != Pixels(test))
            throw new ArgumentException(
                $"The training images have {Pixels(train)} pixels, but the test images {Pixels(test)}; are the files from the same set?");
        LabelledImages images = train.Images;
        return new TrainingSet(name, train, test, [images.Channels, images.Height, images.Width], classes);
    }

    private static int Pixels(ImageDataset set) => set.Images.Height * set.Images.Width;

    private static bool HoldsPictures(string folder)
    {
        try
        {
            return Directory.EnumerateDirectories(folder)
                .Any(inner => Directory.EnumerateFiles(inner, "*", SearchOption.AllDirectories)
                    .Any(file => s_pictures.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)));
        }
        catch (UnauthorizedAccessException)
        {
            return false;       // whoever opens it says so
        }
    }

    private static TrainingSet OfPictures(string folder, int side)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        string train = Path.Combine(folder, "train"), test = Path.Combine(folder, "test");
        if (Directory.Exists(train) && Directory.Exists(test))
        {
            (ImageDataset learnt, IReadOnlyList<string> classes) = Read(train, side);
            (ImageDataset tested, IReadOnlyList<string> others) = Read(test, side);
            return classes.SequenceEqual(others) ? OfImages(name, learnt, tested, classes.Count)
                : throw new ArgumentException(
                    $"--data {folder}: train has the classes {string.Join(", ", classes.Take(10))}, but test {string.Join(", ", others.Take(10))}.");
        }
        (ImageDataset all, IReadOnlyList<string> found) = Read(folder, side);
        LabelledImages images = all.Images;
        (int[] kept, int[] held) = Split(images.Count, folder);
        return OfImages(name, Of(images, kept), Of(images, held), found.Count);
    }

    /// <summary>All pictures of a folder, in memory, of one size.</summary>
    private static (ImageDataset Images, IReadOnlyList<string> Classes) Read(string folder, int side)
    {
        var pictures = new ImageFolder(folder, new Resize(side, side));
        if (pictures.Classes.Count > byte.MaxValue + 1)
            throw new ArgumentException($"--data {folder}: {pictures.Classes.Count} folders are more than the 256 classes that can be learnt.");
        const int channels = 3;
        byte[] pixels = new byte[checked(pictures.Count * channels * side * side)], labels = new byte[pictures.Count];
        int next = 0;
        foreach ((Tensor x, Tensor y) in new DataLoader(pictures, 16, workers: Environment.ProcessorCount, generator: new Generator(0)))
        {
            x.ToArray<byte>().CopyTo(pixels, next * channels * side * side);
            foreach (long label in y.ToArray<long>()) labels[next++] = (byte)label;
        }
        return (new ImageDataset(new LabelledImages(side, side, pixels, labels) { Channels = channels }), pictures.Classes);
    }

    private static ImageDataset Of(LabelledImages images, int[] indices)
    {
        int size = images.Channels * images.Height * images.Width;
        byte[] pixels = new byte[indices.Length * size], labels = new byte[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            images.Image(indices[i]).CopyTo(pixels.AsSpan(i * size));
            labels[i] = images.Labels[indices[i]];
        }
        return new ImageDataset(images with { Pixels = pixels, Labels = labels });
    }

    private static TrainingSet OfTable(string path)
    {
        string target = LastColumn(path);
        CsvDataset table = CsvDataset.Load(path, target, classes: true);
        if (table.Classes.Count > MostClasses)
            throw new ArgumentException(
                $"--data {path}: the last column, '{target}', has {table.Classes.Count} different values; at most {MostClasses} classes are learnt.");
        (int[] kept, int[] held) = Split(table.Count, path);
        (Tensor x, Tensor y) = table.GetBatch(kept);
        (Tensor testX, Tensor testY) = table.GetBatch(held);
        // Numbers of about one size, by what is learnt from alone.
        Tensor mean = x.Mean(0), spread = (x - mean).Square().Mean(0).Sqrt();
        spread = Tensor.Where(spread.Gt(0), spread, Tensor.OnesLike(spread));
        TensorDataset train = new((x - mean) / spread, y), test = new((testX - mean) / spread, testY);
        return new TrainingSet(Path.GetFileName(path), train, test, [table.Columns.Count], table.Classes.Count);
    }

    private static string LastColumn(string path)
    {
        using var reader = new StreamReader(Formats.InputFile.Open(path));
        return CsvDataset.ColumnsIn(reader, path)[^1];
    }

    private static (int[] Kept, int[] Held) Split(int count, string name)
    {
        int held = (int)Math.Round(count * TestShare);
        if (held < 1) throw new ArgumentException($"--data {name}: {count} examples are too few to hold some back to test with.");
        int[] order = Array.ConvertAll(Tensor.RandPerm(count, generator: new Generator(0)).ToArray<long>(), i => (int)i);
        return ([.. order[held..].Order()], [.. order[..held].Order()]);
    }
}
