using Adjoint.Formats;

namespace Adjoint.Data;

/// <summary>
/// The four files of MNIST (or of Fashion-MNIST, which has the same form) in a directory, plain or gzipped:
/// <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c>, <c>t10k-labels-idx1-ubyte</c>,
/// or with a point, as most archives have them: <c>train-images.idx3-ubyte</c>.
/// </summary>
public sealed class MnistFiles
{
    /// <summary>Classes of the labels.</summary>
    public const int Classes = 10;

    // EMNIST has several sets in a folder, and calls the test images so.
    private readonly string _prefix, _test;
    private readonly int _classes;

    /// <summary>The files in <paramref name="directory"/>.</summary>
    /// <param name="directory">Where they are.</param>
    public MnistFiles(string directory) : this(directory, "", "t10k", Classes)
    {
    }

    internal MnistFiles(string directory, string prefix, string test, int classes) =>
        (Directory, _prefix, _test, _classes) = (directory.Given(), prefix, test, classes);

    /// <summary>Where the files are.</summary>
    public string Directory { get; }

    /// <summary>
    /// The files in <paramref name="directory"/>; without one, those in the first <c>data/mnist</c> found in the current directory or
    /// above it, and then in the program's directory or above it.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    public static MnistFiles Find(string? directory = null) => new(DataFolder.Find(directory, "mnist", "the four MNIST files"));

    /// <summary>Reads the 60,000 training images, or the 10,000 test images, and their labels.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged, or images and labels do not belong together.</exception>
    public LabelledImages Read(bool train)
    {
        string set = _prefix + (train ? "train" : _test);
        string imagesPath = Locate($"{set}-images-idx3-ubyte"), labelsPath = Locate($"{set}-labels-idx1-ubyte");
        const int dimsAt = 3, sizesAt = 4;

        // The labels first: they are few, and say how many images may be unpacked.
        IdxArray labels = IdxReader.Read(labelsPath, dims =>
        {
            if (dims.Length != 1)
                throw new DataFormatException(labelsPath, dimsAt, $"labels have 1 dimension, but this file has {dims.Length}.");
        });
        IdxArray images = IdxReader.Read(imagesPath, dims =>
        {
            if (dims.Length != 3)
                throw new DataFormatException(imagesPath, dimsAt,
                    $"images have 3 dimensions (count, rows, columns), but this file has {dims.Length}.");
            if (dims.Contains(0))
                throw new DataFormatException(imagesPath, sizesAt, $"there are no images: {string.Join("×", dims)}.");
            if (dims[0] != labels.Dims[0])
                throw new DataFormatException(imagesPath, sizesAt,
                    $"{dims[0]} images, but {labels.Dims[0]} labels in {labelsPath}; there must be one each.");
        });
        int wrong = labels.Data.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(_classes - 1));
        if (wrong >= 0)
            throw new DataFormatException(labelsPath, sizesAt + 4 + wrong,
                $"label {wrong} is {labels.Data[wrong]}; labels are 0 to {_classes - 1}.");
        return new LabelledImages(images.Dims[1], images.Dims[2], images.Data, labels.Data);
    }

    /// <summary>
    /// The file of that name, packed or plain. Most archives have a point where the original has its first hyphen before <c>idx</c>, and
    /// some unpack each file into a folder of its name.
    /// </summary>
    private string Locate(string name)
    {
        string dotted = name.Replace("-idx", ".idx");
        string[] names = [name + ".gz", name, dotted + ".gz", dotted];
        string[] places = [.. names.Select(file => Path.Combine(Directory, file))];
        if (places.FirstOrDefault(File.Exists) is { } found) return found;
        foreach (string folder in places.Where(System.IO.Directory.Exists))
            if (names.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists) is { } inside) return inside;
        // A folder of that name, or a file that must not be read, is told of by whoever opens it.
        if (places.FirstOrDefault(System.IO.Directory.Exists) is { } directory) return directory;
        string[] near = NearMisses(name);
        string advice = near.Length == 0 ? "" : $" There is {string.Join(", ", near)}; give it that name if it is meant.";
        throw new FileNotFoundException(
            $"{Path.Combine(Directory, name)}: no such file, and no {name}.gz or {dotted} beside it.{advice}",
            Path.Combine(Directory, name));
    }

    /// <summary>Files that are most likely the one of that name: of images, say, and of training.</summary>
    private string[] NearMisses(string name)
    {
        string kind = name.Contains("images") ? "image" : "label";
        string[] set = name.Contains("train") ? ["train"] : ["t10k", "test"];
        try
        {
            return [.. System.IO.Directory.EnumerateFiles(Directory).Select(file => Path.GetFileName(file))
                .Where(file => file.Contains(kind, StringComparison.OrdinalIgnoreCase)
                    && set.Any(word => file.Contains(word, StringComparison.OrdinalIgnoreCase)))
                .Order(StringComparer.Ordinal).Take(3)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
