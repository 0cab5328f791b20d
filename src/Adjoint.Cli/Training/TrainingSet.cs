using Adjoint.Cli.Training.Language;
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

    /// <summary>The most bytes of a text: it is kept as numbers, eight times as large.</summary>
    private const long MostText = 128 << 20;

    /// <summary>The characters, where it is a text: each is a class, and what is learnt is which one comes next.</summary>
    public Vocabulary? Vocabulary { get; init; }

    /// <summary>What an example is called: image, row, stretch.</summary>
    public string Examples => Vocabulary is not null ? "stretches" : Input.Count == 3 ? "images" : "rows";

    /// <summary>What the option says of itself.</summary>
    public const string Description =
        "What to learn: mnist, fashion-mnist or kmnist; a folder with MNIST's four files or CIFAR's binary ones, or of pictures with a folder "
        + "for each class (in train and test, or a fifth is held back); a FILE.csv, whose last column is the class; or a text, FILE.txt or FILE.md, or a folder of such. By default data/mnist, here "
        + "or above.";

    private static readonly string[] s_pictures = [".png", ".jpg", ".jpeg", ".bmp"], s_tables = [".csv", ".tsv"], s_texts = [".txt", ".md"];

    /// <summary>Finds and reads it.</summary>
    /// <param name="data">A name, a folder or a file; null: MNIST.</param>
    /// <param name="side">Rows and columns that pictures of folders get.</param>
    /// <param name="isTestOnly">Whether the examples to train with may be missing; those of the test stand for them then.</param>
    /// <param name="context">Characters of a stretch of text.</param>
    /// <param name="known">The characters that a network knows; null: those of the text.</param>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static TrainingSet Load(string? data, int side, bool isTestOnly = false, int context = 64, Vocabulary? known = null)
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
            _ when isFolder && TextsIn(data!) is { Length: > 0 } texts => OfText(data!, texts, context, known),
            _ when s_texts.Contains(Path.GetExtension(data), StringComparer.OrdinalIgnoreCase) => OfText(data!, [data!], context, known),
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

    // A folder with MNIST's files may have a text beside them.
    private static string[] TextsIn(string folder) =>
        Directory.EnumerateFiles(folder).Any(file => Path.GetFileName(file).Contains("-ubyte", StringComparison.Ordinal)) ? []
        : [.. Directory.EnumerateFiles(folder).Where(file => s_texts.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)];

    /// <summary>Texts one after the other, of which the last tenth is held back to test with.</summary>
    private static TrainingSet OfText(string data, string[] files, int context, Vocabulary? known)
    {
        const double share = 0.1;
        if (files.Where(File.Exists).Sum(file => new FileInfo(file).Length) > MostText)
            throw new ArgumentException($"--data {data}: this is more text than the {MostText >> 20} MB that are learnt.");
        string text = string.Concat(files.Select(file => Read(file).ReplaceLineEndings("\n")));
        Vocabulary vocabulary = known ?? Vocabulary.OfCharacters(text);
        if (vocabulary.Count > MostClasses)
            throw new ArgumentException(
                $"--data {data}: the text has {vocabulary.Count} different characters; at most {MostClasses} are learnt.");
        long[] characters;
        try
        {
            characters = vocabulary.EncodeCharacters(text).ToArray<long>();
        }
        catch (KeyNotFoundException e)
        {
            throw new ArgumentException($"--data {data}: the text has a character that the model has not learnt: {e.Message}", e);
        }
        int held = (int)(characters.Length * share);
        TextWindows train = new(characters.AsSpan(0, characters.Length - held), context),
            test = new(characters.AsSpan(characters.Length - held), context);
        if (train.Count < 1 || test.Count < 1)
            throw new ArgumentException(
                $"--data {data}: {characters.Length} characters are too few for stretches of {context}, a tenth of them held back to test with.");
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
        return new TrainingSet(name, train, test, [context], vocabulary.Count, "character") { Vocabulary = vocabulary };

        static string Read(string file)
        {
            using var reader = new StreamReader(
                Formats.InputFile.Open(file), new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true));
            try
            {
                return reader.ReadToEnd();
            }
            catch (System.Text.DecoderFallbackException e)
            {
                throw new ArgumentException($"{file}: this is no text in UTF-8: {e.Message}", e);
            }
        }
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
